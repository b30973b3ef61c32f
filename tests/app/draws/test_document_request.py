"""What a template is rendered from."""

from __future__ import annotations

from typing import Any

import pytest
from draws_fixtures import Desk

from engine.app.draws.document_request import request_for
from engine.store.sql.repositories.events import SqlEvents


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


def test_the_history_of_the_case_is_read_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.committed()
    with desk.unit() as uow:
        case, read = desk.case(), list[str]()
        of = SqlEvents.of

        def counting(events: SqlEvents, stream: str, **more: Any) -> Any:
            read.append(stream)
            return of(events, stream, **more)

        monkeypatch.setattr(SqlEvents, "of", counting)
        found = request_for(uow, case, "commitment")
        assert read == [case.id]
        assert found.signatures() == []
        assert read == [case.id]
