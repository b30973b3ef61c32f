"""The rows the office keeps, as plain values. Instants are aware and in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Task:
    """待办: what the holders of `key` must do on a case now.

    `key` is ``p:<person>``, ``r:<role>`` or ``r:<role>@<section>`` (see `engine.app.people.directory`).
    """

    case: str
    key: str
    workflow: str
    state: str
    title: str
    case_title: str
    section: str | None
    assignee: str | None
    due_on: date | None
    due_at: datetime | None
    provisional: bool
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Timer:
    """The next instant something happens to a case by itself; `name` is a clock, or ``after:<step>``."""

    case: str
    name: str
    at: datetime
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """One thing to deliver: a message to one person on one channel, or an order to build or write something."""

    id: str
    kind: str
    channel: str
    recipient: str | None
    case: str | None
    payload: Mapping[str, Any]
    created_at: datetime
    status: str = "waiting"
    attempts: int = 0
    next_at: datetime | None = None
    sent_at: datetime | None = None
    error: str | None = None
    #: Leases given since the last answer; a sender that dies leaves one behind.
    claims: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxEntry:
    """收件箱: one message as its receiver finds it in the house; it stays until it is acknowledged, and after."""

    id: str
    recipient: str
    case: str | None
    #: What it is about: reminded, overdue, escalated, notify, …
    about: str
    title: str
    text: str
    urgent: bool
    created_at: datetime
    acked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IdempotencyRecord:
    """What a request answered. `digest` is of the command, so that one id cannot mean two things."""

    request_id: str
    digest: str
    answer: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One row of a register. `data` holds JSON values, without what the other columns say."""

    kind: str
    id: str
    name: str
    section: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """冻结: a register as it was, in its canonical text, with digests."""

    id: str
    kind: str
    taken_at: datetime
    rows: int
    sha256: str
    sm3: str
    content: bytes
    by: str


@dataclass(frozen=True, slots=True)
class DrawRow:
    """A draw of a case (batch or supervision), number 1, 2, …; a void one stays for ever."""

    case: str
    number: int
    #: committed | objects_drawn | complete | void
    status: str
    #: The draw record of `engine.draw`, as JSON values.
    record: Mapping[str, Any]
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """公示: what the public sees. `body` has passed the field filter."""

    id: str
    kind: str
    case: str
    title: str
    body: Mapping[str, Any]
    published_at: datetime
    due_on: date | None = None
    late: bool = False
    withdrawn_at: datetime | None = None
    withdrawn_because: str | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """封存: the root (hex) over everything kept on a day. `entry` and `hash` are of its line in the stream of seals."""

    number: int
    #: ISO date on which it was made.
    day: str
    at: datetime
    root: str
    leaves: int
    entry: int
    hash: str

    def as_json(self) -> dict[str, Any]:
        """Return plain values, as they are published and exported."""
        return {
            "number": self.number,
            "day": self.day,
            "at": self.at.isoformat().replace("+00:00", "Z"),
            "root": self.root,
            "leaves": self.leaves,
            "entry": self.entry,
            "hash": self.hash,
        }


@dataclass(frozen=True, slots=True)
class Document:
    """A document made for a case, or a file filed with it."""

    id: str
    case: str
    kind: str
    name: str
    sha256: str
    content: bytes
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """A published version of a workflow. `parts` maps file names to the digests of their texts."""

    workflow: str
    number: int
    digest: str
    parts: Mapping[str, str]
    published_at: datetime
    published_by: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases are meant; what is None does not matter."""

    workflow: str | None = None
    state: str | None = None
    parent: str | None = None
    section: str | None = None
    subject: str | None = None
    open: bool | None = None
    opened_from: datetime | None = None
    opened_before: datetime | None = None
