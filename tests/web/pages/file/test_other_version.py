"""A form opened before its case went to another version: kept as what it is, shown beside the form of now, never taken in silence."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from page_visits import text_of, visit_of
from small_bureau import NOTE
from workbench_fixtures import Desk, desk

from engine.web.pages.file.other_version import is_other, version_typed
from engine.web.pages.steps import show
from engine.web.visit import Answer

#: The question of the phone is gone, that of the count is another one, and there is a new one.
OTHER = """\
form: note
title: 记录
fields:
  - found: {title: 发现的问题, public: true}
  - count: {title: 件数, type: integer, min: 0}
  - place: {title: 地点, optional: true}
"""
TYPED = {"q.found": "漏签合同两份", "q.phone": "139", "q.count": "3", "form_version": "1"}


@pytest.fixture
def moved() -> tuple[Desk, str]:
    """Return a desk whose case went to version 2, and the case."""
    made = desk()
    case = made.bureau.start()
    opened = text_of(show(visit_of(made, "/", case=case, step="report")))
    assert value(opened, "form_version") == "1"
    made.other_form(OTHER)
    return made, case


def value(text: str, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', text)
    assert found is not None
    return found[1]


def send(made: Desk, case: str, do: str, **typed: str) -> Answer:
    return show(visit_of(made, "/", typed={"do": do, **typed}, case=case, step="report"))


def drafts(made: Desk) -> list[tuple[int, Any]]:
    with made.bureau.application.store.read() as transaction:
        return [(one.version, one.answers) for one in transaction.drafts.of("clerk-1")]


def state(made: Desk, case: str) -> tuple[str, Any]:
    with made.bureau.application.store.read() as transaction:
        found = transaction.cases.get(case)
    assert found is not None
    return found.state, dict(found.forms)


WHOLE = {"found": "漏签合同两份", "phone": "139", "count": "3"}


def test_the_page_keeps_it_as_a_draft_of_its_version_and_says_so(moved: tuple[Desk, str]) -> None:
    made, case = moved
    answer = send(made, case, "autosave", draft_mark="", **TYPED)
    told = json.loads(answer.body)
    assert answer.status == 409
    assert "您填的是第 1 版流程的表" in told["wrong"]
    assert drafts(made) == [(1, WHOLE)]
    # What is typed on goes on being kept, with the mark the page was given.
    more = {**TYPED, "q.found": "漏签合同三份"}
    made.bureau.clock.advance(timedelta(minutes=1))
    again = json.loads(send(made, case, "autosave", draft_mark=told["mark"], **more).body)
    assert again["mark"] != told["mark"]
    assert drafts(made) == [(1, {**WHOLE, "found": "漏签合同三份"})]
    # Another window's draft is not written over.
    send(made, case, "autosave", draft_mark=told["mark"], **TYPED)
    assert drafts(made)[0][1]["found"] == "漏签合同三份"


@pytest.mark.parametrize("do", ["save", "check", "confirm", "edit"])
def test_both_are_shown_and_nothing_is_taken(moved: tuple[Desk, str], do: str) -> None:
    made, case = moved
    answer = send(made, case, do, draft_mark="", **TYPED)
    text = text_of(answer)
    assert answer.status == 409
    assert state(made, case) == ("there", {})
    assert drafts(made) == [(1, WHOLE)]
    rows = re.findall(r"<tr><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td></tr>", text)
    assert rows == [
        ("发现", "漏签合同两份", "–"),
        ("电话", "139", "–"),
        ("数量", "3", "–"),
        ("发现的问题", "–", "漏签合同两份"),
        ("件数", "–", "3"),
    ]
    assert "已按第 1 版存成旧草稿" in text
    # The form of now is filled in with what it takes over, and is sent as what it is.
    assert (value(text, "form_version"), value(text, "draft_mark") != "") == ("2", True)
    now = {"q.found": "漏签合同两份", "q.count": "3", "q.place": "一号", "form_version": "2"}
    checked = send(made, case, "check", draft_mark=value(text, "draft_mark"), **now)
    assert checked.status == 200
    assert value(text_of(checked), "form_version") == "2"
    assert send(made, case, "confirm", **now).status == 303
    assert state(made, case)[1]["note"]["place"] == "一号"
    assert drafts(made) == []


def test_an_older_draft_is_met_with_both_beside_each_other(moved: tuple[Desk, str]) -> None:
    made, case = moved
    send(made, case, "autosave", draft_mark="", **TYPED)
    first = text_of(show(visit_of(made, "/", case=case, step="report")))
    assert "存草稿时是第 1 版流程，现在是第 2 版" in first
    assert "漏签合同两份" not in first
    older = text_of(show(visit_of(made, "/?older=1", case=case, step="report")))
    assert "两版对照" in older
    assert "139" in older


def test_a_draft_of_another_window_is_not_replaced(moved: tuple[Desk, str]) -> None:
    made, case = moved
    now = {"q.found": "新填的", "form_version": "2"}
    assert send(made, case, "save", draft_mark="", **now).status == 200
    text = text_of(send(made, case, "check", draft_mark="", **TYPED))
    assert drafts(made) == [(2, {"found": "新填的"})]
    assert "139" in text
    assert "存成旧草稿" not in text
    assert value(text, "draft_mark") == ""


def test_what_was_typed_for_a_step_that_is_done_is_shown(moved: tuple[Desk, str]) -> None:
    made, case = moved
    made.bureau.take(case, "report", "clerk-2", {"found": "甲", "count": 2})
    for do in ("check", "confirm"):
        text = text_of(send(made, case, do, **TYPED))
        assert "没有保存；还要用的请从这里复制" in text
        assert "漏签合同两份" in text
        assert "139" in text


def test_a_form_of_this_version_and_one_that_says_none_are_taken(moved: tuple[Desk, str]) -> None:
    made, case = moved
    view = type("View", (), {"case": type("Case", (), {"version": 2})})
    for text, version, other in (("2", 2, False), ("1", 1, True), ("", None, False), ("１", None, False)):
        visit = visit_of(made, typed={"form_version": text})
        assert (version_typed(visit), is_other(visit, view)) == (version, other)  # type: ignore[arg-type] # no more is looked at
    assert send(made, case, "confirm", **{"q.found": "乙", "q.count": "2"}).status == 303


def test_a_form_of_a_version_there_is_none_of_keeps_nothing(moved: tuple[Desk, str]) -> None:
    made, case = moved
    assert send(made, case, "save", draft_mark="", **{**TYPED, "form_version": "7"}).status == 409
    assert drafts(made) == []
    assert NOTE != OTHER
