"""Records of who was shown personal values, and what use cases ask a store for them; and the removal of what is past its term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from engine.kernel.instants import to_text


@dataclass(frozen=True, slots=True)
class PersonalReading:
    """查看个人信息: on one day somebody was shown personal values of something, for the first time that day.

    Whoever looks at the same again on that day makes no further record, so that their number is bounded.
    """

    #: The day by UTC, as the key: ``2026-03-02``.
    day: str
    person: str
    #: The row of the access table.
    use_case: str
    #: What was shown: ``inspectors``, ``inspectors/insp-01``.
    about: str
    at: datetime
    #: By what the person had proved who they are.
    credential: str
    #: Which columns, and of how many rows.
    columns: tuple[str, ...]
    rows: int

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "at": to_text(self.at),
            "person": self.person,
            "verb": self.use_case,
            "about": self.about,
            "credential": self.credential,
            "columns": list(self.columns),
            "rows": self.rows,
        }


class Readings(Protocol):
    """Records of readings."""

    def known(self, day: str, person: str, use_case: str, about: str) -> bool:
        """Tell whether there is a record of it already."""
        ...

    def add(self, readings: Sequence[PersonalReading]) -> None:
        """Store records; one whose day, person, use case and subject are there already is left as it is."""
        ...

    def newest(self, person: str | None = None, limit: int = 100) -> list[PersonalReading]:
        """Return the newest records (of one person), newest first."""
        ...


class Pruning(Protocol):
    """Removes rows that are past their term. What they said is stated as removed, and is nowhere else."""

    def prune(self, kind: str, before: datetime, limit: int) -> int:
        """Remove at most `limit` rows of a kind of `KINDS` from before an instant; return how many there were."""
        ...


#: What can be removed after its term: kind -> the table it is in.
KINDS = {
    "messages": "outbox",
    "inbox": "inbox",
    "requests": "idempotency_key",
    "readings": "personal_reading",
    "drafts": "draft",
    "sessions": "web_session",
    "sign_in_attempts": "sign_in_attempt",
    "snapshots": "register_snapshot",
}
