"""What the public sees, and the three ways to correct."""

from __future__ import annotations

from page_visits import text_of, visit_of
from workbench_fixtures import Desk

from engine.app.queries.cases import show_case
from engine.app.worklist.case_view import TaskView
from engine.web.pages.file import public


def test_what_was_published_as_the_public_reads_it(desk: Desk) -> None:
    case = desk.bureau.start()
    assert "公众看不到这件案件" in text_of(public.show(visit_of(desk, case=case)))
    desk.bureau.take(case, "report", "clerk-1", {"found": "漏签", "count": 3, "phone": "13900000000"})
    desk.bureau.take(case, "accept", "chief-1")
    text = text_of(public.show(visit_of(desk, case=case)))
    assert "漏签" in text
    assert "单人办理" not in text
    assert "13900000000" not in text
    # Titles and texts, no keys of the record.
    assert "workflow_title" not in text
    assert "'title'" not in text


def test_what_is_published_by_rules_of_one_person_says_so(desk: Desk) -> None:
    desk.publish_alone()
    case = desk.bureau.start()
    desk.bureau.take(case, "report", "clerk-1", {"found": "漏签", "count": 3, "phone": "13900000000"})
    desk.bureau.take(case, "accept", "chief-1")
    assert "单人办理" in text_of(public.show(visit_of(desk, case=case)))


def test_three_ways_apart_and_why_one_cannot_be_gone(desk: Desk) -> None:
    case = desk.bureau.start()
    text = text_of(public.correct(visit_of(desk, case=case)))
    assert text.count("公众看到的") == 3
    view = show_case(desk.bureau.application, "clerk-1", case)
    assert isinstance(view, TaskView)
    add, result, again = public.ways(view)
    assert add.address == f"/cases/{case}/evidence"
    for way in (result, again):
        assert way.address is None
        assert way.why_not is not None
