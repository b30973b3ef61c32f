"""Conditions as rows: shown, changed in their place of the text, refused in words."""

from __future__ import annotations

import re

from page_visits import text_of, visit_of
from studio_texts import changed, working
from workbench_fixtures import Desk

from engine.definition.condition_rows.places import conditions_in
from engine.web.pages.studio import conditions
from engine.web.pages.studio.conditions import files_with_conditions, place_at
from engine.yamltext.source import read_source


def listed(desk: Desk, query: str = "") -> str:
    return text_of(
        conditions.show(visit_of(desk, f"/studio/visit/conditions{query}", "head-1", workflow="visit"))
    )


def place(desk: Desk, text: str) -> str:
    found = working(desk)
    every = conditions_in(read_source("a", found.texts[found.own]).root)
    return next(place_at(one) for one in every if one.text == text)


def sent(desk: Desk, was: str, do: str = "write", **typed: str) -> object:
    form = {"at": place(desk, was), "was": was, "joined": "and", "do": do, **typed}
    return conditions.show(visit_of(desk, "/", "head-1", form, workflow="visit"))


def test_the_conditions_are_listed_as_rows(desk: Desk) -> None:
    text = listed(desk)
    assert "数量不足两件" in text
    assert re.search(r"<strong>数量</strong> 不小于（不早于） <span class=\"chip\">2</span>", text)
    assert dict(files_with_conditions(working(desk)))["visit.workflow.yaml"] >= 2
    assert conditions.show(visit_of(desk, "/?file=x", workflow="visit")).status == 404
    assert "这一条已经不在原处" in listed(desk, "?at=1-1")


def test_a_row_is_changed_and_nothing_else(desk: Desk) -> None:
    before = working(desk)
    at = place(desk, "form.count >= 2")
    assert 'name="q0"' in listed(desk, f"?at={at}")
    answer = sent(desk, "form.count >= 2", q0="form.count", o0=">=", v0="3", q1="form.found", o1="filled")
    assert answer.status == 303  # type: ignore[attr-defined]
    after = working(desk)
    assert after.texts[after.own] == before.texts[before.own].replace(
        "form.count >= 2", "form.count >= 3 and filled(form.found)"
    )
    assert "已写进文字" in listed(desk, f"?done={at}")


def test_rows_that_say_the_same_leave_the_text_alone(desk: Desk) -> None:
    changed(desk, "form.count >= 2", "form.count  >=  2")
    sent(desk, "form.count  >=  2", q0="form.count", o0=">=", v0="2")
    assert "form.count  >=  2" in working(desk).texts["visit.workflow.yaml"]


def test_what_is_no_row_is_refused_in_words(desk: Desk) -> None:
    for typed, words in (
        ({"q0": "form.count", "o0": "has", "v0": "2"}, "不能这样比"),
        ({"q0": "form.count", "o0": ">=", "v0": ""}, "请写值"),
        ({"q0": "form.count", "o0": "?", "v0": ""}, "请选怎样比较"),
        ({"q0": "form.count", "o0": ">=", "v0": "= ("}, "请写值"),
        ({}, "至少要有一行"),
    ):
        answer = sent(desk, "form.count >= 2", **typed)
        assert answer.status == 422, typed  # type: ignore[attr-defined]
        assert words in text_of(answer), typed  # type: ignore[arg-type]
    assert working(desk).changed == []


def test_the_rows_follow_the_question(desk: Desk) -> None:
    text = text_of(sent(desk, "form.count >= 2", "show", q0="form.found", o0=">=", v0="2"))  # type: ignore[arg-type]
    assert "是其中之一" in text
    assert working(desk).changed == []


def test_a_condition_that_was_changed_elsewhere_is_not_written_over(desk: Desk) -> None:
    typed = {"at": place(desk, "form.count >= 2"), "was": "form.count >= 1", "do": "write"}
    assert conditions.show(visit_of(desk, "/", "head-1", typed, workflow="visit")).status == 409


def test_groups_are_shown_changed_and_taken_away(desk: Desk) -> None:
    nested = "form.count >= 2 and (filled(form.found) or not (form.count == 7))"
    changed(desk, "form.count >= 2", nested)
    text = listed(desk)
    assert "一组：有一行成立" in text
    assert '<li class="in-2">' in text
    form = listed(desk, f"?at={place(desk, nested)}")
    assert form.count('value="group:or" selected') == 1
    # A row of the innermost group is changed, and one is added to the group around it.
    lines = {
        "d0": "0", "q0": "form.count", "o0": ">=", "v0": "3",
        "d1": "0", "q1": "group:or",
        "d2": "1", "q2": "form.found", "o2": "filled",
        "d3": "1", "q3": "group:not or",
        "d4": "2", "q4": "form.count", "o4": "==", "v4": "8",
        "d5": "2", "q5": "",
        "d6": "1", "q6": "form.count", "o6": "<", "v6": "5",
    }  # fmt: skip
    assert sent(desk, nested, **lines).status == 303  # type: ignore[attr-defined]
    now = "form.count >= 3 and (filled(form.found) or not (form.count == 8) or form.count < 5)"
    assert now in working(desk).texts["visit.workflow.yaml"]
    # A group that is not wanted goes with what is in it.
    assert sent(desk, now, **{**lines, "q1": ""}).status == 303  # type: ignore[attr-defined]
    assert "form.count >= 3, else" in working(desk).texts["visit.workflow.yaml"]


def test_a_group_needs_a_row(desk: Desk) -> None:
    answer = sent(desk, "form.count >= 2", d0="0", q0="group:not and")
    assert answer.status == 422  # type: ignore[attr-defined]
    text = text_of(answer)  # type: ignore[arg-type]
    assert "一组里至少要有一行" in text
    assert "在这一组里加一行" in text


def test_the_outermost_may_be_denied(desk: Desk) -> None:
    typed = {"joined": "not or", "q0": "form.count", "o0": "<", "v0": "2"}
    assert sent(desk, "form.count >= 2", **typed).status == 303  # type: ignore[attr-defined]
    assert "not (form.count < 2)" in working(desk).texts["visit.workflow.yaml"]
    assert "一组：没有一行成立" in listed(desk)
