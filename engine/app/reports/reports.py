"""Reports: the year's measures with their targets and where they are heading, progress, and what supervision asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

from engine.app.ports.records import CaseFilter
from engine.app.ports.store import Transaction
from engine.app.session.measures import PAGE, Measure, measures, tally, year_of
from engine.language import Message, say
from engine.lifecycle.case import Case
from engine.lifecycle.model.bureau import Bureau, MeasureRule, Tally

if TYPE_CHECKING:
    from engine.app.definitions.cache import DefinitionCache

#: Tasks read to find those that are late.
MOST_TASKS = 1_000_000


@dataclass(frozen=True, slots=True)
class MeasureStatus:
    """One measure of the year: where it is, what is to be reached, where the plan leads."""

    id: str
    measure: Measure
    #: As the bureau wrote it (``5%``); None where nothing is to be reached.
    target: str | None
    #: The measure once everything begun has been carried out as planned; None where that cannot be said.
    planned: Measure | None
    #: What the parts are counted in.
    counted: Message

    @property
    def reached(self) -> bool | None:
        """Tell whether the target is reached now; None where there is none, or nothing to measure."""
        return _reached(self.measure, self.target)

    @property
    def short(self) -> int | None:
        """Return how many more parts the plan needs to reach the target; 0 where it does."""
        goal = ratio(self.target)
        planned = self.planned or self.measure
        if goal is None or not planned.whole:
            return None
        return max(0, ceil(goal * planned.whole) - planned.part)

    @property
    def sentence(self) -> Message:
        """Return what to make of it."""
        if not self.measure.whole:
            return say("尚无可数的（分母为 0）")
        if self.target is None:
            return say("没有规定目标")
        if not self.short and self.reached:
            return say("已达目标 {target}", target=self.target)
        if self.planned is None:
            return say(
                "目标 {target}，还差 {short} {counted}",
                target=self.target,
                short=self.short,
                counted=self.counted,
            )
        planned = self.planned.percent()
        if not self.short:
            return say("按现计划可达 {planned}，能达到目标 {target}", planned=planned, target=self.target)
        return say(
            "按现计划可达 {planned}，目标 {target}，还差 {short} {counted}",
            planned=planned,
            target=self.target,
            short=self.short,
            counted=self.counted,
        )

    def as_json(self) -> dict[str, Any]:
        """Return plain values; ratios are exact, as ``part/whole``."""
        return {
            "id": self.id,
            "title": self.measure.title,
            "part": self.measure.part,
            "whole": self.measure.whole,
            "percent": self.measure.percent(),
            "target": self.target,
            "reached": self.reached,
            "planned_part": self.planned.part if self.planned else None,
            "planned_whole": self.planned.whole if self.planned else None,
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
    title: Message
    count: int
    #: What the count is out of; None where it stands alone.
    whole: int | None
    #: The cases concerned, ordered.
    cases: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "id": self.id,
            "title": str(self.title),
            "count": self.count,
            "whole": self.whole,
            "cases": list(self.cases),
        }


def instant_in(year: int | None, now: datetime, zone: tzinfo) -> datetime:
    """Return the instant a report of `year` stands at: now for the present year, else the last of that year."""
    if year is None or year == now.astimezone(zone).year:
        return now
    return datetime(year + 1, 1, 1, tzinfo=zone).astimezone(UTC) - timedelta(seconds=1)


def standings(transaction: Transaction, bureau: Bureau, now: datetime, zone: tzinfo) -> list[MeasureStatus]:
    """Return every measure of the bureau, in the order of its YAML."""
    found = measures(transaction, bureau, now, zone)
    start, end = year_of(now, zone)
    return [
        MeasureStatus(
            rule.id,
            found[rule.id],
            bureau.targets.get(rule.id),
            _planned(transaction, rule, found[rule.id], start, end),
            _counted(rule.part),
        )
        for rule in bureau.measures.values()
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
        standing: Counter[str] = Counter()
        for case in _cases(transaction, wanted):
            opened += 1
            closed += not case.open
            overdue += case.id in late
            standing[case.state] += 1
        if process is None or not opened:
            continue
        states = {
            state.title: standing.pop(state.id)
            for state in process.workflow.states.values()
            if state.id in standing
        }
        # Cases of older versions may stand in states the newest one does not have.
        states.update(standing)
        out.append(Progress(workflow, process.workflow.title, opened, closed, overdue, states))
    return out


def supervision(transaction: Transaction, now: datetime, zone: tzinfo) -> list[SupervisionItem]:
    """Return what whoever supervises the year of `now` asks first."""
    start, end = year_of(now, zone)
    late_tasks = _late(transaction, now)
    cases = extended = suspended = 0
    late, longer, still = [], [], []
    for case in _cases(transaction, CaseFilter(opened_from=start, opened_before=end)):
        cases += 1
        if case.id in late_tasks:
            late.append(case.id)
        if any(clock.extended_by for clock in case.clocks.values()):
            extended += 1
            longer.append(case.id)
        if case.suspended_at is not None:
            suspended += 1
            still.append(case.id)
    published = [p for p in transaction.records.publications() if start <= p.published_at < end]
    withdrawn = [p for p in published if p.withdrawn_at is not None]
    too_late = [p for p in published if p.late]
    draws = [row for row in transaction.records.draws() if start <= row.made_at < end]
    void = [row for row in draws if row.status == "void"]
    return [
        SupervisionItem("late", say("现已逾期的件"), len(late), cases, tuple(late)),
        SupervisionItem("extended", say("正在延长的时限中的件"), extended, cases, tuple(longer)),
        SupervisionItem("suspended", say("挂起中的件"), suspended, cases, tuple(still)),
        SupervisionItem("published_late", say("逾期公示"), len(too_late), len(published), _of(too_late)),
        SupervisionItem("withdrawn", say("撤下的公示"), len(withdrawn), len(published), _of(withdrawn)),
        SupervisionItem("void_draws", say("作废的抽取"), len(void), len(draws), _of(void)),
        SupervisionItem(
            "refused", say("被拒绝的办理（历年合计）"), transaction.events.count("refused"), None
        ),
    ]


def _of(rows: list[Any]) -> tuple[str, ...]:
    return tuple(sorted({row.case for row in rows}))


def _planned(
    transaction: Transaction, rule: MeasureRule, measure: Measure, start: datetime, end: datetime
) -> Measure | None:
    """Return the measure with every open case carried out; only what counts cases by their forms can be foretold."""
    if rule.part.cases is None or not rule.part.forms:
        return None
    part = _hoped(transaction, rule.part, start, end)
    whole = measure.whole
    if rule.whole.cases is not None:
        whole = (
            _hoped(transaction, rule.whole, start, end)
            if rule.whole.forms
            else tally(transaction, rule.whole, start, end)
        )
    return replace(measure, part=part, whole=whole)


def _hoped(transaction: Transaction, rule: Tally, start: datetime, end: datetime) -> int:
    wanted = CaseFilter(workflow=rule.cases, opened_from=start, opened_before=end)
    found = [
        case
        for case in _cases(transaction, wanted)
        if (case.open or any(form in case.forms for form in rule.forms))
        and (rule.field is None or case.fields.get(rule.field) is True)
    ]
    return len({case.subject.get("id") for case in found}) if rule.distinct else len(found)


def _counted(rule: Tally) -> Message:
    return say("户") if rule.distinct or rule.register else say("件")


def _reached(measure: Measure, target: str | None) -> bool | None:
    goal, value = ratio(target), measure.value
    return None if goal is None or value is None else value >= goal


def _late(transaction: Transaction, now: datetime) -> frozenset[str]:
    return frozenset(task.case for task in transaction.tasks.all(overdue_at=now, limit=MOST_TASKS))


def _cases(transaction: Transaction, wanted: CaseFilter) -> Iterator[Case]:
    after: str | None = None
    while page := transaction.cases.find(wanted, limit=PAGE, after=after):
        yield from page
        after = page[-1].id
