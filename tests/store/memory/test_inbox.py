from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from engine.app.ports.records import InboxEntry
from engine.store.memory.inbox import MemoryInbox
from engine.store.memory.undo_log import UndoLog

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def make(name: str, recipient: str = "p", minutes: int = 0) -> InboxEntry:
    return InboxEntry(
        id=name,
        recipient=recipient,
        case="c",
        about="remind",
        title="甲",
        text="乙",
        urgent=True,
        created_at=NOW + timedelta(minutes=minutes),
    )


def test_entries_are_kept_as_they_came_and_given_back() -> None:
    undo_log = UndoLog()
    undo_log.open = True
    inbox = MemoryInbox(undo_log)
    one, two = make("a"), make("b", minutes=5)
    inbox.put([one, two, make("c"), make("d", "q")])
    inbox.put([replace(one, text="other")])
    assert inbox.of("p") == [two, make("c"), one]
    assert inbox.of("p", limit=2) == [two, make("c")]
    assert inbox.of("nobody") == []
    mark = undo_log.mark
    assert inbox.ack("p", ["a"], NOW) == ["a"]
    inbox.put([make("e")])
    undo_log.back_to(mark)
    assert [entry.id for entry in inbox.of("p", unacked=True)] == ["b", "c", "a"]


def test_only_ones_own_entries_are_marked_and_once() -> None:
    undo_log = UndoLog()
    undo_log.open = True
    inbox = MemoryInbox(undo_log)
    inbox.put([make("a"), make("b"), make("c", "q")])
    shanghai = timezone(timedelta(hours=8))
    at = datetime(2027, 3, 1, 9, tzinfo=shanghai)
    assert inbox.ack("p", ["c", "b", "b", "z"], at) == ["b"]
    assert inbox.ack("p", ["b"], at + timedelta(days=1)) == []
    assert [entry.acked_at for entry in inbox.of("p")] == [NOW + timedelta(hours=1), None]
    assert [entry.id for entry in inbox.of("p", unacked=True)] == ["a"]
    assert inbox.of("q") == [make("c", "q")]


def test_instants_without_a_zone_are_refused() -> None:
    undo_log = UndoLog()
    undo_log.open = True
    inbox = MemoryInbox(undo_log)
    naive = datetime(2027, 3, 1)  # noqa: DTZ001 - what must be refused
    with pytest.raises(ValueError, match="naive"):
        inbox.ack("p", [], naive)
    with pytest.raises(ValueError, match="naive"):
        inbox.put([replace(make("a"), created_at=naive)])
    assert inbox.of("p") == []
