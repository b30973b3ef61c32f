"""Retry an incident, or close it with a reason; both are recorded in the history "office".

An incident holds up nothing but itself. The timer of a deadline that still runs is never closed: being late would stay
unseen.
"""

from __future__ import annotations

from typing import Any

from engine.app.access.case_access import require_visible
from engine.app.access.check import allowed_roles
from engine.app.access.command import CommandContext, command, refused
from engine.app.access.proposals import FINDINGS, SecondPerson
from engine.app.access.table import access_row
from engine.app.daemons.audit_alarm import dismiss_alarm, pending_alarm
from engine.app.daemons.clock_guard import confirm
from engine.app.daemons.register_alarm import dismiss_register_alarm
from engine.app.incidents.incident import (
    AUDIT,
    CLOCK,
    MESSAGE,
    REGISTER,
    TIMER,
    TRIES,
    Incident,
    find_incident,
    incidents_in,
    unknown_incident,
)
from engine.app.people.directory import Directory
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.clean_text import clean
from engine.kernel.refusal import NextAction
from engine.language import say

#: So many are tried again at once.
MAX_INCIDENTS = 100_000


@command("incident.change")
def retry(context: CommandContext, incident_id: str) -> None:
    """Let an incident be tried once more, at the next round of the daemon."""
    found = _found(context, incident_id)
    _change(context, found, again=True)
    context.record("incident_retried", _about(found))


@command("incident.change")
def retry_all(context: CommandContext) -> int:
    """Let every incident be tried once more whose case who acts sees; returns how many. Where there is none nothing is entered."""
    found = [one for one in incidents_in(context.transaction, MAX_INCIDENTS) if _sees(context, one)]
    for one in found:
        _change(context, one, again=True)
        context.record("incident_retried", _about(one))
    context.recorded = True
    return len(found)


def _two_agree(context: CommandContext, incident_id: str, reason: str) -> SecondPerson | None:
    """Say that two agree where findings of the audit are closed: exactly those, and no others."""
    alarm = pending_alarm(context.transaction) if incident_id == AUDIT else None
    if alarm is None or not clean(reason):
        return None
    people = Directory(context.transaction)
    roles = () if context.bureau is None else allowed_roles(access_row("incident.change"), context.bureau)
    concerned = {person for role in roles for person in people.holders(role, None)} | {context.by}
    return SecondPerson(
        say("关闭审计核验的告警：{count} 处问题，第一处：{first}", count=alarm.count, first=alarm.first[0]),
        about=AUDIT,
        summary={
            FINDINGS: {"count": alarm.count, "digest": alarm.digest, "first": list(alarm.first)},
        },
        concerned=tuple(sorted(concerned)),
    )


@command("incident.change", second=_two_agree)
def dismiss(context: CommandContext, incident_id: str, reason: str) -> None:
    """Close an incident without another try; findings of the audit only where two agree."""
    found = _found(context, incident_id)
    if found.kind == CLOCK:
        raise context.refusal(
            "incident", say("时钟异常不能关闭"), next_action=NextAction("confirm_or_mend_clock")
        )
    if not clean(reason):
        raise context.refusal("reason", say("关闭异常必须写明理由"), next_action=NextAction("give_reason"))
    if (needed := _why_needed(context, found)) is not None:
        raise needed
    _change(context, found, again=False)
    context.record("incident_dismissed", {**_about(found), "reason": reason})


def _found(context: CommandContext, incident_id: str) -> Incident:
    found = find_incident(context.transaction, incident_id)
    if found is None or not _sees(context, found):
        raise refused(unknown_incident(incident_id))
    return found


def _require_seen(context: CommandContext, found: Incident) -> None:
    """Raise CommandRefused where who acts does not see the case of an incident."""
    uow = UnitOfWork(context.services, context.transaction, context.now)
    if found.case is not None and (case := uow.case(found.case)) is not None:
        require_visible(uow, case, context.actor)


def _sees(context: CommandContext, found: Incident) -> bool:
    try:
        _require_seen(context, found)
    except CommandRefused:
        return False
    return True


def _about(found: Incident) -> dict[str, Any]:
    return {"about": found.id, "case": found.case, "error": found.error, "times": found.times}


def _why_needed(context: CommandContext, found: Incident) -> CommandRefused | None:
    """Return why a timer may not be closed: a deadline that runs must come to its end in the history."""
    if found.kind != TIMER or found.case is None:
        return None
    case = context.transaction.cases.get(found.case)
    name = found.id.removeprefix(f"{found.case}/")
    if case is None or not case.open or name not in case.clocks:
        return None
    message = say(
        "案件“{case}”的时限“{clock}”仍在计时，不能关闭，否则逾期不会入档", case=found.case, clock=name
    )
    return context.refusal("incident", message, next_action=NextAction("retry_incident", {"id": found.id}))


def _change(context: CommandContext, found: Incident, *, again: bool) -> None:
    transaction = context.transaction
    if found.kind == AUDIT:
        # Whether it is still so is found at the next verification; only a reason closes it.
        if not again:
            dismiss_alarm(transaction)
        return
    if found.kind == REGISTER:
        # What was changed back stays so; only a reason closes it.
        if not again:
            dismiss_register_alarm(transaction, found.id.removeprefix(f"{REGISTER}:"))
        return
    if found.kind == CLOCK:
        confirm(transaction)
        return
    if found.kind == MESSAGE:
        (transaction.outbox.retry if again else transaction.outbox.dismiss)(found.id)
        return
    case, _, name = found.id.partition("/")
    aside = transaction.timers.incident(case, name)
    if again and aside is not None:
        transaction.timers.put([aside[0]])
        transaction.settings.put(TRIES + found.id, {"times": found.times})
    elif not again:
        transaction.timers.drop([(case, name)])
