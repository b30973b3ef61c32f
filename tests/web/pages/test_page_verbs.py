"""A verb on a case, for one visit: asked for its arguments, done, refused."""

from __future__ import annotations

from page_visits import text_of, visit_of
from workbench_fixtures import Desk

from engine.web.pages import verbs


def test_a_verb_is_done_and_leads_to_its_receipt(desk: Desk) -> None:
    case = desk.bureau.start()
    assert verbs.show(visit_of(desk, case=case, verb="claim")).status == 200
    done = verbs.show(visit_of(desk, typed={}, case=case, verb="claim"))
    assert (done.status, done.headers["Location"]) == (303, f"/cases/{case}/receipt?number=2")


def test_who_may_not_reads_why(desk: Desk) -> None:
    case = desk.bureau.start()
    typed = {"to": "clerk-2", "reason": "换人"}
    assert verbs.show(visit_of(desk, "/", "clerk-1", typed, case=case, verb="reassign")).status == 403


def test_arguments_are_needed_and_of_their_type(desk: Desk) -> None:
    case = desk.bureau.start()
    asked = text_of(verbs.show(visit_of(desk, "/", "chief-1", case=case, verb="extend")))
    assert 'value="there"' in asked
    for typed in ({"reason": "因"}, {"clock": "there", "by": "three", "reason": "因"}):
        answer = verbs.show(visit_of(desk, "/", "chief-1", typed, case=case, verb="extend"))
        assert answer.status == 422


def test_what_is_no_verb_and_no_case_is_not_found(desk: Desk) -> None:
    assert verbs.show(visit_of(desk, case=desk.bureau.start(), verb="dance")).status == 404
    assert verbs.show(visit_of(desk, case="visit-9", verb="claim")).status == 404
