"""Attempts to bend a draw: each is refused with its reason, and stands in the draw's own log for ever."""

from __future__ import annotations

from dataclasses import replace

from draws_fixtures import BATCH, CHIEF, DICE, OTHER, Desk

from engine.draw.drawing import revealed
from engine.draw.kit import kit_files, read_kit
from engine.draw.verification import verify

CONFIRMED = {"entropy": DICE, "seen_original": True}
VOID = {"applicant": "drawer", "reason_code": "roster_error", "facts": "漏导一个片区", "evidence": "比对表"}


def noted(desk: Desk, step: str, actor: str, sentence: str) -> None:
    """The last refusal in the log of the draw is this one, and the log still verifies."""
    last = desk.attempts()[-1]
    assert (last.step, last.actor) == (step, actor)
    assert sentence in "".join(last.reasons)
    assert verify(desk.record()).ok
    shown = desk.done("draw", "show", BATCH)
    assert step in shown
    assert sentence in shown


def test_a_second_draw_is_refused_and_noted(desk: Desk) -> None:
    desk.drawn()
    before = desk.record().visits
    said = desk.step("draw_objects", "witness", {"entropy": OTHER, "seen_original": True})
    assert said.code == 1
    noted(desk, "draw_objects", "witness", "待单位确认")
    assert desk.record().visits == before


def test_a_new_commitment_after_the_result_was_seen_is_refused_and_noted(desk: Desk) -> None:
    desk.complete()
    assert desk.step("commit_draw", "drawer").code == 1
    noted(desk, "commit_draw", "drawer", "回避核查")
    assert desk.row().number == 1


def test_entropy_typed_again_after_the_draw_is_refused_and_noted(desk: Desk) -> None:
    desk.drawn()
    assert desk.step("type_entropy", "drawer", desk.entropy(OTHER)).code == 1
    noted(desk, "type_entropy", "drawer", "待单位确认")


def test_a_roster_edited_after_the_commitment_is_refused_and_noted(desk: Desk) -> None:
    desk.committed()
    record = desk.record()
    lines = record.objects.splitlines(keepends=True)
    desk.tamper(replace(record, objects=b"".join([*lines[:5], *lines[6:]])))
    desk.typed()
    said = desk.step("draw_objects", "witness", CONFIRMED)
    assert said.code == 1
    assert "检查对象名册在承诺之后被改动" in said.err
    assert "检查对象名册在承诺之后被改动" in "".join(desk.attempts()[-1].reasons)
    assert desk.record().selection is None


def test_entropy_of_the_wrong_form_is_refused_and_noted(desk: Desk) -> None:
    short = DICE[:-1]
    desk.committed().typed(short)
    said = desk.step("draw_objects", "witness", {"entropy": short, "seen_original": True})
    assert "骰子应有 24 位，实有 23 位" in said.err
    noted(desk, "draw_objects", "witness", "骰子应有 24 位，实有 23 位")
    desk.takes("retype_entropy", "witness", reason="少写一位")
    desk.typed()
    desk.takes("draw_objects", "witness", CONFIRMED)
    assert verify(desk.record()).ok


def test_entropy_that_came_about_before_the_commitment_is_refused_and_noted(desk: Desk) -> None:
    desk.committed()
    desk.takes("type_entropy", "drawer", desk.entropy(minutes=-60))
    said = desk.step("draw_objects", "witness", CONFIRMED)
    assert said.code == 1
    noted(desk, "draw_objects", "witness", "早于承诺公布")


def test_the_same_entropy_after_a_void_is_refused_and_noted(desk: Desk) -> None:
    desk.drawn()
    desk.takes("void_draw", "deputy", VOID, reason="名册有误")
    desk.committed().typed()
    said = desk.step("draw_objects", "witness", CONFIRMED)
    assert "已用于第 1 次抽取" in said.err
    noted(desk, "draw_objects", "witness", "已用于第 1 次抽取")


def test_a_void_without_reason_is_refused_and_noted(desk: Desk) -> None:
    desk.drawn()
    said = desk.step("void_draw", "deputy", VOID)
    assert said.code == 1
    noted(desk, "void_draw", "deputy", "理由")
    assert not desk.record().void


def test_a_wrong_removal_is_refused_and_noted(desk: Desk) -> None:
    desk.drawn()
    nobody = {"checked": True, "removals": [{"object": "X1", "reason": "cancelled", "evidence": "登记截图"}]}
    said = desk.step("confirm_list", CHIEF, nobody)
    assert said.code == 1
    noted(desk, "confirm_list", CHIEF, "X1")


def test_a_trial_run_of_a_command_notes_nothing(desk: Desk) -> None:
    desk.drawn()
    assert desk.ssj("task", "advance", BATCH, "commit_draw", "--as", "drawer", "--dry-run").code == 1
    assert desk.attempts() == []


def test_the_kit_tells_of_refused_attempts_and_verifies(desk: Desk) -> None:
    desk.complete()
    desk.step("commit_draw", "drawer")
    record, damage = read_kit(kit_files(desk.record()))
    assert not damage
    assert revealed(record)
    assert verify(record).ok
    assert b'"kind":"refused"' in kit_files(record)["log.jsonl"]


def test_what_has_no_draw_yet_is_noted_in_the_history_alone(desk: Desk) -> None:
    assert desk.step("draw_objects", "witness", CONFIRMED).code == 1
    assert desk.ssj("draw", "show", BATCH).code == 1
    assert '"refused"' in desk.done("case", "history", BATCH, "--json")


def test_a_replacement_refused_on_a_visit_is_noted_with_the_draw_of_its_batch(desk: Desk) -> None:
    desk.complete()
    passed = {"declared": 0, "declared_excluded": True, "all_trained": True}
    desk.takes("pass_recusal_check", "witness", passed)
    desk.takes("dispatch", CHIEF)
    made_at = desk.row().made_at
    assert desk.step("approve_change", CHIEF, {"opinion": "同意"}, case="inspection-1").code == 1
    assert (desk.attempts()[-1].step, desk.attempts()[-1].actor) == ("approve_change", CHIEF)
    assert desk.row().made_at == made_at
