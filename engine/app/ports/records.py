"""The rows the office keeps, as plain values. Instants are aware and in UTC."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from typing import Any

from engine.kernel.instants import from_text, to_text
from engine.lifecycle.chain import canonical
from engine.value import named_value, value


@value
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

    def late(self, now: datetime) -> bool:
        """Tell whether the deadline of the task has passed; a paused clock gives a task none."""
        return self.due_at is not None and now >= self.due_at


@value
class Timer:
    """The next instant something happens to a case by itself; `name` is a clock, or ``after:<step>``."""

    case: str
    name: str
    at: datetime
    provisional: bool = False


@named_value
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
    leases: int = 0


@named_value
class InboxEntry:
    """收件箱: one message as its receiver reads it in the product itself; it is kept after it is acknowledged too."""

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


@value
class IdempotencyRecord:
    """What a request answered. `digest` is of the command, so that one id cannot mean two things."""

    request_id: str
    digest: str
    answer: Mapping[str, Any]
    at: datetime


@value
class RegisterEntry:
    """One row of a register. `data` holds JSON values, without what the other columns say."""

    kind: str
    id: str
    name: str
    section: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    #: What `text` gives: the digest of an import and the row that is written both want it.
    _text: str | None = field(init=False, default=None, compare=False, repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return plain values, as people and programs outside are given them."""
        return {"id": self.id, "name": self.name, "section": self.section, "data": dict(self.data)}

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the code of a firm and those it had before, the present one first."""
        return (self.id, *map(str, self.data.get("former_ids") or ()))

    def before(self, columns: Mapping[str, Sequence[Any]]) -> RegisterEntry:
        """Return the entry as it was before a change of columns, given as column -> (old, new)."""
        data = dict(self.data)
        name, section = self.name, self.section
        for column, (old, _) in columns.items():
            if column == "name":
                name = old
            elif column == "section":
                section = old
            elif old is None:
                data.pop(column, None)
            else:
                data[column] = old
        return replace(self, name=name, section=section, data=data)

    @property
    def text(self) -> str:
        """Return the canonical text of `data`, which nobody changes."""
        found = self._text
        if found is None:
            found = canonical(self.data)
            object.__setattr__(self, "_text", found)
        return found


@value
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


@value
class DrawRow:
    """A draw of a case (batch or supervision), number 1, 2, …; a void one stays for ever."""

    case: str
    number: int
    #: committed | objects_drawn | complete | void | lapsed
    status: str
    #: The draw record of `engine.draw`, as JSON values.
    record: Mapping[str, Any]
    made_at: datetime
    #: The lines the log of the draw has grown by since its record was stored; of a draw of ssj-draw/2 its replacements since then.
    added: tuple[str, ...] = ()

    @property
    def public(self) -> bool:
        """Whether it is a draw of ssj-draw/2, whose lines stand in the public log of the bureau."""
        return self.record.get("protocol") == 2

    @property
    def log(self) -> tuple[str, ...]:
        """Return the log of a draw of ssj-draw/1, line by line; of one of ssj-draw/2 what was added to its record."""
        record = self.record.get("record", self.record)
        return (*map(str, record.get("log") or ()), *self.added)


@named_value
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


@value
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
    #: Whether more had been committed than one seal takes; the next one takes that.
    rest: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return plain values, as they are published and exported."""
        made: dict[str, Any] = {
            "number": self.number,
            "day": self.day,
            "at": self.at.isoformat().replace("+00:00", "Z"),
            "root": self.root,
            "leaves": self.leaves,
            "entry": self.entry,
            "hash": self.hash,
        }
        return {**made, "rest": True} if self.rest else made

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Seal:
        """Return what `as_json` wrote. Raises KeyError, TypeError and ValueError where it did not."""
        return cls(
            number=int(body["number"]),
            day=str(body["day"]),
            at=from_text(str(body["at"])),
            root=str(body["root"]),
            leaves=int(body["leaves"]),
            entry=int(body["entry"]),
            hash=str(body["hash"]),
            rest=body.get("rest") is True,
        )


@value
class Document:
    """A document made for a case, or a file filed with it."""

    id: str
    case: str
    kind: str
    name: str
    sha256: str
    content: bytes
    made_at: datetime

    @property
    def title(self) -> str:
        """Return the title a page gives itself; "" where it gives none."""
        found = _TITLE.search(self.content[:_HEAD])
        return found[1].decode(errors="replace").strip() if found else ""


@value
class MadeDocument:
    """Which document was made for a case, and when; without what it says."""

    case: str
    kind: str
    name: str
    made_at: datetime


#: The title of a page, and the bytes of a document in which it is.
_TITLE, _HEAD = re.compile(rb"<title>([^<]{1,200})</title>"), 2000


#: The part of a version that says which language its texts are written in, and that with the text of the bureau.
LANGUAGE_PART, BUREAU_PART = "language", "bureau.yaml"


@value
class Version:
    """A published version of a workflow. `parts` maps file names to the digests of their texts."""

    workflow: str
    number: int
    digest: str
    parts: Mapping[str, str]
    published_at: datetime
    published_by: str
    note: str | None = None


@named_value
class CaseFilter:
    """Which cases are meant; what is None does not matter."""

    workflow: str | None = None
    version: int | None = None
    state: str | None = None
    parent: str | None = None
    section: str | None = None
    subject: str | None = None
    open: bool | None = None
    opened_from: datetime | None = None
    opened_before: datetime | None = None


@named_value
class Delegation:
    """One delegation. Days are days of the bureau, both included; `begins` and `ends` are their instants in UTC."""

    id: str
    principal: str
    delegate: str
    first: date
    last: date
    begins: datetime
    ends: datetime
    reason: str
    by: str
    #: Taken back before its last day.
    ended: bool = False
    #: One person alone gave it for another (单人办理). Its history says so, not its row.
    single_handed: bool = False

    def runs(self, now: datetime) -> bool:
        """Tell whether it is in force."""
        return not self.ended and self.begins <= now < self.ends

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "id": self.id,
            "principal": self.principal,
            "delegate": self.delegate,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "begins": to_text(self.begins),
            "ends": to_text(self.ends),
            "reason": self.reason,
            "by": self.by,
            "ended": self.ended,
            **({"single_handed": True} if self.single_handed else {}),
        }

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Delegation:
        """Return the delegation `as_json` wrote."""
        return cls(
            **{
                **body,
                "first": date.fromisoformat(body["first"]),
                "last": date.fromisoformat(body["last"]),
                "begins": from_text(body["begins"]),
                "ends": from_text(body["ends"]),
            }
        )


@value
class Credential:
    """口令: the hash a person's password is compared with, with its parameters and salt in it."""

    person: str
    password_hash: str
    set_at: datetime


@value
class Token:
    """令牌: a personal access token: whose, for what, until when. Its text is not stored, only the digest of it."""

    id: str
    person: str
    label: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    sha256: str
    #: What it is good for: words of `scopes` in the access table.
    scopes: tuple[str, ...] = ("all",)

    def good(self, now: datetime) -> bool:
        """Tell whether somebody can sign in with it at `now`."""
        return self.revoked_at is None and now < self.expires_at


@value
class WebSession:
    """会话: somebody signed in to the workbench, or a one-time link that lets the operator sign in. Only its digest is stored."""

    id: str
    #: ``session``, ``firm`` (the page for firms on one case), or ``link``: a link is used once and belongs to nobody until then.
    kind: str
    #: Whose session it is; "" of a link.
    person: str
    #: By what they proved who they are: ``password``, or ``machine`` where the operator of the machine let them in.
    credential: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    sha256: str

    def good(self, now: datetime) -> bool:
        """Tell whether it can be used at `now`."""
        return self.ended_at is None and now < self.expires_at


@value
class Draft:
    """草稿: what a person has typed for a step of a case, whether or not it could be handed in."""

    person: str
    case: str
    step: str
    form: str
    #: The published version, the state, and when the case entered it, as they were when it was saved.
    version: int
    state: str
    entered_at: datetime
    answers: Mapping[str, Any]
    saved_at: datetime


@value
class Proposal:
    """提请: an act that two have to agree to. `digest` tells this act, with all its words, from every other."""

    id: str
    #: The row of the access table, and whom or what the act is about.
    use_case: str
    about: str
    digest: str
    #: What whoever confirms should know, name -> value.
    summary: Mapping[str, Any]
    by: str
    made_at: datetime
    #: ``open``, ``confirmed``, ``rejected``, ``withdrawn``, or ``done`` once the act was carried out.
    status: str = "open"
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None


@value
class FailedAttempt:
    """A failed attempt to sign in, number 1, 2, … of a key: ``person:<id>`` or ``from:<origin>``."""

    key: str
    number: int
    at: datetime
    #: The key is locked until then: this attempt was one too many.
    locked_until: datetime | None = None


@value
class Heartbeat:
    """The last sign of a daemon: `at` is what its clock said, in UTC."""

    name: str
    at: datetime
    version: str
    #: It does what one daemon does for all: nightly checks, seals, site, digests.
    leads: bool = False
    #: How far its clock was ahead of the database's; None where the database has no clock of its own.
    ahead: timedelta | None = None
    #: It ended in order.
    left: bool = False

    def alive(self, now: datetime, silent: timedelta) -> bool:
        """Tell whether the daemon has not ended and gave this sign within `silent` before `now`."""
        return not self.left and now - self.at <= silent
