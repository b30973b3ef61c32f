"""Reports: the year's measures with their targets and where they are heading, progress, and what supervision asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING, Any

from engine.app.definitions.derived_settings import field_names
from engine.app.ports.records import CaseFilter, DrawRow, Publication
from engine.app.ports.store import Transaction
from engine.app.session.case_values import case_scope, cell, holds, plain, value_in
from engine.app.session.measures import (
    CaseDefinitions,
    Measure,
    Number,
    each_case,
    fits,
    kpi,
    looks_inside,
    measures,
    tally,
    year_of,
)
from engine.language import SOURCE_LANGUAGE, Message, current_language, say
from engine.lifecycle.case import Case
from engine.lifecycle.measure_rules import EVERY, MeasureRule, SupervisionRow, Tally
from engine.lifecycle.migration.former_names import NO_NAMES, FieldNames
from engine.lifecycle.model.bureau import Bureau

if TYPE_CHECKING:
    from engine.app.definitions.cache import DefinitionCache

#: Tasks read to find those that are late.
MAX_TASKS = 1_000_000


@dataclass(frozen=True, slots=True)
class MeasureStatus:
    """One measure of the year: where it is, what is to be reached, where the plan leads."""

    id: str
    measure: Measure
    #: As the bureau wrote it (``5%``); None where nothing is to be reached.
    target: str | None
    #: The measure once everything begun has been carried out as planned; None where that cannot be said.
    planned: Measure | None
    #: A number of parts in words, with a place for the number; None where they are sums or single values of a field.
    counted: Message | None

    @property
    def reached(self) -> bool | None:
        """Tell whether the target is reached now; None where there is none, or nothing to measure."""
        return _reached(self.measure, self.target)

    @property
    def short(self) -> int | None:
        """Return how many more parts the plan needs to reach the target; 0 where it does."""
        goal = ratio(self.target)
        planned = self.planned or self.measure
        if planned.alone:
            value = planned.value
            return None if goal is None or value is None else max(0, ceil(goal - value))
        if goal is None or not planned.whole:
            return None
        return max(0, ceil(goal * planned.whole - planned.part))

    @property
    def sentence(self) -> Message:
        """Return what to make of it."""
        if self.measure.empty or not (self.measure.whole or self.measure.alone):
            return say("尚无可数的（分母为 0）") if not self.measure.alone else say("尚无可数的")
        if self.target is None:
            return say("没有规定目标")
        if not self.short and self.reached:
            return say("已达目标 {target}", target=self.target)
        short: Message | int | None = self.short
        if self.counted is not None:
            short = replace(self.counted, values={"count": self.short})
        if self.counted is None or self.planned is None:
            return say("目标 {target}，还差 {short}", target=self.target, short=short)
        planned = self.planned.percent()
        if not self.short:
            return say("按现计划可达 {planned}，能达到目标 {target}", planned=planned, target=self.target)
        return say(
            "按现计划可达 {planned}，目标 {target}，还差 {short}",
            planned=planned,
            target=self.target,
            short=short,
        )

    def as_json(self) -> dict[str, Any]:
        """Return plain values; ratios are exact, as ``part/whole``."""
        return {
            "id": self.id,
            "title": self.measure.title,
            "part": _written(self.measure.part),
            "whole": None if self.measure.alone else _written(self.measure.whole),
            "percent": self.measure.percent(),
            "target": self.target,
            "reached": self.reached,
            "planned_part": _written(self.planned.part) if self.planned else None,
            "planned_whole": _written(self.planned.whole) if self.planned else None,
            "planned_percent": self.planned.percent() if self.planned else None,
            "short": self.short,
            "sentence": str(self.sentence),
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the cases of one workflow have come in a year."""

    workflow: str
    title: str
    opened: int
    closed: int
    late: int
    #: title of the state -> cases that stand there, in the order of the definition
    states: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "workflow": self.workflow,
            "title": self.title,
            "opened": self.opened,
            "closed": self.closed,
            "open": self.opened - self.closed,
            "late": self.late,
            "states": dict(self.states),
        }


@dataclass(frozen=True, slots=True)
class SupervisionItem:
    """One line of the supervision report."""

    id: str
    title: str
    count: int
    #: What the count is out of; None where it is a plain count.
    whole: int | None
    #: The cases concerned, ordered.
    cases: tuple[str, ...] = ()
    #: The headings of what is shown of every case, and the cells by case.
    headings: tuple[str, ...] = ()
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: How many cases of the count are not shown to whoever looks.
    hidden: int = 0

    def shown(self, sees: Callable[[str], bool]) -> SupervisionItem:
        """Return the line with the cases `sees` lets through; the counts stay those of the bureau."""
        cases = tuple(case for case in self.cases if sees(case))
        rows = {case: cells for case, cells in self.rows.items() if case in cases}
        return replace(self, cases=cases, rows=rows, hidden=len(self.cases) - len(cases))

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        found: dict[str, Any] = {
            "id": self.id,
            "title": self.title,
            "count": self.count,
            "whole": self.whole,
            "cases": list(self.cases),
        }
        if self.hidden:
            found["hidden"] = self.hidden
        if self.headings:
            found["headings"] = list(self.headings)
            found["rows"] = {case: list(cells) for case, cells in self.rows.items()}
        return found


def instant_in(year: int | None, now: datetime, zone: tzinfo) -> datetime:
    """Return the instant of a report of `year`: now for the present year, else the last of that year."""
    if year is None or year == now.astimezone(zone).year:
        return now
    return datetime(year + 1, 1, 1, tzinfo=zone).astimezone(UTC) - timedelta(seconds=1)


def standings(
    transaction: Transaction,
    bureau: Bureau,
    now: datetime,
    zone: tzinfo,
    definitions: CaseDefinitions | None = None,
) -> list[MeasureStatus]:
    """Return every measure of the bureau, in the order of its YAML."""
    found = measures(transaction, bureau, now, zone, definitions)
    start, end = year_of(now, zone)
    return [
        MeasureStatus(
            rule.id,
            found[rule.id],
            bureau.targets.get(rule.id),
            _planned(transaction, rule, found[rule.id], start, end, definitions),
            _counted(rule.part),
        )
        for rule in bureau.measures.values()
        if rule.id in found
    ]


def ratio(text: str | None) -> Fraction | None:
    """Return the exact value of a target as written: ``5%``, ``1/20`` or ``0.05``."""
    if text is None:
        return None
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def progress(
    definitions: DefinitionCache, transaction: Transaction, now: datetime, zone: tzinfo
) -> list[Progress]:
    """Return how far the cases opened in the year of `now` have come, by workflow."""
    start, end = year_of(now, zone)
    late = _late(transaction, now)
    out = []
    for workflow in definitions.workflows(transaction):
        process = definitions.latest(transaction, workflow)
        wanted = CaseFilter(workflow=workflow, opened_from=start, opened_before=end)
        opened = closed = overdue = 0
        by_state: Counter[str] = Counter()
        for case in each_case(transaction, wanted):
            opened += 1
            closed += not case.open
            overdue += case.id in late
            by_state[case.state] += 1
        if process is None or not opened:
            continue
        states = {
            state.title: by_state.pop(state.id)
            for state in process.workflow.states.values()
            if state.id in by_state
        }
        # Cases of older versions may be in states the newest one does not have.
        states.update(by_state)
        out.append(Progress(workflow, process.workflow.title, opened, closed, overdue, states))
    return out


def supervision(
    transaction: Transaction,
    bureau: Bureau,
    rules: Mapping[str, SupervisionRow],
    definitions: CaseDefinitions,
    now: datetime,
    zone: tzinfo,
) -> list[SupervisionItem]:
    """Return what whoever supervises the year of `now` asks first: one finding for each of the `rules`."""
    year = _YearRecords(transaction, bureau, definitions, now, zone)
    return [year.finding(rule) for rule in rules.values()]


class _YearRecords:
    """What happened in the year of an instant, read once for all rows of the report."""

    def __init__(
        self,
        transaction: Transaction,
        bureau: Bureau,
        definitions: CaseDefinitions,
        now: datetime,
        zone: tzinfo,
    ) -> None:
        self.unit, self.bureau, self.definitions, self.now, self.zone = (
            transaction,
            bureau,
            definitions,
            now,
            zone,
        )
        self.start, self.end = year_of(now, zone)
        self.english = current_language() != SOURCE_LANGUAGE

    @cached_property
    def _late(self) -> frozenset[str]:
        return _late(self.unit, self.now)

    @cached_property
    def _every_case(self) -> list[Case]:
        return list(each_case(self.unit, CaseFilter(opened_from=self.start, opened_before=self.end)))

    @cached_property
    def _names(self) -> Mapping[str, FieldNames]:
        return field_names(self.unit)

    @cached_property
    def _kpi(self) -> Mapping[str, Fraction | None]:
        return kpi(self.unit, self.bureau, self.now, self.zone, self.definitions)

    def finding(self, rule: SupervisionRow) -> SupervisionItem:
        """Return what one row of the report says."""
        title = rule.heading(self.english)
        if rule.counted == "refusals":
            return SupervisionItem(rule.id, title, self.unit.events.count("refused"), None)
        if rule.counted == "publications":
            published = [
                one
                for one in self.unit.records.publications(kind=None if rule.of == EVERY else rule.of)
                if self.start <= one.published_at < self.end
            ]
            found = [one for one in published if _publication_is(rule.status, one)]
            return SupervisionItem(rule.id, title, len(found), len(published), _of(found))
        if rule.counted == "draws":
            draws = [row for row in self.unit.records.draws() if self.start <= row.made_at < self.end]
            void = [row for row in draws if rule.status is None or row.status == rule.status]
            return SupervisionItem(rule.id, title, len(void), len(draws), _of(void))
        return self._of_cases(rule, title)

    def _of_cases(self, rule: SupervisionRow, title: str) -> SupervisionItem:
        cases = [case for case in self._every_case if rule.of in (EVERY, case.workflow)]
        found: list[str] = []
        values: dict[str, list[str]] = {}
        rows: dict[str, tuple[str, ...]] = {}
        for case in cases:
            if not self._case_is(rule.status, case):
                continue
            if rule.where is not None or rule.alike is not None or rule.columns:
                process = self.definitions.get(self.unit, case.workflow, case.version)
                scope = case_scope(process, case, self.now, self._names.get(case.workflow, NO_NAMES))
                if rule.where is not None and not holds(rule.where, scope):
                    continue
                if rule.alike is not None:
                    text = _words_of(value_in(rule.alike, scope))
                    if not text:
                        continue
                    values.setdefault(text, []).append(case.id)
                if rule.columns:
                    scope["kpi"] = self._kpi
                    rows[case.id] = tuple(cell(value_in(one.value, scope)) for one in rule.columns)
            found.append(case.id)
        if rule.alike is not None:
            several = {one for same in values.values() if len(same) > 1 for one in same}
            found = [one for one in found if one in several]
            rows = {one: cells for one, cells in rows.items() if one in several}
        headings = tuple(column.heading(self.english) for column in rule.columns)
        return SupervisionItem(rule.id, title, len(found), len(cases), tuple(found), headings, rows)

    def _case_is(self, status: str | None, case: Case) -> bool:
        if status == "overdue":
            return case.id in self._late
        if status == "extended":
            return any(clock.extended_by for clock in case.clocks.values())
        return status is None or case.suspended_at is not None


def _words_of(value: Any) -> str:
    """Return a value as texts are compared: without blanks; empty where nothing was written."""
    values = value if isinstance(value, (list, tuple)) else [value]
    return "\n".join("".join(str(one).split()) for one in values if one not in (None, "", [], {}))


def _publication_is(status: str | None, publication: Publication) -> bool:
    if status == "late":
        return publication.late
    return status is None or publication.withdrawn_at is not None


def _of(rows: Sequence[Publication] | Sequence[DrawRow]) -> tuple[str, ...]:
    return tuple(sorted({row.case for row in rows}))


def _written(number: Number) -> int | str:
    """Return a number as JSON has it: whole ones as numbers, others as exact texts."""
    return int(number) if number == int(number) else plain(number)


def _planned(
    transaction: Transaction,
    rule: MeasureRule,
    measure: Measure,
    start: datetime,
    end: datetime,
    definitions: CaseDefinitions | None,
) -> Measure | None:
    """Return the measure with every open case carried out; only what counts cases by their forms can be foretold."""
    sides = [side for side in (rule.part, rule.whole) if side is not None]
    if rule.whole is None or rule.part.cases is None or not rule.part.forms or any(map(looks_inside, sides)):
        return None
    part = _hoped(transaction, rule.part, start, end, definitions)
    whole: Number = measure.whole
    if rule.whole.cases is not None:
        whole = (
            _hoped(transaction, rule.whole, start, end, definitions)
            if rule.whole.forms
            else tally(transaction, rule.whole, start, end) or 0
        )
    return replace(measure, part=part, whole=whole)


def _hoped(
    transaction: Transaction,
    rule: Tally,
    start: datetime,
    end: datetime,
    definitions: CaseDefinitions | None,
) -> int:
    wanted = CaseFilter(workflow=rule.workflow, opened_from=start, opened_before=end)
    names = field_names(transaction)
    found = [
        case
        for case in each_case(transaction, wanted)
        if fits(replace(rule, forms=()) if case.open else rule, case, transaction, definitions, names)
    ]
    return len({case.subject.get("id") for case in found}) if rule.distinct else len(found)


def _counted(rule: Tally) -> Message | None:
    if rule.reckoning in ("sum", "min", "max"):
        return None
    return say("{count} 户") if rule.distinct or rule.register else say("{count} 件")


def _reached(measure: Measure, target: str | None) -> bool | None:
    goal, value = ratio(target), measure.value
    return None if goal is None or value is None else value >= goal


def _late(transaction: Transaction, now: datetime) -> frozenset[str]:
    return frozenset(task.case for task in transaction.tasks.all(overdue_at=now, limit=MAX_TASKS))
