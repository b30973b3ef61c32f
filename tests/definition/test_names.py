"""The names expressions may use, and their types."""

from __future__ import annotations

from dataclasses import replace

from parts import CHILD, OWN, VISIT, WORLD

from engine.definition.expressions import ANYTHING
from engine.definition.names import FAILED_ROW, PERSON, SUBJECT, answers, form_names, workflow_names
from engine.definition.symbols import FormOutline, SymbolTable
from engine.definition.types import ANY, DATE, NUMBER, SHARE, TEXT, coded, list_of
from engine.lifecycle.effects import REGISTERS
from engine.lifecycle.forms.answers import ROW_ANSWERS

CHECKED = FormOutline("checked", {"on": DATE}, ("contract", "wages"))


def test_answers_are_the_fields_of_a_form() -> None:
    found = answers("visit", WORLD)
    assert dict(found.columns) == dict(VISIT.fields or {})
    assert found.open is False
    assert answers("visit", WORLD) is found


def test_a_check_list_has_rows_and_counts_what_failed() -> None:
    found = answers("checked", SymbolTable({"checked": CHECKED})).columns
    assert set(found["rows"].columns) == {"contract", "wages"}
    assert found["rows"].columns["wages"].columns["answer"] == coded(ROW_ANSWERS)
    assert found["problems"] == list_of(FAILED_ROW)
    assert found["problem_count"] == NUMBER
    assert found["items"] == ANY


def test_nothing_is_known_of_a_form_that_is_missing_or_broken() -> None:
    assert answers("none", WORLD) == ANY
    assert answers("x", SymbolTable({"x": FormOutline("x", None)})) == ANY


def test_names_of_a_workflow() -> None:
    names = workflow_names(OWN, WORLD)
    case = names["case"].columns
    assert case["risk"] == TEXT
    assert case["state"] == coded(OWN.states)
    assert WORLD.bureau is not None
    assert case["section"] == coded(WORLD.bureau.sections)
    assert set(names["forms"].columns) == {"visit"}
    assert set(names["children"].columns) == {"demo", "child"}
    assert set(names["clocks"].columns) == {"open", "overall"}
    assert names["clocks"].columns["open"].columns["due_on"] == DATE
    assert names["inspectors"] == list_of(PERSON)
    assert names["subject"] == SUBJECT
    assert names["targets"].columns == {"coverage": SHARE}
    assert set(names["registers"].columns) == set(REGISTERS)
    roles = names["actor"].columns["roles"].item
    assert roles is not None
    assert roles.choices == {role.id: role.title for role in WORLD.bureau.roles.values()}
    assert "form" not in names
    assert workflow_names(OWN, replace(WORLD, partial=True))["children"] == ANY


def test_without_a_bureau_codes_are_texts() -> None:
    names = workflow_names(OWN, SymbolTable())
    assert names["case"].columns["section"] == TEXT
    assert names["targets"] == names["kpi"] == ANY
    assert names["actor"].columns["section"] == TEXT


def test_a_form_knows_the_workflows_that_fill_it() -> None:
    names = form_names("visit", WORLD)
    assert names["form"] == answers("visit", WORLD)
    assert names["case"].columns["urgent"] == OWN.fields["urgent"]
    assert (names["case"].open, names["clocks"].open) == (False, False)
    assert set(names["clocks"].columns) == {"open", "overall"}
    assert "inspectors" in names
    assert "handlers" not in names
    assert set(names["forms"].columns) == {"visit"}
    assert ANYTHING not in names


def test_of_a_form_nobody_fills_little_is_known() -> None:
    names = form_names("other", WORLD)
    assert set(names) >= set(OWN.parties) | set(CHILD.parties)
    assert (names["case"].open, names["clocks"].open) == (True, True)
    assert names["form"] == ANY
    partial = form_names("visit", replace(WORLD, partial=True, worked_out={}))
    assert partial[ANYTHING] == ANY
    assert partial["case"].open is True
    assert partial["forms"].open is True
