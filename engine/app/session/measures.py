"""The year's measures as the bureau's YAML says: a ratio of two exact numbers that shows both, or one number alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from fractions import Fraction
from typing import Any, Protocol

from engine.app.definitions.derived_settings import field_names
from engine.app.ports.records import CaseFilter
from engine.app.ports.store import Transaction
from engine.app.session.case_values import case_scope, exact, holds, plain, value_in
from engine.lifecycle.case import Case
from engine.lifecycle.measure_rules import Tally
from engine.lifecycle.migration.former_names import CASE, NO_NAMES, FieldNames, named
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.process import Process
from engine.value import value

#: Cases read at a time.
PAGE = 5000

#: A whole number where the tally counts, any exact number where it adds up.
Number = int | Fraction


class CaseDefinitions(Protocol):
    """Gives the version of a workflow a case runs on."""

    def get(self, transaction: Transaction, workflow: str, version: int) -> Process:
        """Return that version."""
        ...


@value
class Measure:
    """A ratio with its two numbers, or one number; without a denominator a ratio has no value."""

    title: str
    part: Number
    whole: Number
    #: One number without a whole; None: a ratio.
    alone: bool = False
    #: Whether there was anything to take the number of: nothing is not 0 where the least or the most is asked for.
    empty: bool = False

    @property
    def value(self) -> Fraction | None:
        """Return the exact value, or None where there is nothing to measure."""
        if self.empty:
            return None
        if self.alone:
            return Fraction(self.part)
        return Fraction(self.part) / Fraction(self.whole) if self.whole else None

    def percent(self) -> str:
        """Return the ratio in per cent with two digits, cut off, never rounded up; a number alone as it is."""
        if self.empty:
            return "-"
        if self.alone:
            return plain(self.part)
        if not self.whole:
            return "-"
        hundredths = self.part * 10_000 // self.whole
        return f"{hundredths // 100}.{hundredths % 100:02d}%"

    @property
    def counts(self) -> str:
        """Return the numbers as they were counted: ``2/200``, or ``350``."""
        if self.alone:
            return "-" if self.empty else plain(self.part)
        return f"{plain(self.part)}/{plain(self.whole)}"


def year_of(now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the first instant of the local year `now` is in, and of the next."""
    year = now.astimezone(zone).year
    return (
        datetime(year, 1, 1, tzinfo=zone).astimezone(UTC),
        datetime(year + 1, 1, 1, tzinfo=zone).astimezone(UTC),
    )


def year_asked(year: Any, now: datetime, zone: tzinfo) -> datetime:
    """Return an instant of the year a case is of, as its field says (the plan of a year); `now` where it says none.

    The targets of a plan are those of its year, also when it is closed in January of the next.
    """
    if not isinstance(year, int) or isinstance(year, bool) or not 1 <= year <= 9998:
        return now
    return now if now.astimezone(zone).year == year else datetime(year, 7, 1, tzinfo=zone)


def measures(
    transaction: Transaction,
    bureau: Bureau,
    now: datetime,
    zone: tzinfo,
    definitions: CaseDefinitions | None = None,
) -> Mapping[str, Measure]:
    """Return the measures of the year `now` is in. Cases count in the year they were opened.

    `definitions` are needed by measures that look into fields; without them those are left out.
    """
    start, end = year_of(now, zone)
    found: dict[str, Measure] = {}
    # Several measures count the same process: its cases are read once.
    opened: dict[str | None, list[Case]] = {}
    for rule in bureau.measures.values():
        sides = [side for side in (rule.part, rule.whole) if side is not None]
        if definitions is None and any(looks_inside(side) for side in sides):
            continue
        numbers = [tally(transaction, side, start, end, definitions, now, opened) for side in sides]
        found[rule.id] = Measure(
            rule.title,
            numbers[0] or 0,
            (numbers[1] or 0) if rule.whole is not None else 0,
            alone=rule.whole is None,
            empty=any(number is None for number in numbers),
        )
    return found


def kpi(
    transaction: Transaction,
    bureau: Bureau,
    now: datetime,
    zone: tzinfo,
    definitions: CaseDefinitions | None = None,
) -> Mapping[str, Fraction | None]:
    """Return the measures as expressions see them: ``kpi.coverage`` and so on, exact."""
    return {
        name: measure.value for name, measure in measures(transaction, bureau, now, zone, definitions).items()
    }


def of_subject(
    transaction: Transaction,
    bureau: Bureau,
    case: Case,
    now: datetime,
    zone: tzinfo,
    definitions: CaseDefinitions | None = None,
) -> Mapping[str, Number]:
    """Return how many other cases about the subject of `case` the part of each measure counts in the year `now` is in.

    What the subject was called by before counts with it. Of a measure that takes each subject once, which asks who was visited,
    the visits of the old ledger count as well.
    """
    start, end = year_of(now, zone)
    first, last = (one.astimezone(zone).date().isoformat() for one in (start, end))
    subject = str(case.subject.get("id") or "")
    entry = transaction.registers.some("objects", [subject]).get(subject) if subject else None
    codes = {subject, *(entry.codes if entry else ())} - {""}
    # Of the whole ledger only the rows that name the firm are read.
    visits = sorted({one for code in codes for one in transaction.registers.mentioning("visits", code)})
    ledger = sum(
        first <= str(one.data.get("ledger_day") or "") < last
        for one in transaction.registers.some("visits", visits).values()
        if str(one.data.get("object")) in codes
    )
    # Several measures count the same process: its cases are read once.
    about: dict[str | None, list[Case]] = {}
    names = field_names(transaction)
    found: dict[str, Number] = {}
    for rule in bureau.measures.values():
        part = rule.part
        if part.cases is None or (definitions is None and looks_inside(part)):
            continue
        if part.workflow not in about:
            about[part.workflow] = [
                other
                for code in sorted(codes)
                for other in each_case(
                    transaction,
                    CaseFilter(workflow=part.workflow, subject=code, opened_from=start, opened_before=end),
                )
                if other.id != case.id
            ]
        cases = [
            other for other in about[part.workflow] if fits(part, other, transaction, definitions, names)
        ]
        if looks_inside(part) and definitions is not None:
            counted = replace(part, distinct=False, reckoning="count", of=None)
            found[rule.id] = _reckoned(transaction, counted, cases, definitions, now) or 0
        else:
            found[rule.id] = len(cases) + (ledger if part.distinct else 0)
    return found


def looks_inside(rule: Tally) -> bool:
    """Tell whether a tally looks at the values of fields, so that it needs the definitions."""
    return rule.where is not None or rule.of is not None


def tally(
    transaction: Transaction,
    rule: Tally,
    start: datetime,
    end: datetime,
    definitions: CaseDefinitions | None = None,
    now: datetime | None = None,
    opened: dict[str | None, list[Case]] | None = None,
) -> Number | None:
    """Return one side of a measure from `start` until before `end`; None: the least or the most of nothing.

    `opened` keeps the cases that were opened in that time, by their process, for the sides of other measures.
    """
    if rule.register is not None:
        return transaction.registers.summary().get(rule.register, (0, None))[0]
    if rule.publications is not None:
        found = [
            publication
            for publication in transaction.records.publications(kind=rule.publications)
            if publication.withdrawn_at is None and _opened_within(transaction, publication.case, start, end)
        ]
        return len({p.case for p in found if not (rule.on_time and p.late)})
    opened = {} if opened is None else opened
    names = field_names(transaction)
    if rule.workflow not in opened:
        opened[rule.workflow] = list(_cases(transaction, rule.workflow, start, end))
    counted = [case for case in opened[rule.workflow] if fits(rule, case, transaction, definitions, names)]
    if not looks_inside(rule) or definitions is None:
        return len({case.subject.get("id") for case in counted}) if rule.distinct else len(counted)
    return _reckoned(transaction, rule, counted, definitions, now or start)


def _reckoned(
    transaction: Transaction, rule: Tally, cases: list[Case], definitions: CaseDefinitions, now: datetime
) -> Number | None:
    """Return the number of the cases the condition holds for, or what their values come to."""
    values: dict[object, Fraction | None] = {}
    names = field_names(transaction)
    for case in sorted(cases, key=lambda one: (one.opened_at, one.id)):
        process = definitions.get(transaction, case.workflow, case.version)
        scope = case_scope(process, case, now, names.get(case.workflow, NO_NAMES))
        if rule.where is not None and not holds(rule.where, scope):
            continue
        value = value_in(rule.of, scope) if rule.of is not None else None
        if rule.of is not None and (value is None or value == "" or value == []):
            continue
        # Each subject once: its newest case that has a value.
        key = case.subject.get("id") if rule.distinct else case.id
        values[key] = exact(value)
    if rule.reckoning in (None, "count"):
        return len(values)
    numbers = [number for number in values.values() if number is not None]
    if rule.reckoning == "sum":
        return sum(numbers, start=Fraction(0))
    if not numbers:
        return None
    return min(numbers) if rule.reckoning == "min" else max(numbers)


def fits(
    rule: Tally,
    case: Case,
    transaction: Transaction,
    definitions: CaseDefinitions | None,
    names: Mapping[str, FieldNames],
) -> bool:
    """Tell whether a case has one of the forms and is true in the field a tally asks for, whatever its version calls it.

    `names` are what the fields of each process are called by its versions.
    """
    if rule.forms and not any(form in case.forms for form in rule.forms):
        return False
    if rule.field is None or definitions is None:
        return rule.field is None or case.fields.get(rule.field) is True
    workflow = definitions.get(transaction, case.workflow, case.version).workflow
    asked = named(workflow.fields.values(), rule.field, names.get(case.workflow, NO_NAMES).get(CASE, {}))
    return asked is not None and case.fields.get(asked.name) is True


def _cases(transaction: Transaction, workflow: str | None, start: datetime, end: datetime) -> Iterator[Case]:
    return each_case(transaction, CaseFilter(workflow=workflow, opened_from=start, opened_before=end))


def each_case(transaction: Transaction, wanted: CaseFilter) -> Iterator[Case]:
    """Yield all cases a filter finds, page by page, in the order of their ids."""
    after: str | None = None
    while page := transaction.cases.find(wanted, limit=PAGE, after=after):
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1].id


def _opened_within(transaction: Transaction, case_id: str, start: datetime, end: datetime) -> bool:
    case = transaction.cases.get(case_id)
    return case is not None and start <= case.opened_at < end
