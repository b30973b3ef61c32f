"""Each attack in the tables of the threat model has a test that tries it; the pages in both languages have the same rows."""

from __future__ import annotations

import re
from functools import cache

import pytest
from running_documents import ROOT

PAGES = [ROOT / "docs/explanation" / name for name in ("threats.md", "threats.zh-CN.md")]
ONE, ACCESS = "tests/app/access/test_one_person.py", "tests/app/access"
CHEATING, ROWS = "tests/draw/v2/test_cheating.py", "tests/app/audit/test_verify_rows.py"
HEADS, PUBLIC = "tests/app/audit/signed_heads", "tests/app/audit/signed_heads/test_public_files.py"
AGREEMENT = "tests/app/draws/registers/test_register_agreement.py"
PROOF = "tests/app/draws/registers/test_register_roster.py"
STATEMENTS = "tests/app/audit/test_statements.py"
SEALED = "tests/app/registers/test_sealed_values.py"
#: Rows, by their order under each heading: the test that tries the attack. None: nothing a program could try.
TRIED: dict[str, list[str | None]] = {
    "Access": [
        "tests/deployment/test_own_database.py::test_a_home_of_ones_own_does_not_open_the_bureaus_database",
        "tests/cli/test_new_file.py::test_what_stands_there_is_left_alone",
        f"{ONE}::test_where_there_is_a_second_person_nothing_is_done_by_one",
        f"{ONE}::test_where_there_is_a_second_person_nothing_is_done_by_one",
        f"{ACCESS}/test_scopes.py::test_with_a_token_nobody_makes_tokens_or_sets_passwords",
        "tests/app/commands/test_credentials.py::test_one_password_tried_on_everybody_locks_its_origin",
        f"{ACCESS}/test_query.py::test_nobody_unknown_reads",
        "tests/app/draws/v2/test_attacks.py::test_a_party_of_ones_own_a_stamp_and_a_letter_are_no_signature",
        f"{ACCESS}/test_recorded_readings.py::test_who_sees_private_columns_is_recorded_once_a_day",
        "tests/app/draws/test_draws_embargo.py::test_the_list_stays_inside_until_it_is_revealed",
        f"{ACCESS}/test_case_access.py::test_another_section_is_told_what_is_told_of_a_case_there_is_not",
        f"{ONE}::test_whoever_made_the_visit_does_not_pass_it",
        f"{ONE}::test_nobody_signs_for_two",
        f"{ONE}::test_a_second_account_of_one_person_is_shown_to_the_second_who_agrees",
        "tests/app/commands/test_registers.py::test_nobody_moves_to_another_section_or_becomes_an_inspector_by_one",
        "tests/app/commands/test_registers.py::test_the_second_person_cannot_be_sent_on_leave",
        "tests/cli/definitions/test_only_published_files_act.py::test_an_edited_template_prints_and_an_edited_page_shows_nothing_before_it_is_published",
    ],
    "The draw": [
        f"{CHEATING}::test_a_bent_commitment_is_found_within_257_tries_and_draws_nothing",
        f"{CHEATING}::test_a_source_that_is_known_or_chosen_is_refused",
        f"{CHEATING}::test_whoever_types_another_text_voids_the_draw_in_public",
        f"{CHEATING}::test_a_signature_got_after_the_draw_day_does_not_count",
        f"{CHEATING}::test_an_open_commitment_lapses_in_public_and_draws_no_more",
        f"{CHEATING}::test_custodians_cannot_stop_a_draw_alone_nor_hand_in_something_else",
        "tests/app/draws/registers/test_register_agreement.py::test_a_commitment_waits_for_somebody_else_to_agree",
        "tests/cli/registers/test_changes.py::test_no_profile_brings_private_columns_elsewhere",
        f"{CHEATING}::test_a_roster_cannot_be_changed_after_the_commitment",
        f"{CHEATING}::test_a_draw_without_an_anchor_says_so_everywhere",
        f"{CHEATING}::test_a_party_signs_only_a_log_that_goes_on_from_its_last_head",
        "tests/acceptance/test_public_leavers.py::test_a_leaver_is_told_only_where_the_draw_passes_him_over",
        "tests/acceptance/test_public_joins.py::test_a_paper_with_a_firm_beside_its_ticket_or_lot_is_named",
        "tests/acceptance/test_public_joins.py::test_numbers_in_the_order_of_ids_tell_no_more_than_a_guess",
        "tests/draw/v2/test_guessing.py::test_the_teams_of_a_small_batch_are_not_found_by_trying_all",
    ],
    "Who can be drawn": [
        f"{AGREEMENT}::test_all_but_his_friends_on_leave_before_the_commitment",
        f"{AGREEMENT}::test_a_certificate_a_label_and_a_recusal_are_agreed_to",
        f"{PROOF}::test_another_import_in_the_place_of_the_agreed_one_is_not_agreed_to",
        f"{PROOF}::test_a_firm_that_takes_the_code_of_another_is_agreed_to",
        f"{PROOF}::test_whoever_entered_it_confirms_it_by_no_delegation_and_imports_under_no_other_name",
        f"{PROOF}::test_whatever_decides_the_draw_is_found_where_it_was_changed_for_the_commitment",
        "tests/app/draws/v2/test_cases.py::test_cases_that_were_started_for_others_are_found",
        "tests/app/draws/v2/test_attacks.py::test_who_asked_to_void_a_draw_is_whom_the_history_names",
        "tests/app/draws/v2/test_attacks.py::test_nobody_lets_a_draw_lapse_by_suspending_its_case",
        f"{PROOF}::test_an_entry_that_says_all_was_agreed_to_is_none_where_no_case_has_that_commitment",
        f"{PROOF}::test_an_entry_of_a_register_changed_by_sql_for_the_commitment_and_put_back_is_agreed_to_by_nobody",
        f"{PROOF}::test_an_agreement_whose_salt_was_taken_out_is_asked_for_anew",
        "tests/cli/registers/test_register.py::test_a_profile_of_the_bureau",
        f"{PROOF}::test_who_looks_at_telephones_by_the_preview_of_an_import_is_recorded",
        f"{PROOF}::test_a_mark_taken_out_of_the_settings_is_on_the_case_all_the_same",
    ],
    "The history": [
        f"{ROWS}::test_a_change_of_any_column_a_row_more_and_a_row_less_are_found",
        "tests/app/audit/test_daily_check.py::test_an_old_entry_changed_is_found_on_the_night_that_reads_everything",
        "tests/app/audit/test_verify_rows_schema.py::test_a_trigger_is_found_by_the_check_of_everything_and_by_that_of_a_night",
        "tests/cli/system/test_calendar_import.py::test_a_year_copied_into_the_folder_is_named_until_it_is_taken_up",
        "tests/app/audit/test_verify_rows_indexes.py::test_rows_an_index_does_not_lead_to_are_found",
        "tests/app/audit/test_values_of_any_kind.py::test_a_value_of_any_kind_is_a_finding_of_its_own",
        "tests/deployment/test_daemon_tasks.py::test_a_night_without_a_result_is_an_incident_whatever_ended_it",
        f"{HEADS}/test_verification.py::test_an_overtaken_statement_taken_out_or_copied_shows_once_a_head_was_kept",
        "tests/app/audit/test_daily_check.py::test_a_record_of_a_later_time_than_now_makes_it_due",
        f"{HEADS}/test_verification.py::test_a_statement_made_anew_with_its_hash",
        f"{PUBLIC}::test_what_was_changed_shows",
        f"{PUBLIC}::test_another_history_by_the_same_key_does_not_pass_for_the_one_that_was_kept",
        f"{HEADS}/test_verification.py::test_what_is_wrong_is_named",
        f"{PUBLIC}::test_a_lost_key_and_an_unsigned_head_are_said",
        "tests/app/audit/kit/test_verify_head.py::test_what_does_not_fit",
        f"{HEADS}/test_overdue_heads.py::test_a_head_that_waits_for_a_day_is_named_until_it_is_sent",
        f"{PUBLIC}::test_another_history_by_the_same_key_does_not_pass_for_the_one_that_was_kept",
        f"{ROWS}::test_the_last_case_taken_out_with_its_number_and_the_seals_is_found",
        f"{ROWS}::test_the_last_case_taken_out_with_its_number_and_the_seals_is_found",
        "tests/app/daemons/test_retention.py::test_on_the_day_and_not_before",
        f"{ROWS}::test_a_change_of_any_column_a_row_more_and_a_row_less_are_found",
    ],
    "Signing and forgetting": [
        "tests/lifecycle/test_signers.py::test_whoever_the_form_names_and_may_not_sign_stops_it",
        "tests/workflows/test_inspection_walks.py::test_a_visit_is_finished_when_the_second_inspector_has_signed",
        "tests/office/test_office_verbs.py::test_nobody_signs_twice_by_standing_in",
        f"{ONE}::test_nobody_drops_those_who_have_to_sign_with_him",
        f"{ROWS}::test_a_change_of_any_column_a_row_more_and_a_row_less_are_found",
        f"{SEALED}::test_past_its_term_it_is_gone_and_the_history_says_so",
        "tests/operations/test_forgotten_everywhere.py::test_a_period_run_out",
        "tests/operations/test_forgotten_everywhere.py::test_values_that_were_confirmed_and_proposed",
        "tests/operations/test_forgotten_everywhere.py::test_a_list_that_cannot_be_read_stops_the_restore",
        "tests/app/registers/test_forgetting.py::test_the_night_after_the_terms_and_the_list_of_before",
        "tests/operations/test_encrypted_backup.py::test_damage_is_found_by_the_note",
        "tests/operations/test_encrypted_backup.py::test_it_is_opened_with_the_key_alone",
    ],
    "What new parts open, and rows that look right": [
        "tests/app/commands/migration/test_migrate_cases.py::test_two_agree_to_what_is_done_and_to_nothing_else",
        f"{ROWS}::test_a_role_added_by_hand_is_found_after_the_entry_was_written_over",
        f"{STATEMENTS}::test_a_row_that_is_in_no_entry_of_its_history_shows",
        f"{STATEMENTS}::test_a_paper_a_publication_and_the_record_of_a_file_are_written_with_an_entry",
        f"{STATEMENTS}::test_a_statement_made_long_does_not_hide_a_row",
        f"{STATEMENTS}::test_rows_this_program_never_removes_are_not_removed_by_a_statement",
        "tests/deployment/test_own_database.py::test_a_mode_that_was_taken_out_is_taken_over_again_with_an_entry",
        None,
        f"{STATEMENTS}::test_rows_taken_over_without_the_others_of_their_table_show",
        None,
        f"{ACCESS}/test_proposals.py::test_a_row_that_says_confirmed_is_no_agreement",
        "tests/app/delivery/test_overdue_messages.py::test_a_message_put_off_is_named_and_one_that_was_sent_is_not",
        "tests/app/history/test_refusal_texts.py::test_nothing_that_was_typed_is_in_the_entry",
        "tests/deployment/jobs/test_handlers.py::test_nothing_is_written_into_the_deployment_or_its_public_site",
        "tests/app/jobs/test_worker.py::test_a_fault_of_the_program_fails_its_piece_and_nothing_behind_it",
        "tests/cli/system/test_backup.py::test_a_token_that_was_revoked_since_does_not_come_back",
        None,
        f"{CHEATING}::test_custodians_cannot_stop_a_draw_alone_nor_hand_in_something_else",
        f"{ONE}::test_nobody_signs_alone_by_naming_himself",
        "tests/app/audit/test_kept_definitions.py::test_another_definition_than_the_text_is_found",
        None,
        None,
    ],
}


def rows(page: int) -> list[list[str]]:
    """Return the first cells of the rows of each table of attacks, heading by heading."""
    text = PAGES[page].read_text(encoding="utf-8")
    tables = re.split(r"^### ", text, flags=re.MULTILINE)[1:]
    return [
        [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("|")][2:]
        for table in tables
    ]


@cache
def source(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def whole(page: int) -> list[list[list[str]]]:
    """Return the cells of the rows of every table, heading by heading; headings without one are left out."""
    text = PAGES[page].read_text(encoding="utf-8")
    tables = [
        [
            [cell.strip() for cell in line.strip("| ").split(" | ")]
            for line in part.splitlines()
            if line.startswith("|")
        ][2:]
        for part in re.split(r"^##+ ", text, flags=re.MULTILINE)
    ]
    return [table for table in tables if table]


def test_both_languages_have_the_same_rows() -> None:
    """What a program, a file, a command or a number is called is the same in a row and its twin."""
    english, chinese = whole(0), whole(1)
    assert [len(table) for table in english] == [len(table) for table in chinese]
    assert all(
        len(row) == len(twin)
        for table, other in zip(english, chinese, strict=True)
        for row, twin in zip(table, other, strict=True)
    )
    unlike = []
    for table, other in zip(english, chinese, strict=True):
        for row, twin in zip(table, other, strict=True):
            named = [set(re.findall(r"`(ssj [a-z-]+(?: [a-z]+)?)", " ".join(one))) for one in (row, twin)]
            if named[0] != named[1]:
                unlike.append((row[0], named))
    assert unlike == []


def test_every_attack_says_who_notices() -> None:
    """The last column of the tables of attacks is a person with something in hand, or says that there is nobody."""
    for page in (0, 1):
        attacks = whole(page)[2:]
        silent = [row[0] for table in attacks for row in table if row[-1].strip("–— ") == ""]
        assert silent == []


def test_every_row_has_its_test() -> None:
    assert [len(table) for table in rows(0)] == [len(tests) for tests in TRIED.values()]
    assert [len(table) for table in rows(1)] == [len(tests) for tests in TRIED.values()]


@pytest.mark.parametrize(
    "name", sorted({one for tests in TRIED.values() for one in tests if one is not None})
)
def test_the_test_is_there(name: str) -> None:
    file, _, function = name.partition("::")
    assert f"def {function}(" in source(file), name
