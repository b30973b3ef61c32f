"""Instants, cases and chains for the tests of the SQL store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.app.ports.records import OutboxItem, Task, Timer
from engine.lifecycle.case import Case
from engine.lifecycle.chain import GENESIS, Event, follow

NOW = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)


def first_event(case_id: str) -> Event:
    """Return the beginning of a history."""
    return follow(case_id, 1, NOW, "p-1", "started", {"n": 1}, GENESIS)


def case_at(last: Event) -> Case:
    """Return a case that stands where its last event left it."""
    return Case(
        id=last.stream,
        workflow="inspection",
        version=1,
        state=f"s{last.seq % 3}",
        rev=last.seq,
        head=last.hash,
        title="抽查检查",
        section=None,
        opened_at=NOW,
        entered_at=last.at,
        fields={"n": last.seq},
    )


def next_event(last: Event, actor: str = "p-1") -> Event:
    """Return the event after `last`."""
    at = NOW + timedelta(seconds=last.seq)
    return follow(last.stream, last.seq + 1, at, actor, "advanced", {"n": last.seq + 1}, last.hash)


def task_at(last: Event) -> Task:
    """Return the task of a case after `last`; its title names the revision."""
    return Task(
        last.stream, "p:p-1", "inspection", "s", str(last.seq), "", None, None, None, NOW, False, last.at
    )


def timer_at(last: Event) -> Timer:
    """Return the timer of a case after `last`; its instant names the revision."""
    return Timer(last.stream, "state", NOW + timedelta(days=last.seq))


def outgoing_at(last: Event) -> OutboxItem:
    """Return the message about `last`."""
    return OutboxItem(
        id=f"{last.stream}:{last.seq}:1",
        kind="message",
        channel="log",
        recipient="p-1",
        case=last.stream,
        payload={"n": last.seq},
        created_at=last.at,
    )
