"""Pages about one case, for one visit: found, shown, its history, its clocks, its chain."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from page_visits import text_of, visit_of
from small_bureau import BUREAU, ERRAND, NOTE, VISIT
from workbench_fixtures import Desk, heading

from engine.app.commands import Caller
from engine.app.commands.migration.migrate_cases import migrate
from engine.app.commands.publish_definitions import Published, publish
from engine.definition.library import load_files
from engine.web.pages import cases
from engine.web.visit import Answer, PageVisit


def test_cases_are_found_by_title_and_nothing_typed_finds_none(desk: Desk) -> None:
    case = desk.bureau.start()
    assert f"/cases/{case}" in text_of(cases.search(visit_of(desk, "/cases?text=示例")))
    assert f"/cases/{case}" not in text_of(cases.search(visit_of(desk, "/cases?text=别的")))
    assert f"/cases/{case}" not in text_of(cases.search(visit_of(desk, "/cases")))


def test_a_case_is_shown_with_its_steps(desk: Desk) -> None:
    case = desk.bureau.start()
    answer = cases.show(visit_of(desk, case=case))
    assert answer.status == 200
    assert f"/cases/{case}/steps/report" in text_of(answer)


@pytest.mark.parametrize("page", [cases.show, cases.history, cases.clocks])
def test_a_case_that_is_not_there_is_refused(desk: Desk, page: Callable[[PageVisit], Answer]) -> None:
    assert page(visit_of(desk, case="visit-9")).status == 404


def test_the_history_goes_on_before_an_entry(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case = desk.bureau.start()
    desk.bureau.take(case, "report", "clerk-1", {"found": "甲", "count": 2})
    monkeypatch.setattr(cases, "PER_PAGE", 1)
    newest = text_of(cases.history(visit_of(desk, case=case)))
    assert 'href="?before=2"' in newest or "history?before=2" in newest
    oldest = text_of(cases.history(visit_of(desk, "/?before=2", case=case)))
    assert "before=1" not in oldest


def test_the_chain_of_a_case_is_verified(desk: Desk) -> None:
    case = desk.bureau.start()
    assert cases.verify(visit_of(desk, case=case)).status == 200
    assert "待走访" in text_of(cases.clocks(visit_of(desk, case=case)))
    assert heading(text_of(cases.unknown(visit_of(desk)))) == "没有这个页面"


def test_answers_a_migration_changed_are_shown_until_whoever_has_the_task_has_looked(desk: Desk) -> None:
    case = desk.bureau.start()
    desk.bureau.take(case, "report", "clerk-1", {"found": "甲", "count": 2})
    assert "换版后有变动" not in text_of(cases.show(visit_of(desk, case=case)))
    asked = NOTE + "  - day: {title: 日期, type: date}\n"
    loaded = load_files(
        {"bureau.yaml": BUREAU, "note.yaml": asked, "visit.yaml": VISIT, "errand.yaml": ERRAND}
    )
    application = desk.bureau.application
    assert isinstance(publish(application, Caller("head-1"), loaded), Published)
    migrate(application, Caller("head-1"), "visit")
    shown = text_of(cases.show(visit_of(desk, person="chief-1", case=case)))
    assert "记录 · 日期" in shown
    assert "新增必填，尚未填" in shown
    assert cases.review(visit_of(desk, person="clerk-1", typed={}, case=case)).status == 403
    assert "记录 · 日期" in text_of(cases.show(visit_of(desk, person="chief-1", case=case)))
    assert cases.review(visit_of(desk, person="chief-1", typed={}, case=case)).status == 303
    assert "换版后有变动" not in text_of(cases.show(visit_of(desk, person="chief-1", case=case)))
    assert cases.review(visit_of(desk, person="chief-1", typed={}, case=case)).status != 303
