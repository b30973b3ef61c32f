"""Rows as flat tuples of texts, numbers and bytes, and back.

Instants become UTC texts to the microsecond (`engine.kernel.instants`): they sort as the instants do, on every
database, and naive ones are refused with ValueError. JSON values become canonical JSON text. The order of a tuple is
the order of the columns in `engine.store.sql.tables`. The in-memory store passes its rows through here as well, so
that it accepts, refuses and returns exactly what the SQL store does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from engine.app.ports.records import (
    Document,
    DrawRow,
    Heartbeat,
    IdempotencyRecord,
    InboxEntry,
    OutboxItem,
    Publication,
    RegisterEntry,
    Snapshot,
    Task,
    Timer,
    Version,
)
from engine.kernel.instants import from_text, to_text
from engine.language import DefinedText
from engine.lifecycle.chain import canonical

_MILLISECOND = timedelta(milliseconds=1)

#: The texts and numbers of one row, in the order of its columns.
Row = tuple[Any, ...]

to_json = canonical
#: Its `scan_once` is no part of its type.
_DECODER: Any = json.JSONDecoder()


def from_json(text: str) -> Any:
    """Return the value of a JSON text. Raises JSONDecodeError."""
    # What is written here has no blanks around it, for which `decode` would look.
    try:
        value, end = _DECODER.scan_once(text, 0)
    except StopIteration:
        end = -1
    return value if end == len(text) else _DECODER.decode(text)


# What is written together shares its instants, and the cases of one batch share their clocks: rendering them anew
# for every row took half the time of starting a batch. Only equal values share an entry, and naive ones raise.
stamp = lru_cache(maxsize=4096)(to_text)
# A list reads the same due days over and over.
read_day = lru_cache(maxsize=4096)(date.fromisoformat)
_moment_read = lru_cache(maxsize=4096)(from_text)


def instant(value: datetime | None) -> str | None:
    """Return the text of an instant that may be missing."""
    return None if value is None else stamp(value)


def instant_of(text: str | None) -> datetime | None:
    """Return the instant of a text that may be missing."""
    return None if text is None else from_text(text)


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _day_of(text: str | None) -> date | None:
    return None if text is None else read_day(text)


def task_row(task: Task) -> Row:
    """Return the columns of a task."""
    return (
        task.case,
        task.key,
        task.workflow,
        task.state,
        task.title,
        task.case_title,
        task.section,
        task.assignee,
        None if task.due_on is None else task.due_on.isoformat(),
        None if task.due_at is None else stamp(task.due_at),
        task.provisional,
        stamp(task.opened_at),
    )


def task_of(row: Sequence[Any]) -> Task:
    """Return the task of its columns."""
    return Task(
        case=row[0],
        key=row[1],
        workflow=row[2],
        state=row[3],
        title=DefinedText(row[4]),
        case_title=row[5],
        section=row[6],
        assignee=row[7],
        due_on=_day_of(row[8]),
        due_at=None if row[9] is None else _moment_read(row[9]),
        provisional=bool(row[10]),
        opened_at=_moment_read(row[11]),
    )


def timer_row(timer: Timer) -> Row:
    """Return the columns of a timer that sleeps."""
    return (timer.case, timer.name, stamp(timer.at), timer.provisional)


def timer_of(row: Sequence[Any]) -> Timer:
    """Return the timer of its columns."""
    return Timer(row[0], row[1], from_text(row[2]), bool(row[3]))


class _PayloadText:
    """The JSON of the payload written last: a message to many people has one object."""

    __slots__ = ("_last",)

    def __init__(self) -> None:
        #: Both in one place, so that threads never see one without the other.
        self._last: tuple[Mapping[str, Any] | None, str] = (None, "")

    def __call__(self, payload: Mapping[str, Any]) -> str:
        """Return the canonical JSON of `payload`, which nobody changes."""
        seen, text = self._last
        if payload is not seen:
            text = to_json(payload)
            self._last = (payload, text)
        return text


_payload_text = _PayloadText()


def outbox_row(item: OutboxItem) -> Row:
    """Return the columns of an outbox item."""
    return (
        item.id,
        item.kind,
        item.channel,
        item.recipient,
        item.case,
        _payload_text(item.payload),
        stamp(item.created_at),
        item.status,
        item.attempts,
        None if item.next_at is None else stamp(item.next_at),
        None if item.sent_at is None else stamp(item.sent_at),
        item.error,
        item.leases,
    )


def outbox_of(row: Sequence[Any]) -> OutboxItem:
    """Return the outbox item of its columns."""
    return OutboxItem(
        id=row[0],
        kind=row[1],
        channel=row[2],
        recipient=row[3],
        case=row[4],
        payload=from_json(row[5]),
        created_at=from_text(row[6]),
        status=row[7],
        attempts=row[8],
        next_at=instant_of(row[9]),
        sent_at=instant_of(row[10]),
        error=row[11],
        leases=row[12],
    )


def inbox_row(entry: InboxEntry) -> Row:
    """Return the columns of an inbox entry."""
    return (
        entry.id,
        entry.recipient,
        entry.case,
        entry.about,
        entry.title,
        entry.text,
        entry.urgent,
        stamp(entry.created_at),
        instant(entry.acked_at),
    )


def inbox_of(row: Sequence[Any]) -> InboxEntry:
    """Return the inbox entry of its columns."""
    return InboxEntry(
        id=row[0],
        recipient=row[1],
        case=row[2],
        about=row[3],
        title=DefinedText(row[4]),
        text=row[5],
        urgent=bool(row[6]),
        created_at=from_text(row[7]),
        acked_at=instant_of(row[8]),
    )


def entry_row(entry: RegisterEntry, at: str) -> Row:
    """Return the columns of a register entry written at the instant `at` (a text)."""
    return (entry.kind, entry.id, entry.name, entry.section, entry.text, at)


def entry_of(row: Sequence[Any]) -> RegisterEntry:
    """Return the register entry of its columns."""
    return RegisterEntry(row[0], row[1], row[2], row[3], from_json(row[4]))


def snapshot_row(snapshot: Snapshot) -> Row:
    """Return the columns of a snapshot."""
    return (
        snapshot.id,
        snapshot.kind,
        stamp(snapshot.taken_at),
        snapshot.rows,
        snapshot.sha256,
        snapshot.sm3,
        snapshot.content,
        snapshot.by,
    )


def snapshot_of(row: Sequence[Any]) -> Snapshot:
    """Return the snapshot of its columns."""
    return Snapshot(row[0], row[1], from_text(row[2]), row[3], row[4], row[5], bytes(row[6]), row[7])


def draw_row(draw: DrawRow) -> Row:
    """Return the columns of a draw."""
    return (draw.case, draw.number, draw.status, to_json(draw.record), stamp(draw.made_at))


def draw_of(row: Sequence[Any], added: Sequence[str] = ()) -> DrawRow:
    """Return the draw of its columns, with the lines added to its log."""
    return DrawRow(row[0], row[1], row[2], from_json(row[3]), from_text(row[4]), tuple(added))


def publication_row(publication: Publication) -> Row:
    """Return the columns of a publication."""
    return (
        publication.id,
        publication.kind,
        publication.case,
        publication.title,
        to_json(publication.body),
        stamp(publication.published_at),
        _day(publication.due_on),
        publication.late,
        instant(publication.withdrawn_at),
        publication.withdrawn_because,
    )


def publication_of(row: Sequence[Any]) -> Publication:
    """Return the publication of its columns."""
    return Publication(
        id=row[0],
        kind=row[1],
        case=row[2],
        title=row[3],
        body=from_json(row[4]),
        published_at=from_text(row[5]),
        due_on=_day_of(row[6]),
        late=bool(row[7]),
        withdrawn_at=instant_of(row[8]),
        withdrawn_because=row[9],
    )


def document_row(document: Document) -> Row:
    """Return the columns of a document."""
    return (
        document.id,
        document.case,
        document.kind,
        document.name,
        document.sha256,
        document.content,
        stamp(document.made_at),
    )


def document_of(row: Sequence[Any]) -> Document:
    """Return the document of its columns."""
    return Document(row[0], row[1], row[2], row[3], row[4], bytes(row[5]), from_text(row[6]))


def version_row(version: Version) -> Row:
    """Return the columns of a published version."""
    return (
        version.workflow,
        version.number,
        version.digest,
        to_json(version.parts),
        stamp(version.published_at),
        version.published_by,
        version.note,
    )


def version_of(row: Sequence[Any]) -> Version:
    """Return the published version of its columns."""
    return Version(row[0], row[1], row[2], from_json(row[3]), from_text(row[4]), row[5], row[6])


def idempotency_row(record: IdempotencyRecord) -> Row:
    """Return the columns of an idempotency record."""
    return (record.request_id, record.digest, to_json(record.answer), stamp(record.at))


def idempotency_of(row: Sequence[Any]) -> IdempotencyRecord:
    """Return the idempotency record of its columns."""
    return IdempotencyRecord(row[0], row[1], from_json(row[2]), from_text(row[3]))


def heartbeat_row(heartbeat: Heartbeat) -> Row:
    """Return the columns of a heartbeat; the difference of clocks is stored in whole milliseconds."""
    ahead = None if heartbeat.ahead is None else heartbeat.ahead // _MILLISECOND
    return (heartbeat.name, stamp(heartbeat.at), heartbeat.version, heartbeat.leads, ahead, heartbeat.left)


def heartbeat_of(row: Sequence[Any]) -> Heartbeat:
    """Return the heartbeat of its columns."""
    ahead = None if row[4] is None else row[4] * _MILLISECOND
    return Heartbeat(row[0], from_text(row[1]), row[2], bool(row[3]), ahead, bool(row[5]))


def settled(value: Mapping[str, Any]) -> Any:
    """Return JSON values as they come back from text: copied, tuples as lists. Raises TypeError for others."""
    return from_json(to_json(value))
