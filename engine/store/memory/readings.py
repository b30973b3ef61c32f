"""Records of readings, and the removal of what is past its term, in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.app.ports.audit.personal_values import BESIDE_REGISTERS, PersonalValue
from engine.app.ports.audit.readings import KINDS, PersonalReading
from engine.kernel.instants import require_aware
from engine.store.memory.undo_log import MemoryTable, UndoLog
from engine.store.readings_codec import reading_of, reading_row, value_of, value_row

_Key = tuple[str, str, str, str]


class MemoryReadings:
    """`engine.app.ports.audit.readings.Readings`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._readings: MemoryTable[_Key, PersonalReading] = MemoryTable(
            undo_log, table="personal_reading", row=lambda _, reading: reading_row(reading)
        )

    def known(self, day: str, person: str, use_case: str, about: str) -> bool:
        """Tell whether there is a record of it already."""
        return self._readings.get((day, person, use_case, about)) is not None

    def add(self, readings: Sequence[PersonalReading]) -> None:
        """Store records; one that is there already is left as it is."""
        for one in readings:
            key = (one.day, one.person, one.use_case, one.about)
            if self._readings.get(key) is None:
                self._readings.put(key, reading_of(reading_row(one)))

    def newest(self, person: str | None = None, limit: int = 100) -> list[PersonalReading]:
        """Return the newest records (of one person), newest first."""
        fitting = [one for one in self._readings.rows.values() if person in (None, one.person)]
        return sorted(fitting, key=lambda one: (one.at, one.person, one.use_case, one.about), reverse=True)[
            :limit
        ]


class MemoryPersonalValues:
    """`engine.app.ports.audit.personal_values.PersonalValues`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._values: MemoryTable[str, PersonalValue] = MemoryTable(
            undo_log, table="personal_value", row=lambda _, value: value_row(value)
        )

    def add(self, values: Sequence[PersonalValue]) -> None:
        """Store values under new ids."""
        for one in values:
            self._values.put(one.id, value_of(value_row(one)))

    def some(self, ids: Iterable[str]) -> Mapping[str, PersonalValue]:
        """Return values by id; those destroyed are left out."""
        return {one: found for one in ids if (found := self._values.get(one)) is not None}

    def past(self, before: datetime, limit: int, subject: str | None = None) -> Sequence[PersonalValue]:
        """Return at most `limit` values of before an instant, oldest first: of registers, or those with this subject."""
        moment = require_aware(before)
        return [
            one
            for one in self._ordered()
            if one.at < moment
            and (one.subject not in BESIDE_REGISTERS if subject is None else one.subject == subject)
        ][:limit]

    def of_subject(self, subject: str) -> Sequence[PersonalValue]:
        """Return all values with a subject, oldest first."""
        return [one for one in self._ordered() if one.subject == subject]

    def destroy(self, ids: Sequence[str]) -> None:
        """Remove values."""
        for one in ids:
            self._values.remove(one)

    def _ordered(self) -> list[PersonalValue]:
        return sorted(self._values.rows.values(), key=lambda one: (one.at, one.id))


#: Kind -> the instant a row counts from; None: it stays whatever its age.
_AGE: Mapping[str, Callable[[Any], datetime | None]] = {
    "messages": lambda one: (one.sent_at or one.created_at) if one.status in ("sent", "dismissed") else None,
    "inbox": lambda one: one.created_at,
    "requests": lambda one: one.at,
    "readings": lambda one: one.at,
    "drafts": lambda one: one.saved_at,
    "sessions": lambda one: one.expires_at,
    "sign_in_attempts": lambda one: one.at,
    "snapshots": lambda one: one.taken_at,
}


class MemoryPruning:
    """`engine.app.ports.audit.readings.Pruning`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._undo_log = undo_log

    def prune(self, kind: str, before: datetime, limit: int) -> int:
        """Remove at most `limit` rows of a kind from before an instant."""
        moment, removed = require_aware(before), 0
        for table in self._undo_log.tables[KINDS[kind]]:
            for key, row in list(table.rows.items()):
                at = _AGE[kind](row)
                if removed < limit and at is not None and at < moment:
                    table.remove(key)
                    removed += 1
        return removed
