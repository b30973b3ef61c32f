"""Messages before the end of a file's time; `tests/deployment/test_daemon_tasks.py` holds that the daemon sends them."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from visit_of_items import visit_of_items

from engine.app.papers import retention_messages
from engine.app.papers.retention import KeptUntil
from engine.app.papers.retention_messages import send_retention_messages
from engine.app.ports.retention import RetentionState
from engine.app.session.unit_of_work import UnitOfWork


def test_who_was_told_is_told_again_only_where_the_end_has_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    application, case = visit_of_items(done=True)
    until = [date(2024, 10, 1)]
    state = [RetentionState.KEPT]
    monkeypatch.setattr(
        retention_messages,
        "kept_until",
        lambda uow, found: KeptUntil(
            case=found.id,
            title=found.title,
            state=state[0],
            since=None,
            until=until[0],
            notice=date(2024, 9, 1),
        ),
    )
    monkeypatch.setattr(
        UnitOfWork,
        "process",
        lambda *_: SimpleNamespace(workflow=SimpleNamespace(archive=True)),
    )

    def told() -> list[Any]:
        send_retention_messages(
            application, lambda transaction, section: ["anna"] if section == "north" else []
        )
        with application.store.read() as transaction:
            return [one.id for one in transaction.inbox.of("anna") if one.about == "retention"]

    assert told() == told() == [f"retention:{case}:2024-10-01:anna"]
    until[0] = date(2024, 12, 1)
    assert len(told()) == 2
    state[0] = RetentionState.BIN
    assert send_retention_messages(application, lambda *_: ["bela"]) == 0
