"""Answers typed with the command, and the rest of the check rows; with a deployment: tests/acceptance/test_typed.py."""

from __future__ import annotations

from typing import Any

import pytest

from engine.app.worklist.case_view import StepView
from engine.cli.cases.answers import set_answers
from engine.cli.cases.answers.set_answers import is_key, with_rest
from engine.cli.exits import CommandError
from engine.lifecycle.model.form import CheckRow, Field, FieldType, Form


def row(name: str, *items: str) -> CheckRow:
    return CheckRow(id=name, title=name, points="要点", basis="某法 第一条", items=items)


def question(name: str, title: str) -> Field:
    return Field(name=name, title=title, type=FieldType.TEXT)


CHECK = Form(
    id="check", title="检查表", fields=(), rows=(row("rules", "LD-01"), row("wages", "GZ-01"), row("other"))
)
FORM = Form(
    id="visit",
    title="检查记录",
    fields=(question("place", "地点"), question("by", "经办人"), question("of", "经办人")),
)


def step() -> StepView:
    return StepView("visit", "检查", (), FORM, (CHECK,), False, (), None, key_items=("GZ-01",))


def test_the_rest_is_in_order_but_for_rows_of_key_items() -> None:
    given: dict[str, Any] = {"items": {"check": {"rows": {"other": "fail"}}}}
    rows = with_rest(given, step())["items"]["check"]["rows"]
    assert rows == {"other": "fail", "rules": {"answer": "pass", "note": "其余各项：符合"}}
    assert given == {"items": {"check": {"rows": {"other": "fail"}}}}


def test_a_row_of_no_item_is_of_no_key_item() -> None:
    assert [is_key(one, ("GZ-01",)) for one in CHECK.rows] == [False, True, False]


def test_a_question_is_found_by_its_name_or_by_a_title_no_other_has() -> None:
    assert set_answers._question(FORM, "place").name == "place"
    assert set_answers._question(FORM, "地点").name == "place"
    for name in ("经办人", "楼层"):
        with pytest.raises(CommandError, match="没有"):
            set_answers._question(FORM, name)


@pytest.mark.parametrize("word", ["地点", "=二楼", " =二楼"])
def test_what_is_no_name_and_value_is_refused(word: str) -> None:
    with pytest.raises(CommandError, match="应写成"):
        set_answers._split(word)


def test_a_value_may_hold_the_sign() -> None:
    assert set_answers._split("地点 = a=b ") == ("地点", "a=b")
