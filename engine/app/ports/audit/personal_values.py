"""Personal values that stand outside the histories, and what use cases ask a store for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

#: The subjects of texts of refused attempts, and of the days of files (`engine.app.papers.files_due`). Those of registers have a "/".
OF_REFUSALS, OF_FILES = BESIDE_REGISTERS = ("refused", "file")


@dataclass(frozen=True, slots=True)
class PersonalValue:
    """The private values of one register entry that one line of its history is about, or the texts of one refused attempt.

    The history has `id` in their place. `key` is 16 random bytes in hexadecimal digits: without them the digest in the
    row statements cannot be tried against guesses. Destroying the row destroys both, and the history stays whole.
    """

    id: str
    #: The register and the entry: ``inspectors/insp-01``; or one of `BESIDE_REGISTERS`.
    subject: str
    at: datetime
    key: str
    #: Place in the entry of the history -> the value there.
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DestroyedKey:
    """Whose private values from before when are destroyed, inclusive."""

    subject: str
    until: datetime


class PersonalValues(Protocol):
    """Personal values by id."""

    def add(self, values: Sequence[PersonalValue]) -> None:
        """Store values under new ids."""
        ...

    def some(self, ids: Iterable[str]) -> Mapping[str, PersonalValue]:
        """Return values by id; those destroyed are left out."""
        ...

    def past(self, before: datetime, limit: int, subject: str | None = None) -> Sequence[PersonalValue]:
        """Return at most `limit` values of before an instant, oldest first: of registers, or those with this subject."""
        ...

    def of_subject(self, subject: str) -> Sequence[PersonalValue]:
        """Return all values with a subject, oldest first."""
        ...

    def destroy(self, ids: Sequence[str]) -> None:
        """Remove values, with their bytes in the file of the database."""
        ...
