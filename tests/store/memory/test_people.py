from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.app.ports.records import Credential, Delegation, FailedAttempt, Token
from engine.app.ports.store import ConflictError
from engine.store.memory.people import (
    MemoryCredentials,
    MemoryDelegations,
    MemorySignInAttempts,
    MemoryTokens,
)
from engine.store.memory.undo_log import UndoLog

NOW = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.fixture
def undo_log() -> UndoLog:
    made = UndoLog()
    made.open = True
    return made


def make_delegation(name: str) -> Delegation:
    day = date(2027, 3, 3)
    return Delegation(
        id=name, principal="a", delegate="b", first=day, last=day, begins=NOW, ends=NOW, reason="r", by="a"
    )


def test_a_delegation_that_was_undone_leaves_its_number(undo_log: UndoLog) -> None:
    known = MemoryDelegations(undo_log)
    known.add(make_delegation("z"))
    mark = undo_log.mark
    known.add(make_delegation("y"))
    known.end("z")
    undo_log.back_to(mark)
    known.add(make_delegation("a"))
    assert [(one.id, one.ended) for one in known.all()] == [("z", False), ("a", False)]
    assert undo_log.touched


def test_credentials(undo_log: UndoLog) -> None:
    known = MemoryCredentials(undo_log)
    assert not known.exist()
    known.put(Credential("a", "first", NOW))
    mark = undo_log.mark
    known.put(Credential("a", "second", NOW))
    undo_log.back_to(mark)
    assert known.exist()
    assert known.get("a") == Credential("a", "first", NOW)


def test_tokens(undo_log: UndoLog) -> None:
    known = MemoryTokens(undo_log)
    token = Token("t", "a", "", NOW, NOW, None, "0")
    known.add(token)
    with pytest.raises(ConflictError):
        known.add(token)
    mark = undo_log.mark
    assert known.revoke("t", NOW)
    assert not known.revoke("t", NOW)
    undo_log.back_to(mark)
    assert known.all("a") == [token]
    assert known.all("b") == []


def test_attempts(undo_log: UndoLog) -> None:
    known = MemorySignInAttempts(undo_log)
    for number in (10, 9, 1):
        known.add(FailedAttempt("person:a", number, NOW))
    mark = undo_log.mark
    known.drop("person:a", up_to=9)
    assert [one.number for one in known.of("person:a")] == [10]
    undo_log.back_to(mark)
    assert [one.number for one in known.of("person:a")] == [1, 9, 10]
