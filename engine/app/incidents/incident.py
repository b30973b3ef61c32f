"""Incidents: timers that could not fire and messages that could not be delivered, until a person has dealt with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app.daemons.audit_alarm import AuditAlarm, pending_alarm
from engine.app.daemons.clock_guard import ClockJump, pending_jump
from engine.app.daemons.register_alarm import RegisterAlarm, pending_register_alarms
from engine.kernel.instants import to_text
from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.records import OutboxItem, Timer
    from engine.app.ports.store import Transaction

TIMER, MESSAGE, CLOCK, AUDIT, REGISTER = "timer", "message", "clock", "audit", "register"
#: The setting under which the retries of a timer are counted, before its id.
TRIES = "incident:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that went wrong and waits for a person."""

    #: ``CASE/TIMER`` for a timer, the id of the item for a message, ``clock`` for a clock that jumped, ``register:CASE/NUMBER`` for
    #: firms that were changed before a commitment and changed back after it.
    id: str
    #: timer | message | clock | audit | register
    kind: str
    case: str | None
    #: What failed, in a sentence.
    what: Message
    #: What was said when it failed last.
    error: str
    #: How often it has failed.
    times: int
    #: When the timer was due, or the message was written.
    since: datetime
    #: What a person can do about it: ``settle_timer``, ``settle_message``, ``settle_clock``, ``settle_audit``, ``settle_register``.
    next: NextAction

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "id": self.id,
            "kind": self.kind,
            "case": self.case,
            "what": str(self.what),
            "error": self.error,
            "times": self.times,
            "since": self.since.isoformat(),
        }


def incidents_in(transaction: Transaction, limit: int = 1000) -> list[Incident]:
    """Return all timers set aside and at most `limit` undeliverable messages, oldest first."""
    found = [_of_timer(transaction, timer, error) for timer, error in transaction.timers.incidents()]
    found += [_of_message(item) for item in transaction.outbox.listed(status="incident", limit=limit)]
    if (alarm := pending_alarm(transaction)) is not None:
        found.append(_of_audit(alarm))
    found += map(_of_registers, pending_register_alarms(transaction))
    if (jump := pending_jump(transaction)) is not None:
        found.append(_of_clock(jump))
    return sorted(found, key=lambda incident: (incident.since, incident.id))


def find_incident(transaction: Transaction, incident_id: str) -> Incident | None:
    """Return one incident, or None."""
    if incident_id == AUDIT:
        return None if (alarm := pending_alarm(transaction)) is None else _of_audit(alarm)
    if incident_id == CLOCK:
        return None if (jump := pending_jump(transaction)) is None else _of_clock(jump)
    for one in map(_of_registers, pending_register_alarms(transaction)):
        if one.id == incident_id:
            return one
    if (item := transaction.outbox.incident(incident_id)) is not None:
        return _of_message(item)
    case, _, name = incident_id.partition("/")
    found = transaction.timers.incident(case, name)
    return None if found is None else _of_timer(transaction, *found)


def unknown_incident(incident_id: str) -> RefusalReason:
    """Return the reason for refusing an incident there is not, or is not for whoever asks: one answer for both."""
    message = say("没有异常“{id}”；也可能已有人处理，或属于其他股室", id=incident_id)
    return RefusalReason("incident", message, next=NextAction("list_incidents"))


def timer_id(timer: Timer) -> str:
    """Return the id of the incident of a timer."""
    return f"{timer.case}/{timer.name}"


def _of_timer(transaction: Transaction, timer: Timer, error: str) -> Incident:
    before: Mapping[str, Any] = transaction.settings.get(TRIES + timer_id(timer)) or {}
    return Incident(
        id=timer_id(timer),
        kind=TIMER,
        case=timer.case,
        what=say("案件“{case}”的时限“{name}”到点后无法执行，已搁置", case=timer.case, name=timer.name),
        error=error,
        times=before.get("times", 0) + 1,
        since=timer.at,
        next=NextAction("settle_timer", {"case": timer.case, "id": timer_id(timer)}),
    )


def _of_clock(jump: ClockJump) -> Incident:
    return Incident(
        id=CLOCK,
        kind=CLOCK,
        case=None,
        what=say("距上次有守护进程运行已 {days} 天，到期事项暂不处理", days=jump.days),
        error=f"{to_text(jump.last)} → {to_text(jump.seen)}",
        times=1,
        since=jump.last,
        next=NextAction("settle_clock"),
    )


def _of_audit(alarm: AuditAlarm) -> Incident:
    return Incident(
        id=AUDIT,
        kind=AUDIT,
        case=None,
        what=say("审计核验发现 {count} 处问题，不再封存", count=alarm.count),
        error="\n".join(alarm.first),
        times=alarm.count,
        since=alarm.since,
        next=NextAction("settle_audit"),
    )


def _of_registers(alarm: RegisterAlarm) -> Incident:
    return Incident(
        id=f"{REGISTER}:{alarm.draw}",
        kind=REGISTER,
        case=alarm.case,
        what=say("“{case}”承诺以前改动、承诺以后又改回的名录 {count} 处", case=alarm.case, count=alarm.count),
        error=alarm.text,
        times=alarm.count,
        since=alarm.since,
        next=NextAction("settle_register", {"case": alarm.case, "id": f"{REGISTER}:{alarm.draw}"}),
    )


def _of_message(item: OutboxItem) -> Incident:
    if item.recipient:
        what = say("给“{person}”的消息没有经渠道“{channel}”送达", person=item.recipient, channel=item.channel)
    else:
        what = say("渠道“{channel}”的一项输出没有完成", channel=item.channel)
    return Incident(
        id=item.id,
        kind=MESSAGE,
        case=item.case,
        what=what,
        error=item.error or "",
        times=item.attempts,
        since=item.created_at,
        next=NextAction("settle_message", {"channel": item.channel, "id": item.id}),
    )
