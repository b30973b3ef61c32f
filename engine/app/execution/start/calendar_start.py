"""Cases the calendar opens: each once, whichever daemon comes first, and those of days on which none ran."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta, tzinfo
from typing import TYPE_CHECKING

from engine.app.definitions.derived_settings import CALENDAR_STARTS, UNTOUCHED
from engine.app.execution.apply import start_cases
from engine.app.execution.start.start_case import with_start_effects
from engine.app.history.retry import retry_on_conflict
from engine.app.session.new_case import NewCase
from engine.app.session.unit_of_work import UnitOfWork
from engine.lifecycle.command import ENGINE, Actor
from engine.lifecycle.process import Process

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.app.services import Services


def open_by_calendar(services: Services) -> int:
    """Open the cases of every start since the last time somebody looked, today included; returns how many."""
    today = _today(services)
    with services.store.read() as transaction:
        if not _behind(transaction, today):
            return 0
    return retry_on_conflict(lambda: _open(services, today))


def is_behind(transaction: Transaction, today: date) -> bool:
    """Tell whether there are starts nobody has looked for up to `today`."""
    return bool(_behind(transaction, today))


def _today(services: Services) -> date:
    zone: tzinfo = services.definitions.time.zone
    return services.clock.now().astimezone(zone).date()


def _behind(transaction: Transaction, today: date) -> Mapping[str, date]:
    """Return the workflows with starts nobody has looked for up to `today`, and the last day somebody did."""
    seen: Mapping[str, str] = transaction.settings.get(CALENDAR_STARTS) or {}
    days = {workflow: date.fromisoformat(day) for workflow, day in seen.items() if workflow != UNTOUCHED}
    return {workflow: day for workflow, day in days.items() if day < today}


def _open(services: Services, today: date) -> int:
    with services.store.write() as transaction:
        # Two that look at once: what the first has written the second may not have read.
        transaction.serialize()
        behind = _behind(transaction, today)
        if not behind:
            return 0
        uow = UnitOfWork(services, transaction, services.clock.now())
        opened = 0
        for workflow, last in sorted(behind.items()):
            for day in _days(last, today):
                # A version that is not in force yet says nothing of the days before.
                process = services.definitions.in_force(transaction, workflow, day)
                starts = process.workflow.calendar_start if process is not None else None
                if process is not None and starts is not None and starts.begins_on(day):
                    opened += _open_day(uow, process, day)
        seen = {**(transaction.settings.get(CALENDAR_STARTS) or {})}
        transaction.settings.put(CALENDAR_STARTS, {**seen, **dict.fromkeys(behind, today.isoformat())})
        uow.finish()
        return opened


def _days(after: date, last: date) -> Iterator[date]:
    """Yield the days behind `after` up to `last`."""
    for number in range(1, (last - after).days + 1):
        yield after + timedelta(days=number)


def _open_day(uow: UnitOfWork, process: Process, day: date) -> int:
    """Open the cases of one day: one, or one for every section in which somebody holds the role."""
    starts = process.workflow.calendar_start
    if starts is None:
        return 0
    role = process.bureau.roles.get(starts.role)
    sections: list[str | None] = [None]
    if role is not None and role.by_section:
        sections = [name for name in process.bureau.sections if uow.people.holders(starts.role, name)]
    title = starts.title(process.workflow.title, day).render("zh_CN")
    news = [
        with_start_effects(uow, process, Actor(ENGINE), NewCase(title=title, section=section))
        for section in sections
    ]
    return len(start_cases(uow, process, ENGINE, news).ids)
