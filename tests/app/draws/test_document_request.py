"""What a template is rendered from."""

from __future__ import annotations

from draws_fixtures import Desk

from engine.app.draws.document_request import request_for


def test_a_request_has_the_draw_of_the_case(desk: Desk) -> None:
    desk.committed()
    with desk.unit() as uow:
        case = desk.case()
        found = request_for(uow, case, "commitment")
    assert (found.template, found.case, found.number) == ("commitment", case, "")
    assert (found.internal, found.dated) == (case.id, found.today)
    assert found.draw is not None
    digests = desk.record().parsed.digests()
    assert (found.draw["commitment_sha256"], found.draw["excluded"]) == (digests.sha256, {})
    assert found.today.isoformat() == "2026-03-02"


def test_a_case_without_a_draw_has_none(desk: Desk) -> None:
    with desk.unit() as uow:
        assert request_for(uow, desk.case(), "commitment").draw is None
