"""How long the file of a case is kept: worked out from the rule and the case as it is, whenever it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from engine.app.ports.records import CaseFilter
from engine.app.ports.retention import RetentionState
from engine.app.session.scope import own_scope
from engine.language import Message, say
from engine.lifecycle.command import Actor
from engine.lifecycle.expressions.dates import date_of
from engine.lifecycle.expressions.expression import EvaluationError
from engine.worktime.arithmetic import add_period

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptUntil:
    """The time of a file: from when, until when (None: for ever, or not begun), from when on people are informed."""

    case: str
    title: str
    state: RetentionState
    since: date | None
    until: date | None
    notice: date | None


def kept_until(uow: UnitOfWork, case: Case) -> KeptUntil:
    """Return how long the file of a case is kept, by the rule of its workflow."""
    process = uow.process(case)
    rule = process.workflow.archive
    record = uow.transaction.retention.get(case.id)
    state = RetentionState.KEPT if record is None else record.state
    since = until = notice = None
    if rule is not None and not case.open:
        since = _since(uow, case)
        if since is not None and rule.retention.keep is not None:
            calendar = process.time.calendar
            until = add_period(calendar, since, rule.retention.keep)
            if rule.retention.notice is not None:
                notice = add_period(calendar, until, rule.retention.notice, -1)
    return KeptUntil(case=case.id, title=case.title, state=state, since=since, until=until, notice=notice)


def _since(uow: UnitOfWork, case: Case) -> date | None:
    """Return the day the time is counted from; None where the fact it begins with is not there yet."""
    rule = uow.process(case).workflow.archive
    zone = uow.services.definitions.time.zone
    if rule is not None and rule.retention.since is not None:
        try:
            value = rule.retention.since.value(own_scope(uow, case, Actor("")))
            return None if value is None else date_of(value)
        except EvaluationError:
            return None
    counted = case
    if rule is not None and rule.retention.main_case and case.parent is not None:
        counted = uow.seen(case.parent) or case
    return None if counted.closed_at is None else counted.closed_at.astimezone(zone).date()


def in_the_way(uow: UnitOfWork, case: Case, today: date) -> Message | None:
    """Return why the file of a case must not go now; None where nothing is in the way."""
    family = [case]
    if case.parent is not None and (parent := uow.seen(case.parent)) is not None:
        family.append(parent)
    uow.flush()
    open_case = next((one.id for one in family if one.open), None)
    if open_case is None:
        found = uow.transaction.cases.find(CaseFilter(parent=case.id, open=True), limit=1)
        open_case = found[0].id if found else None
    if open_case is not None:
        return say("“{case}”还没有办结，案卷不能处置", case=open_case)
    kept = kept_until(uow, case)
    if kept.until is None:
        return say("“{case}”永久保管，或起算的事实还没有，不能处置", case=case.id)
    if kept.until >= today:
        return say("“{case}”保管到 {until}，还没有到期", case=case.id, until=kept.until.isoformat())
    return None
