"""Tasks nobody has touched for so many days: each is looked at once, and put before a higher role."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from engine.app.definitions.bureau import bureau_of
from engine.app.definitions.derived_settings import CALENDAR_STARTS, UNTOUCHED
from engine.app.execution.apply import apply_decision
from engine.app.history.retry import retry_on_conflict
from engine.app.session.unit_of_work import UnitOfWork
from engine.language import say
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import ENGINE, Actor
from engine.lifecycle.deadlines.period_text import describe_period
from engine.lifecycle.decision import Decision
from engine.lifecycle.model.untouched import Untouched
from engine.worktime.arithmetic import add_period

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.app.services import Services

#: More open tasks than this are not looked through in one day.
MAX_TASKS = 1_000_000


def escalate_untouched(services: Services) -> int:
    """Put the tasks nobody has touched before a higher role, once a day; returns how many."""
    today = services.clock.now().astimezone(services.definitions.time.zone).date()
    with services.store.read() as transaction:
        if not is_due(transaction, today):
            return 0
    return retry_on_conflict(lambda: _look(services, today))


def is_due(transaction: Transaction, today: date) -> bool:
    """Tell whether nobody has looked yet today for what nobody touched."""
    seen = (transaction.settings.get(CALENDAR_STARTS) or {}).get(UNTOUCHED)
    return seen is not None and date.fromisoformat(seen) < today


def _look(services: Services, today: date) -> int:
    with services.store.write() as transaction:
        # Two that look at once: what the first has written the second may not have read.
        transaction.serialize()
        if not is_due(transaction, today):
            return 0
        seen = transaction.settings.get(CALENDAR_STARTS) or {}
        bureau = bureau_of(services.definitions, transaction)
        rule = bureau.untouched if bureau else None
        uow = UnitOfWork(services, transaction, services.clock.now())
        found = 0
        if rule is not None:
            since, until = (
                _limit(services, date.fromisoformat(day), rule)
                for day in (seen[UNTOUCHED], today.isoformat())
            )
            for case in _untouched(uow, since, until):
                found += _escalate(uow, case, rule)
        transaction.settings.put(CALENDAR_STARTS, {**seen, UNTOUCHED: today.isoformat()})
        uow.finish()
        return found


def _limit(services: Services, day: date, rule: Untouched) -> datetime:
    """Return the instant before which a task must have come to be too old at the beginning of `day`."""
    reckoning = services.definitions.time
    came = day
    while add_period(reckoning.calendar, came, rule.after) >= day:
        came -= timedelta(days=1)
    return datetime.combine(came + timedelta(days=1), time(), reckoning.zone)


def _untouched(uow: UnitOfWork, since: datetime, until: datetime) -> Iterator[Case]:
    """Yield the cases whose task came to a role in that time, and of which no person has done or read anything since.

    A task of named people is theirs, with its clock and its reminders; a task of a role can be everybody's and nobody's.
    One that ends by itself after some days (``after:``) waits for nobody.
    """
    opened = {
        task.case: task.opened_at
        for task in uow.transaction.tasks.all(limit=MAX_TASKS)
        if since <= task.opened_at < until and task.assignee is None and task.key.startswith("r:")
    }
    for case_id in sorted(opened):
        case = uow.case(case_id)
        if case is None or case.suspended_at is not None or uow.process(case).timed_steps(case.state):
            continue
        if not _touched(uow, case, opened[case_id]):
            yield case


def _touched(uow: UnitOfWork, case: Case, since: datetime) -> bool:
    events = uow.transaction.events.of(case.id)
    if any(event.at > since and event.actor != ENGINE for event in events):
        return True
    process = uow.process(case)
    people = {
        person
        for name in process.state(case.state).audience
        for person in uow.people.recipients(process, case, name)
    }
    return any(
        entry.case == case.id and entry.acked_at is not None and entry.created_at >= since
        for person in people
        for entry in uow.transaction.inbox.of(person)
    )


def _escalate(uow: UnitOfWork, case: Case, rule: Untouched) -> bool:
    """Put one task before the nearest role above it that somebody holds; tells whether there is one."""
    process = uow.process(case)
    above = rule.above(process.state(case.state).audience)
    chain = tuple(role for role in above if role in process.bureau.roles)
    if not any(uow.people.recipients(process, case, role) for role in chain):
        return False
    message = say(
        "无人过问：“{case}”的“{state}”已满 {period}，没有人办理或阅知，请督促",
        case=case.title,
        state=process.state(case.state).title,
        period=describe_period(rule.after),
    )
    decision = Decision(
        kind=EventKind.ESCALATED,
        step="untouched",
        title=str(say("无人过问")),
        change=Change(),
        notices=((chain[0], message),),
        escalation_chain=chain,
        urgent=True,
    )
    apply_decision(uow, case, decision, Actor(ENGINE))
    return True
