"""Which cases have personal answers, or papers that print private values of registers, whose file is over: asked of a queue by day.

A case is in the queue (rows of `personal_value` without a value) from when it is closed, under the day after which its
answers are to be destroyed. The row names the papers that print a private value of somebody the case is of, found while the
registers still have the value. Each night the statements since the night before say which cases were written: those that
are closed, and what is below them, are put at their day again. The first night, and where the term was changed, all closed cases are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from engine.app.history.retry import retry_on_conflict
from engine.app.papers.paper import today
from engine.app.papers.paper_values import ValuesOf, no_values, papers_printing
from engine.app.papers.retention import in_the_way, kept_until
from engine.app.ports.audit.personal_values import OF_FILES, PersonalValue
from engine.app.ports.records import CaseFilter
from engine.app.ports.retention import RetentionState
from engine.app.session.measures import each_case
from engine.app.session.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.app.services import Services
    from engine.lifecycle.case import Case

#: The setting that says until which statement cases were put into the queue, and for which term.
PLACE = "retention/answers"
#: The key of a row of the papers that print private values of registers.
PAPERS = "papers"
#: Cases, or statements, looked at in one transaction.
PAGE = 500
#: Cases that are over in one night; the others are in the next.
MAX_CASES = 5000
#: What is over and has an open case in the way is asked for again after so many days.
AGAIN = timedelta(days=7)
_PARTS = ("case", "case.carried")


def cases_due(
    services: Services, now: datetime, days: int, values_of: ValuesOf = no_values
) -> Sequence[Case]:
    """Return closed cases with personal answers or such papers whose file is destroyed, or was to be kept until more than `days` days ago."""
    while retry_on_conflict(partial(_take_up, services, now, days, values_of)):
        pass
    return retry_on_conflict(partial(_due, services, now, days, values_of))


def leave_queue(transaction: Transaction, case: str) -> None:
    """Take a case out of the queue: it has no personal answers any more."""
    transaction.personal_values.destroy([_name(case)])


def _due(services: Services, now: datetime, days: int, values_of: ValuesOf) -> list[Case]:
    with services.store.read() as transaction:
        asked = transaction.personal_values.past(now, MAX_CASES, OF_FILES)
        if not asked:
            return []
        uow = UnitOfWork(services, transaction, now)
        over: list[Case] = []
        others: list[Case] = []
        for row in asked:
            case = uow.seen(row.id.removeprefix(_name("")))
            if case is not None:
                waits = _has_answers(case) or bool(row.values)
                (over if waits and _is_over(uow, case, days) else others).append(case)
    if others:
        with services.store.write() as transaction:
            uow = UnitOfWork(services, transaction, now)
            for case in others:
                _put(uow, case, now, days, values_of)
    return over


def _take_up(services: Services, now: datetime, days: int, values_of: ValuesOf) -> bool:
    """Put the cases of the next page into the queue; tell whether there may be more."""
    with services.store.read() as transaction:
        place = transaction.settings.get(PLACE) or {}
        if place.get("days") != days or not place.get(PAPERS):
            # Statements made while the cases are gone through are read after them.
            place = {"days": days, PAPERS: True, "after": "", "position": transaction.statements.last()}
        if "after" in place:
            found = transaction.cases.find(CaseFilter(open=False), limit=PAGE, after=place["after"] or None)
            more = len(found) == PAGE
            cases = [case.id for case in found]
            following = {**place, "after": found[-1].id} if more else _without_after(place)
        else:
            page = list(transaction.statements.of(after=place["position"], limit=PAGE))
            more = len(page) == PAGE
            cases = list(dict.fromkeys(_written(one.rows for one in page)))
            if not cases and not more:
                return False
            following = {**place, "position": page[-1].position}
    with services.store.write() as transaction:
        uow = UnitOfWork(services, transaction, now)
        for case in _with_those_below(uow, cases) if "after" not in place else map(uow.seen, cases):
            if case is not None:
                _put(uow, case, now, days, values_of)
        transaction.settings.put(PLACE, following)
    return more or "after" in place


def _without_after(place: dict[str, object]) -> dict[str, object]:
    return {name: one for name, one in place.items() if name != "after"}


def _written(pages: Iterable[str]) -> Iterator[str]:
    """Yield the cases that rows of statements name."""
    for rows in pages:
        if '"case' in rows:
            for part, key, _ in json.loads(rows):
                if part in _PARTS:
                    yield str(key[0])


def _with_those_below(uow: UnitOfWork, cases: Iterable[str]) -> Iterator[Case]:
    """Yield the closed ones of these cases and all below them, whose term may be theirs."""
    waiting, seen = list(cases), set[str]()
    while waiting:
        name = waiting.pop()
        case = uow.seen(name) if name not in seen else None
        seen.add(name)
        if case is None or case.open:
            continue
        yield case
        waiting += [one.id for one in each_case(uow.transaction, CaseFilter(parent=case.id))]


def _put(uow: UnitOfWork, case: Case, now: datetime, days: int, values_of: ValuesOf) -> None:
    """Put a case into the queue under its day; out of it where it has none."""
    values, name = uow.transaction.personal_values, _name(case.id)
    known = values.some([name]).get(name)
    papers = () if case.open else papers_to_forget(uow.transaction, case, values_of)
    waits = not case.open and (_has_answers(case) or bool(papers))
    at = _day_of(uow, case, now, days) if waits else None
    kept = {PAPERS: list(papers)} if papers else {}
    same = known is not None and (known.at, known.values) == (at, kept)
    if known is not None and not same:
        values.destroy([name])
    if at is not None and not same:
        values.add([PersonalValue(name, OF_FILES, at, "", kept)])


def papers_to_forget(transaction: Transaction, case: Case, values_of: ValuesOf) -> tuple[str, ...]:
    """Return the ids of the documents of a case that print a private value of its people or firm, found now or noted before."""
    name = _name(case.id)
    row = transaction.personal_values.some([name]).get(name)
    noted = row.values.get(PAPERS, ()) if row is not None else ()
    return tuple(sorted({*noted, *papers_printing(transaction, case, values_of)}))


def _day_of(uow: UnitOfWork, case: Case, now: datetime, days: int) -> datetime | None:
    """Return from when on a case is to be asked for; None where only something that is written can change it."""
    filed = _filed(uow, case)
    if filed is None:
        return None
    kept = kept_until(uow, filed)
    if kept.state is RetentionState.DESTROYED:
        return now - timedelta(microseconds=1)
    if kept.until is None:
        return None
    zone = uow.services.definitions.time.zone
    at = datetime.combine(kept.until + timedelta(days=days + 1), time(), zone).astimezone(now.tzinfo)
    if at < now and in_the_way(uow, filed, today(uow)) is not None:
        return now + AGAIN
    return at


def _is_over(uow: UnitOfWork, case: Case, days: int) -> bool:
    """Tell whether the file a case belongs to is destroyed, or was to be kept until more than `days` days ago."""
    if case.open or (filed := _filed(uow, case)) is None:
        return False
    kept, last = kept_until(uow, filed), today(uow) - timedelta(days=days)
    if kept.state is RetentionState.DESTROYED:
        return True
    return kept.until is not None and kept.until < last and in_the_way(uow, filed, last) is None


def _filed(uow: UnitOfWork, case: Case) -> Case | None:
    """Return the case whose file a case belongs to: itself, else the nearest above with one."""
    filed: Case | None = case
    while filed is not None and uow.process(filed).workflow.archive is None:
        filed = uow.seen(filed.parent) if filed.parent is not None else None
    return filed


def _has_answers(case: Case) -> bool:
    return case.personal is not None and bool(case.personal.texts)


def _name(case: str) -> str:
    return f"{OF_FILES}/{case}"
