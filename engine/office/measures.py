"""The year's targets, measured (domain.md d.7): coverage, share drawn by credit risk, publication rate.

Every measure keeps its two counts, so that whoever reads it sees the denominator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from fractions import Fraction
from typing import Any

from engine.office.ports import Unit
from engine.office.rows import CaseFilter


@dataclass(frozen=True, slots=True)
class Measure:
    """A ratio with its counts; without a denominator it has no value."""

    part: int
    whole: int

    @property
    def value(self) -> Fraction | None:
        """Return the exact ratio, or None where there is nothing to measure."""
        return Fraction(self.part, self.whole) if self.whole else None

    def percent(self) -> str:
        """Return the ratio in per cent with two digits, cut off, never rounded up."""
        if not self.whole:
            return "-"
        hundredths = self.part * 10_000 // self.whole
        return f"{hundredths // 100}.{hundredths % 100:02d}%"


def year_of(now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the first instant of the local year `now` is in, and of the next."""
    year = now.astimezone(zone).year
    return (
        datetime(year, 1, 1, tzinfo=zone).astimezone(UTC),
        datetime(year + 1, 1, 1, tzinfo=zone).astimezone(UTC),
    )


def inspections(unit: Unit, start: datetime, end: datetime) -> list[Any]:
    """Return the inspection cases opened from `start` until before `end`."""
    found: list[Any] = []
    after: str | None = None
    wanted = CaseFilter(workflow="inspection", opened_from=start, opened_before=end)
    while page := unit.cases.find(wanted, limit=5000, after=after):
        found += page
        after = page[-1].id
    return found


def measures(unit: Unit, now: datetime, zone: tzinfo) -> Mapping[str, Measure]:
    """Return the measures of the year `now` is in."""
    start, end = year_of(now, zone)
    cases = inspections(unit, start, end)
    objects = unit.registers.summary().get("objects", (0, None))[0]
    inspected = [c for c in cases if "onsite_check" in c.forms or not c.open]
    published = {p.case: p for p in unit.records.publications(kind="result")}
    ours = [c for c in cases if c.id in published]
    due = [c for c in cases if c.id in published or c.forms]
    return {
        "coverage": Measure(len({c.subject.get("id") for c in inspected}), objects),
        "risk_based_share": Measure(sum(1 for c in cases if c.fields.get("risk_based") is True), len(cases)),
        "publication_rate": Measure(len(ours), len(due)),
        "published_on_time": Measure(sum(1 for c in ours if not published[c.id].late), len(ours)),
    }


def kpi(unit: Unit, now: datetime, zone: tzinfo) -> Mapping[str, Any]:
    """Return the measures as expressions see them: ``kpi.coverage`` and so on, exact."""
    return {name: measure.value for name, measure in measures(unit, now, zone).items()}
