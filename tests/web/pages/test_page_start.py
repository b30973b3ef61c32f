"""Starting a case by hand, for one visit: what may be started, what is asked, what is refused."""

from __future__ import annotations

from page_visits import text_of, visit_of
from workbench_fixtures import Desk

from engine.app.queries.cases import list_cases
from engine.web.pages import start


def test_only_what_one_may_start_is_listed(desk: Desk) -> None:
    assert "/start/visit" in text_of(start.choose(visit_of(desk, "/start")))
    assert "/start/visit" not in text_of(start.choose(visit_of(desk, "/start", "head-1")))


def test_a_workflow_one_may_not_start_is_not_found(desk: Desk) -> None:
    assert start.show(visit_of(desk, "/start/visit", "head-1", workflow="visit")).status == 404
    assert start.show(visit_of(desk, "/start/errand", workflow="errand")).status == 404


def test_looking_at_the_page_or_adding_rows_starts_nothing(desk: Desk) -> None:
    for typed in (None, {"title": "甲店"}, {"do": "rows:q.x"}):
        assert start.show(visit_of(desk, "/start/visit", typed=typed, workflow="visit")).status == 200
    assert list_cases(desk.bureau.application, "clerk-1") == []


def test_a_case_is_started_once_for_one_request(desk: Desk) -> None:
    typed = {"do": "start", "title": " 甲店 ", "about": "people:clerk-2", "request_id": "web-1"}
    for _ in range(2):
        answer = start.show(visit_of(desk, "/start/visit", typed=typed, workflow="visit"))
        assert (answer.status, answer.headers["Location"]) == (303, "/cases/visit-1/receipt?number=1")
    found = list_cases(desk.bureau.application, "clerk-1")
    assert isinstance(found, list)
    assert [(case.title, case.subject["id"]) for case in found] == [("甲店", "clerk-2")]


def test_what_it_is_about_must_be_in_the_register(desk: Desk) -> None:
    typed = {"do": "start", "title": "甲店", "about": "people:nobody"}
    answer = start.show(visit_of(desk, "/start/visit", typed=typed, workflow="visit"))
    assert answer.status == 422
    assert "名录“people”中没有“nobody”" in text_of(answer)
    assert 'value="甲店"' in text_of(answer)
    assert list_cases(desk.bureau.application, "clerk-1") == []
