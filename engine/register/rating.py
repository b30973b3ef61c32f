"""Ratings 等级: an object may carry several, by scheme, each with its date and source; a stratum needs one class.

Schemes are data (the profile says which columns make one, the bureau which classes it has): several official schemes
with different classes exist side by side, so none is built in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.register.sheet.checked_entries import CheckedEntry


@dataclass(frozen=True, slots=True)
class Rating:
    """One class given to an object. `date` is an ISO text, or None where nobody wrote it down."""

    scheme: str
    #: The class, such as ``A``; its place among the others is the bureau's to say.
    grade: str
    date: str | None
    source: str

    def as_json(self) -> dict[str, Any]:
        """Return the row as `CheckedEntry.data` keeps it."""
        return {"scheme": self.scheme, "class": self.grade, "date": self.date, "source": self.source}


def choose(data: Mapping[str, Any], scheme: str, on: date | None = None) -> Rating | None:
    """Return the rating of `scheme` that holds on a day: the newest not later than `on` (any, when None).

    One without a date counts as older than all with one; of two with the same date the later row holds.
    """
    chosen: Rating | None = None
    for row in data.get("ratings", ()):
        if row["scheme"] != scheme:
            continue
        given = row.get("date")
        if given is not None and on is not None and given > on.isoformat():
            continue
        if chosen is None or (given or "") >= (chosen.date or ""):
            chosen = Rating(scheme, row["class"], given, row.get("source") or "")
    return chosen


def with_rating(entry: CheckedEntry, rating: Rating) -> CheckedEntry:
    """Return `entry` with one more rating; one of the same scheme and date is replaced."""
    kept = [
        row
        for row in entry.data.get("ratings", ())
        if (row["scheme"], row.get("date")) != (rating.scheme, rating.date)
    ]
    return replace(entry, data={**entry.data, "ratings": [*kept, rating.as_json()]})
