"""Tables of statistics, and how long steps take: counts by group, medians and ninetieth percentiles with their numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from engine.app.definitions.derived_settings import names_of
from engine.app.history.replay import history
from engine.app.ports.records import CaseFilter
from engine.app.reports.item_results import found_of_items
from engine.app.session.case_values import case_scope, holds, plain, value_in
from engine.app.session.measures import each_case, year_of
from engine.lifecycle.case import EventKind

if TYPE_CHECKING:
    from datetime import tzinfo

    from engine.app.ports.store import Transaction
    from engine.app.session.measures import CaseDefinitions
    from engine.lifecycle.case import Case
    from engine.lifecycle.measure_rules import StatisticsGroup, StatisticsTable
    from engine.lifecycle.model.bureau import Bureau

#: The group of cases that have no value.
NONE = ""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StatisticsLine:
    """One line of a table: the group, and of each column the count, or the two counts of a ratio."""

    group: str
    title: str
    cells: Mapping[str, tuple[int, int | None]]

    def shown(self, column: str) -> str:
        """Return a cell as people read it: a count, or a ratio in per cent, cut off, with its two counts."""
        part, whole = self.cells[column]
        if whole is None:
            return str(part)
        if not whole:
            return "-"
        hundredths = part * 10_000 // whole
        return f"{hundredths // 100}.{hundredths % 100:02d}% ({part}/{whole})"

    def as_json(self) -> dict[str, Any]:
        """Return plain values; ratios are exact, as ``part/whole``."""
        cells = {
            name: part if whole is None else f"{part}/{whole}" for name, (part, whole) in self.cells.items()
        }
        return {"group": self.group, "title": self.title, **cells}


@dataclass(frozen=True, slots=True)
class StepTime:
    """How long cases stay in one state: of how many, in days; percentiles by nearest rank, so each is a case that was."""

    state: str
    title: str
    cases: int
    median: Fraction
    ninetieth: Fraction

    def as_json(self) -> dict[str, Any]:
        """Return plain values; days with one digit, cut off."""
        return {
            "state": self.state,
            "title": self.title,
            "cases": self.cases,
            "median_days": days_text(self.median),
            "p90_days": days_text(self.ninetieth),
        }


def days_text(days: Fraction) -> str:
    """Return days with one digit behind the point, cut off."""
    return plain(Fraction(days * 10 // 1, 10))


def table_of(
    transaction: Transaction,
    definitions: CaseDefinitions,
    bureau: Bureau,
    table: StatisticsTable,
    by: str,
    now: datetime,
    zone: tzinfo,
) -> list[StatisticsLine]:
    """Return the lines of a table for the cases opened in the year of `now`, ordered by group; the last is of all.

    By item a column counts what was found of that item, where it says so (`of_item`); the line of all counts cases.
    Raises KeyError for a group the table does not have.
    """
    group = table.groups[by]
    counts: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(table.columns, 0))
    total = dict.fromkeys(table.columns, 0)
    names = names_of(transaction, table.workflow)
    for case in _cases(transaction, table.workflow, now, zone):
        process = definitions.get(transaction, case.workflow, case.version)
        scope = case_scope(process, case, now, names)
        counted = [
            column
            for column in table.columns.values()
            if not column.part and (column.where is None or holds(column.where, scope))
        ]
        by_item = group.names == "items" and any(column.of_item for column in counted)
        found = found_of_items(transaction, process, case) if by_item else {}
        for name in _groups(group, value_in(group.value, scope)):
            inside = {**scope, "item": found.get(name, {})} if by_item else scope
            for column in counted:
                if not by_item or column.of_item is None or holds(column.of_item, inside):
                    counts[name][column.id] += 1
        for column in counted:
            total[column.id] += 1
    titles = _titles(transaction, bureau, group)
    listed = sorted({*counts, *(titles if group.whole else ())})
    lines = [_line(table, name, titles.get(name, name), counts[name]) for name in listed]
    return [*lines, _line(table, "*", "*", total)]


def _line(table: StatisticsTable, group: str, title: str, counts: Mapping[str, int]) -> StatisticsLine:
    cells: dict[str, tuple[int, int | None]] = {
        column.id: (counts[column.part], counts[column.whole]) if column.part else (counts[column.id], None)
        for column in table.columns.values()
    }
    return StatisticsLine(group, title, cells)


def _groups(group: StatisticsGroup, value: Any) -> list[str]:
    """Return the groups a case belongs to; one without a value to `NONE`."""
    values = value if isinstance(value, (list, tuple)) else [value]
    texts = [str(one)[:7] if group.by_month else str(one) for one in values if one not in (None, "")]
    return list(dict.fromkeys(texts)) or [NONE]


def _titles(transaction: Transaction, bureau: Bureau, group: StatisticsGroup) -> Mapping[str, str]:
    if group.names == "sections":
        return bureau.sections
    if group.names == "items":
        return {entry.id: entry.name for entry in transaction.registers.all("items")}
    return bureau.codes.get(group.names or "", {})


def step_times(
    transaction: Transaction,
    definitions: CaseDefinitions,
    workflow: str,
    now: datetime,
    zone: tzinfo,
) -> list[StepTime]:
    """Return how long cases of a workflow, opened in the year of `now`, stayed in each state they have left.

    In the order of the definition of the newest case; a case that was in a state twice counts twice.
    """
    spent: dict[str, list[timedelta]] = defaultdict(list)
    titles: dict[str, str] = {}
    for case in _cases(transaction, workflow, now, zone):
        states = definitions.get(transaction, case.workflow, case.version).workflow.states
        titles = {name: state.title for name, state in states.items()} | titles
        for state, stay in _stays(transaction, case):
            spent[state].append(stay)
    return [
        StepTime(
            state,
            titles.get(state, state),
            len(spent[state]),
            percentile(spent[state], 50),
            percentile(spent[state], 90),
        )
        for state in sorted(spent, key=lambda one: list(titles).index(one) if one in titles else len(titles))
    ]


def percentile(stays: Sequence[timedelta], per_cent: int) -> Fraction:
    """Return the value in days at a percentile, by nearest rank: at least so many in a hundred are no longer."""
    ordered = sorted(stays)
    rank = max(1, -(-per_cent * len(ordered) // 100))
    found = ordered[rank - 1]
    return Fraction(found // timedelta(microseconds=1), _DAY // timedelta(microseconds=1))


def _stays(transaction: Transaction, case: Case) -> Iterator[tuple[str, timedelta]]:
    """Yield each state a case has left, with how long it stayed."""
    state, since = None, None
    for event in history(transaction, case.id):
        if event.kind == EventKind.REFUSED.value or "state" not in event.body:
            continue
        if state is not None and since is not None:
            yield state, event.at - since
        state, since = str(event.body["state"]), event.at


def _cases(transaction: Transaction, workflow: str, now: datetime, zone: tzinfo) -> Iterator[Case]:
    start, end = year_of(now, zone)
    return each_case(transaction, CaseFilter(workflow=workflow, opened_from=start, opened_before=end))
