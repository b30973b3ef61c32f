"""Rows of sessions of the workbench as the database has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.app.ports.records import WebSession
from engine.app.ports.store import ConflictError
from engine.store.sql.repositories.people.web_sessions import SqlWebSessions
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import web_session

NOON, TEXT = datetime(2026, 3, 2, 4, tzinfo=UTC), "2026-03-02T04:00:00.000000Z"


def test_a_session_is_added_once_and_ended_once(
    store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    one = WebSession("s-1", "session", "a", "password", NOON, NOON, None, "0" * 64)
    with store.write() as transaction:
        assert isinstance(transaction.web_sessions, SqlWebSessions)
        transaction.web_sessions.add(one)
        with pytest.raises(ConflictError, match="s-1"):
            transaction.web_sessions.add(replace(one, person="b"))
        assert transaction.web_sessions.end("s-1", NOON)
        assert not transaction.web_sessions.end("s-1", NOON)
        assert not transaction.web_sessions.end("s-2", NOON)
        assert transaction.web_sessions.all("a") == [replace(one, ended_at=NOON)]
        assert transaction.web_sessions.all("b") == []
    assert rows(web_session) == [("s-1", "session", "a", "password", TEXT, TEXT, TEXT, "0" * 64)]
