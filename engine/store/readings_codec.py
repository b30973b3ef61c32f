"""Records of readings, and personal values outside the histories, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.app.ports.audit.personal_values import PersonalValue
from engine.app.ports.audit.readings import PersonalReading
from engine.kernel.instants import from_text, to_text
from engine.store.codec import from_json, to_json

Row = tuple[Any, ...]


def reading_row(reading: PersonalReading) -> Row:
    """Return the columns of a record of a reading."""
    return (
        reading.day,
        reading.person,
        reading.use_case,
        reading.about,
        to_text(reading.at),
        reading.credential,
        to_json(list(reading.columns)),
        reading.rows,
    )


def reading_of(row: Sequence[Any]) -> PersonalReading:
    """Return the record of its columns."""
    return PersonalReading(
        row[0], row[1], row[2], row[3], from_text(row[4]), row[5], tuple(from_json(row[6])), row[7]
    )


def value_row(value: PersonalValue) -> Row:
    """Return the columns of a personal value."""
    return (value.id, value.subject, to_text(value.at), value.key, to_json(dict(value.values)))


def value_of(row: Sequence[Any]) -> PersonalValue:
    """Return the personal value of its columns."""
    return PersonalValue(row[0], row[1], from_text(row[2]), row[3], from_json(row[4]))
