"""The shipped forms: nothing answered by default, nothing public that should not be, a source for every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from engine.definition.library import Library, load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.documents.duties import cited
from engine.lifecycle.forms.item_rows import form_of_items
from engine.lifecycle.model.form import Form
from engine.synthetic.registers import sample_items

#: Rows that a section of the bureau added, which rest on no law and order nothing.
OWN_ROWS = {"enrolment", "subsidy"}
ITEM_FORMS = ("employment_check", "hr_agency_check", "dispatch_check", "training_school_check")


@pytest.fixture(scope="module")
def library() -> Library:
    return load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")]).library


#: Everything a public page may show; nothing else leaves.
PUBLIC: dict[str, set[str]] = {
    "annual_plan": {"number", "title", "year", "batches"},
    "plan_revision": {"title", "changes", "because", "cancelled_batches", "added_batches"},
    "batch_plan": {
        *("number", "title", "draw_type", "item_codes", "object_scope", "inspect_from", "inspect_to"),
        *(
            "scheme",
            "ratios",
            "least",
            "team_size",
            "no_anchor",
            "sources",
            "sources_reason",
            "cap",
        ),
        *("min_each", "experts_each"),
    },
    "draw_void": {"reason_code", "facts"},
    "objection_check": {"result_codes", "findings_withdrawn", "remark", "explanation"},
    "onsite_check": {"finished_on"},
    "unreachable": {"finished_on"},
    "gone": {"finished_on"},
    "no_activity": {"finished_on"},
    "uncooperative": {"finished_on"},
    "result_entry": {"result_codes", "remark"},
    "publication": {"channels", "late_reason"},
    "case_decision": {"kind", "decided_on"},
    "penalty_result": {"note"},
    "follow_up_result": {"route", "done", "done_on"},
    "supervision_plan": {"ratio", "no_anchor", "sources", "sources_reason"},
    "circular": {"title", "body"},
}


def test_only_what_may_be_public_is_public(library: Library) -> None:
    seen = {form.id: {f.name for f in form.fields if f.public} for form in library.forms.values()}
    assert {name: fields for name, fields in seen.items() if fields} == PUBLIC


def test_no_person_is_public(library: Library) -> None:
    def walk(form: Form) -> Iterator[str]:
        for field in form.fields:
            if field.public:
                yield field.type.value
                yield from (column.type.value for column in field.columns)

    for form in library.forms.values():
        assert not {"person", "persons", "file", "files"} & set(walk(form)), form.id
    for name, workflow in library.workflows.items():
        for field in workflow.fields.values():
            assert not (field.public and field.type.value in ("person", "persons")), (name, field.name)


def test_item_forms_are_check_lists_with_a_source_for_every_row(library: Library) -> None:
    for name in ITEM_FORMS:
        form = library.form(name)
        assert len(form.rows) >= 9
        for row in form.rows:
            assert row.points
            assert row.basis
            assert row.method


def test_two_inspectors_are_asked_for_wherever_law_asks_for_two(library: Library) -> None:
    team = library.form("batch_plan").field("team_size")
    assert team is not None
    assert [c.message for c in team.constraints] == ["每户至少两名检查人员"]
    sixteen = [
        requirement.message
        for name in ("batch", "inspection", "follow_up", "training", "library")
        for transition in library.workflow(name).transitions
        for requirement in transition.require
        if "第十六条" in (requirement.basis or "") and "两" in requirement.message
    ]
    assert len(sixteen) >= 7


def test_the_documents_of_a_criminal_referral_are_all_asked_for(library: Library) -> None:
    asked = {f.name for f in library.form("criminal_transfer").fields if f.required}
    documents = {"transfer_letter", "investigation_report", "item_list", "test_report", "other_materials"}
    assert documents <= asked


def test_an_item_asks_nothing_but_what_its_notice_cites(library: Library) -> None:
    """A visit asks, and publishes the result of, what was notified: no row cites an article that its item does not."""
    asked: dict[str, set[str]] = {name: set() for name in ITEM_FORMS}
    for item in sample_items():
        notified = _articles(str(item.data["basis"]))
        for row in form_of_items(library.form(str(item.data["form"])), [item.id]).rows:
            asked[str(item.data["form"])].add(row.id)
            if row.id not in OWN_ROWS:
                unheard = _articles(row.basis) - notified
                assert not unheard, (item.id, row.id, unheard)
    for name, rows in asked.items():
        assert rows == {row.id for row in library.form(name).rows}, name


def test_each_row_belongs_to_one_item_or_its_form_does(library: Library) -> None:
    """A row of no item would be asked of every visit, and its answer published as the result of each item."""
    forms = Counter(str(item.data["form"]) for item in sample_items())
    for name, items in forms.items():
        if items > 1:
            assert all(row.items for row in library.form(name).rows), name


def test_what_else_is_found_is_a_clue_and_not_public(library: Library) -> None:
    clues = next(field for field in library.form("onsite_check").fields if field.name == "clues")
    assert not clues.public
    assert not clues.required


def _articles(basis: str) -> set[tuple[str, str]]:
    """Return the articles a basis cites; of a law of which no article was read, the law."""
    return {(one.law or one.text, number) for one in cited(basis) for number in one.numbers or ("",)} - {
        ("劳务派遣行政许可实施办法", "")
    }
