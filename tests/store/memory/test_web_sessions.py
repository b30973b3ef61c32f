"""Sessions of the workbench in memory."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.app.ports.records import WebSession
from engine.app.ports.store import ConflictError
from engine.store.memory.undo_log import UndoLog
from engine.store.memory.web_sessions import MemoryWebSessions

NOW = datetime(2027, 3, 3, 1, tzinfo=UTC)


def test_an_ended_session_is_undone_with_its_transaction() -> None:
    undo_log = UndoLog()
    known = MemoryWebSessions(undo_log)
    session = WebSession("s", "session", "a", "password", NOW, NOW, None, "0")
    undo_log.open = True
    known.add(session)
    with pytest.raises(ConflictError):
        known.add(session)
    mark = undo_log.mark
    assert known.end("s", NOW)
    undo_log.back_to(mark)
    assert known.all("a") == [session]
