"""Rows to keep: made up, with texts that are hard to keep (Chinese, outside the BMP, quotes, line breaks)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from engine.app.ports.audit.personal_values import PersonalValue
from engine.app.ports.audit.readings import PersonalReading
from engine.app.ports.records import (
    Delegation,
    Heartbeat,
    InboxEntry,
    OutboxItem,
    RegisterEntry,
    Task,
    Timer,
    Token,
    WebSession,
)
from engine.lifecycle.case import Case, RunningClock
from engine.lifecycle.chain import GENESIS, Event, follow

NOW = datetime(2027, 3, 1, 1, 2, 3, 456789, tzinfo=UTC)
NAIVE = datetime(2027, 3, 1, 9, 0)  # noqa: DTZ001 - what must be refused
SHANGHAI = timezone(timedelta(hours=8))
#: A character outside the BMP, quotes of two kinds, a line break, a backslash and a zero character.
HARD = "𠮷野家“双随机”'\";\n\\u0041\u0007é\u2028"
#: Ids in the order of their bytes; other orders (of a language, of UTF-16) put them elsewhere.
IN_BYTES = ["A-10", "A-9", "Z", "a", "a-1", "é", "一", "丁", "Ａ", "\ufffd", "𠮷"]


def after(**time: int) -> datetime:
    """Return an instant after NOW."""
    return NOW + timedelta(**time)


def make_case(case_id: str = "inspection-1", **more: Any) -> Case:
    """Return a case that has just begun."""
    values: dict[str, Any] = {
        "id": case_id,
        "workflow": "inspection",
        "version": 1,
        "state": "assigned",
        "rev": 1,
        "head": "a" * 64,
        "title": "抽查检查",
        "section": "labour",
        "opened_at": NOW,
        "entered_at": NOW,
    }
    return Case(**{**values, **more})


def full_case() -> Case:
    """Return a case with everything a case can have."""
    clock = RunningClock(
        started_at=NOW,
        counted_from=after(hours=1),
        due_on=date(2027, 3, 15),
        due_at=after(days=14),
        provisional=True,
        step=2,
        next_at=after(days=11, microseconds=1),
        times_extended=1,
        extended_by=5,
    )
    return make_case(
        "inspection-full",
        parent="batch-1",
        closed_at=after(days=3),
        suspended_at=after(days=2, microseconds=999_999),
        assignee="p-1",
        title=HARD,
        subject={"id": "甲-1", "name": HARD},
        fields={"count": 3, "big": 10**30, "flag": False, "none": None, "list": [1, {"深": ["层"]}]},
        forms={"onsite": {"signed_by": ["p-1", "p-2"], "note": HARD}},
        parties={"inspectors": ("p-2", "p-1"), "empty": ()},
        clocks={"state": clock},
    )


def make_chain(stream: str, count: int, *, since: Event | None = None, kind: str = "advanced") -> list[Event]:
    """Return the next `count` events of a stream."""
    out: list[Event] = []
    seq, previous = (since.seq, since.hash) if since else (0, GENESIS)
    for _ in range(count):
        seq += 1
        out.append(follow(stream, seq, after(seconds=seq), "p-1", kind, {"n": seq, "note": HARD}, previous))
        previous = out[-1].hash
    return out


def make_task(case: str = "inspection-1", key: str = "p:p-1", **more: Any) -> Task:
    """Return a task due in ten days."""
    values: dict[str, Any] = {
        "case": case,
        "key": key,
        "workflow": "inspection",
        "state": "assigned",
        "title": "现场检查",
        "case_title": HARD,
        "section": "labour",
        "assignee": None,
        "due_on": date(2027, 3, 11),
        "due_at": after(days=10),
        "provisional": False,
        "opened_at": NOW,
    }
    return Task(**{**values, **more})


def make_timer(case: str = "inspection-1", name: str = "state", **more: Any) -> Timer:
    """Return a timer due in an hour."""
    return Timer(**{"case": case, "name": name, "at": after(hours=1), **more})


def make_outgoing(item_id: str = "inspection-1:1:1", **more: Any) -> OutboxItem:
    """Return a message that waits."""
    values: dict[str, Any] = {
        "id": item_id,
        "kind": "message",
        "channel": "log",
        "recipient": "p-1",
        "case": "inspection-1",
        "payload": {"text": HARD, "n": 1},
        "created_at": NOW,
    }
    return OutboxItem(**{**values, **more})


def make_inbox(entry_id: str = "inspection-1:1:1", **more: Any) -> InboxEntry:
    """Return a message in the inbox of p-1, not yet acknowledged."""
    values: dict[str, Any] = {
        "id": entry_id,
        "recipient": "p-1",
        "case": "inspection-1",
        "about": "reminded",
        "title": "抽查检查",
        "text": HARD,
        "urgent": False,
        "created_at": NOW,
    }
    return InboxEntry(**{**values, **more})


def make_entry(entry_id: str = "甲-1", kind: str = "objects", **more: Any) -> RegisterEntry:
    """Return an entry of a register."""
    return RegisterEntry(
        **{
            "kind": kind,
            "id": entry_id,
            "name": HARD,
            "section": None,
            "data": {"等级": "A", "n": [1]},
            **more,
        }
    )


def make_delegation(delegation_id: str = "delegation-1", **more: Any) -> Delegation:
    """Return a delegation for the days after tomorrow."""
    values: dict[str, Any] = {
        "id": delegation_id,
        "principal": "p-1",
        "delegate": "p-2",
        "first": date(2027, 3, 3),
        "last": date(2027, 3, 5),
        "begins": after(days=1),
        "ends": after(days=4),
        "reason": HARD,
        "by": "p-1",
    }
    return Delegation(**{**values, **more})


def make_token(name: str = "0a1b2c3d", **more: Any) -> Token:
    """Return a token of p-1 that is good for thirty days."""
    values: dict[str, Any] = {
        "id": name,
        "person": "p-1",
        "label": HARD,
        "created_at": NOW,
        "expires_at": after(days=30),
        "revoked_at": None,
        "sha256": "0" * 64,
    }
    return Token(**{**values, **more})


def make_reading(person: str = "p-1", **more: Any) -> PersonalReading:
    """Return a record that a person was shown the register of inspectors."""
    values: dict[str, Any] = {
        "day": "2026-03-02",
        "person": person,
        "use_case": "register.read",
        "about": "inspectors",
        "at": NOW,
        "credential": "password",
        "columns": ("cert_no", "phone"),
        "rows": 3,
    }
    return PersonalReading(**{**values, **more})


def make_personal_value(name: str = "v-1", **more: Any) -> PersonalValue:
    """Return the old and the new telephone number of an inspector, kept apart from the history."""
    values: dict[str, Any] = {
        "id": name,
        "subject": "inspectors/insp-01",
        "at": NOW,
        "key": "ab" * 16,
        "values": {"phone.old": HARD, "phone.new": "13900000000"},
    }
    return PersonalValue(**{**values, **more})


def make_session(name: str = "5e551000", **more: Any) -> WebSession:
    """Return a session of p-1 that is good for twelve hours."""
    values: dict[str, Any] = {
        "id": name,
        "kind": "session",
        "person": "p-1",
        "credential": "password",
        "made_at": NOW,
        "expires_at": after(hours=12),
        "ended_at": None,
        "sha256": "0" * 64,
    }
    return WebSession(**{**values, **more})


def make_heartbeat(name: str = "host-a:1", **more: Any) -> Heartbeat:
    """Return a heartbeat of now."""
    return Heartbeat(**{"name": name, "at": NOW, "version": "0.1.0", **more})


def ids(rows: Sequence[Any]) -> list[str]:
    """Return the ids of rows."""
    return [row.id for row in rows]
