"""The year's targets, measured as the bureau's YAML says: each measure is two counts, and shows both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from fractions import Fraction

from engine.app.ports.records import CaseFilter
from engine.app.ports.store import Transaction
from engine.lifecycle.case import Case
from engine.lifecycle.model.bureau import Bureau, Tally

#: Cases read at a time.
PAGE = 5000


@dataclass(frozen=True, slots=True)
class Measure:
    """A ratio with its counts; without a denominator it has no value."""

    title: str
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


def measures(transaction: Transaction, bureau: Bureau, now: datetime, zone: tzinfo) -> Mapping[str, Measure]:
    """Return the measures of the year `now` is in. Cases count in the year they were opened."""
    years = year_of(now, zone)
    return {
        rule.id: Measure(
            rule.title, tally(transaction, rule.part, *years), tally(transaction, rule.whole, *years)
        )
        for rule in bureau.measures.values()
    }


def kpi(
    transaction: Transaction, bureau: Bureau, now: datetime, zone: tzinfo
) -> Mapping[str, Fraction | None]:
    """Return the measures as expressions see them: ``kpi.coverage`` and so on, exact."""
    return {name: measure.value for name, measure in measures(transaction, bureau, now, zone).items()}


def tally(transaction: Transaction, rule: Tally, start: datetime, end: datetime) -> int:
    """Count one side of a measure from `start` until before `end`."""
    if rule.register is not None:
        return transaction.registers.summary().get(rule.register, (0, None))[0]
    if rule.publications is not None:
        found = [
            publication
            for publication in transaction.records.publications(kind=rule.publications)
            if publication.withdrawn_at is None and _opened_within(transaction, publication.case, start, end)
        ]
        return len({p.case for p in found if not (rule.on_time and p.late)})
    counted = [case for case in _cases(transaction, str(rule.cases), start, end) if _fits(rule, case)]
    return len({case.subject.get("id") for case in counted}) if rule.distinct else len(counted)


def _fits(rule: Tally, case: Case) -> bool:
    if rule.forms and not any(form in case.forms for form in rule.forms):
        return False
    return rule.field is None or case.fields.get(rule.field) is True


def _cases(transaction: Transaction, workflow: str, start: datetime, end: datetime) -> Iterator[Case]:
    after: str | None = None
    wanted = CaseFilter(workflow=workflow, opened_from=start, opened_before=end)
    while page := transaction.cases.find(wanted, limit=PAGE, after=after):
        yield from page
        after = page[-1].id


def _opened_within(transaction: Transaction, case_id: str, start: datetime, end: datetime) -> bool:
    case = transaction.cases.get(case_id)
    return case is not None and start <= case.opened_at < end
