"""Drafts of a step: kept by a button and by the page, met again, and of two windows neither eats the other."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

from page_visits import visit_of
from workbench_fixtures import GOOD, Desk

from engine.web.pages.file import drafts
from engine.web.pages.steps import show
from engine.web.visit import Answer

HALF = {"q.found": "漏签合同两份", "q.phone": "139"}


def send(desk: Desk, case: str, do: str | None, **typed: str) -> Answer:
    how = None if do is None else {"do": do, **typed}
    return show(visit_of(desk, "/", typed=how, case=case, step="report"))


def mark(answer: Answer) -> str:
    found = re.search(r'name="draft_mark" value="([^"]*)"', answer.body.decode())
    assert found is not None
    return found[1]


def test_what_was_saved_is_met_again(desk: Desk) -> None:
    case = desk.bureau.start()
    assert mark(send(desk, case, None)) == ""
    saved = send(desk, case, "save", **HALF)
    assert "草稿已保存" in saved.body.decode()
    again = send(desk, case, None)
    text = again.body.decode()
    assert "漏签合同两份" in text
    assert "存的草稿" in text
    assert mark(again) == mark(saved) != ""
    assert "漏签" not in show(visit_of(desk, "/", "clerk-2", case=case, step="report")).body.decode()
    send(desk, case, "confirm", **GOOD)
    with desk.bureau.application.store.read() as transaction:
        assert transaction.drafts.of("clerk-1") == []


def test_the_page_saves_and_is_told_when(desk: Desk) -> None:
    case = desk.bureau.start()
    answer = send(desk, case, "autosave", draft_mark="", **HALF)
    told = json.loads(answer.body)
    assert told["saved"] == "10:00"
    desk.bureau.clock.advance(timedelta(minutes=1))
    refused = send(desk, case, "autosave", draft_mark="2020-01-01T00:00:00.000000Z", **HALF)
    assert refused.status == 409
    assert "另一个窗口" in json.loads(refused.body)["wrong"]
    assert json.loads(send(desk, case, "autosave", draft_mark=told["mark"], **HALF).body)["saved"] == "10:01"


def test_two_windows_show_both_texts_and_neither_is_lost(desk: Desk) -> None:
    case = desk.bureau.start()
    send(desk, case, "save", **{"q.found": "第一个窗口"})
    answer = send(desk, case, "save", draft_mark="", **{"q.found": "第二个窗口"})
    text = answer.body.decode()
    assert "第一个窗口" in text
    assert "第二个窗口" in text
    assert "以我刚填的为准" in text
    with desk.bureau.application.store.read() as transaction:
        assert transaction.drafts.of("clerk-1")[0].answers == {"found": "第一个窗口"}
    send(desk, case, "save", draft_mark=mark(answer), **{"q.found": "第二个窗口"})
    with desk.bureau.application.store.read() as transaction:
        assert transaction.drafts.of("clerk-1")[0].answers == {"found": "第二个窗口"}


def test_a_refused_step_clears_nothing_and_keeps_its_mark(desk: Desk) -> None:
    case = desk.bureau.start()
    refused = send(desk, case, "check", draft_mark="m", **{"q.found": "无", "q.count": "1"})
    assert refused.status == 422
    assert mark(refused) == "m"


def test_an_older_draft_is_offered_and_not_filled_in(desk: Desk) -> None:
    case = desk.bureau.start()
    send(desk, case, "save", **HALF)
    desk.bureau.take(case, "report", "clerk-2", {"found": "甲", "count": 2})
    desk.bureau.clock.advance(timedelta(minutes=5))
    desk.bureau.take(case, "send_back", "chief-1", reason="补充")
    text = send(desk, case, None).body.decode()
    assert "旧草稿" in text
    assert "漏签合同两份" not in text
    older = show(visit_of(desk, "/?older=1", case=case, step="report"))
    assert "漏签合同两份" in older.body.decode()


def test_an_older_draft_is_not_lost_when_something_is_typed_into_the_blank_form(desk: Desk) -> None:
    case = desk.bureau.start()
    send(desk, case, "save", **HALF)
    desk.bureau.take(case, "report", "clerk-2", {"found": "甲", "count": 2})
    desk.bureau.clock.advance(timedelta(minutes=5))
    desk.bureau.take(case, "send_back", "chief-1", reason="补充")
    seen = mark(send(desk, case, None))
    refused = send(desk, case, "autosave", draft_mark=seen, **{"q.found": "新"})
    assert refused.status == 409
    assert "旧草稿还在" in json.loads(refused.body)["wrong"]
    beside = send(desk, case, "save", draft_mark=seen, **{"q.found": "新"})
    assert "漏签合同两份" in beside.body.decode()
    with desk.bureau.application.store.read() as transaction:
        assert transaction.drafts.of("clerk-1")[0].answers["found"] == "漏签合同两份"
    # Whoever has seen both may keep the new one.
    send(desk, case, "save", draft_mark=mark(beside), **{"q.found": "新"})
    with desk.bureau.application.store.read() as transaction:
        assert transaction.drafts.of("clerk-1")[0].answers["found"] == "新"


def test_the_mark_of_a_form_that_was_sent_is_that_of_its_writer(desk: Desk) -> None:
    visit = visit_of(desk, typed={"draft_mark": "seen"})
    assert drafts.mark_of(visit, None, saved=False, shown=False) == "seen"
    assert drafts.mark_of(visit, None, saved=True, shown=False) == ""
    assert drafts.mark_of(replace(visit, method="GET"), None, saved=False, shown=False) == ""
