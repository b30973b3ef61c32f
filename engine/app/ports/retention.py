"""The file of a closed case after filing: kept, in the bin, destroyed; the record of that stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from engine.kernel.instants import from_text, to_text
from engine.value import named_value


class RetentionState(StrEnum):
    """What has become of the file of a case."""

    KEPT = "kept"
    #: In the bin: still there, and can be restored.
    BIN = "bin"
    DESTROYED = "destroyed"


@named_value
class RetentionRecord:
    """What was done with the file of a case once its time was near; until then there is no record."""

    case: str
    state: RetentionState
    at: datetime
    by: str
    reason: str
    #: The last day of its time, as it was worked out then.
    until: date | None
    #: Ids and digests of what was destroyed.
    destroyed: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "case": self.case,
            "state": self.state.value,
            "at": to_text(self.at),
            "by": self.by,
            "reason": self.reason,
            "until": None if self.until is None else self.until.isoformat(),
            "destroyed": dict(self.destroyed),
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> RetentionRecord:
        """Return the record `as_json` wrote."""
        until = body["until"]
        return cls(
            **{
                **body,
                "state": RetentionState(body["state"]),
                "at": from_text(body["at"]),
                "until": None if until is None else date.fromisoformat(until),
            }
        )


class Retention(Protocol):
    """What was done with files whose time was near."""

    def get(self, case_id: str) -> RetentionRecord | None:
        """Return the record of a case."""
        ...

    def put(self, record: RetentionRecord) -> None:
        """Store the record of a case; the one before it is replaced."""
        ...

    def all(self) -> list[RetentionRecord]:
        """Return all records, ordered by case."""
        ...
