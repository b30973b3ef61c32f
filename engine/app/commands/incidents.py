"""Incidents: timers that could not fire and messages that could not be delivered, until a person has dealt with them.

An incident holds up nothing but itself. It is tried again, or closed with a reason; either stands in the journal of
the house with who did it. The timer of a deadline that still runs is never closed: being late would stay unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app.daemons.clock_guard import ClockJump, confirm, pending_jump
from engine.app.history.journal import add_entry
from engine.kernel.instants import to_text
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.records import OutboxItem, Timer
    from engine.app.ports.store import Transaction
    from engine.app.services import Services

TIMER, MESSAGE, CLOCK = "timer", "message", "clock"
#: The name under which the retries of a timer are counted, before its id.
_TRIES = "incident:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that went wrong and waits for a person."""

    #: ``CASE/TIMER`` for a timer, the id of the item for a message, ``clock`` for a clock that jumped.
    id: str
    #: timer | message | clock
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
    #: What a person can do about it.
    advice: Message

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
            "advice": str(self.advice),
        }


def incidents(transaction: Transaction, limit: int = 1000) -> list[Incident]:
    """Return all timers set aside and at most `limit` undeliverable messages, oldest first."""
    found = [_of_timer(transaction, timer, error) for timer, error in transaction.timers.incidents()]
    found += [_of_message(item) for item in transaction.outbox.listed(status="incident", limit=limit)]
    if (jump := pending_jump(transaction)) is not None:
        found.append(_of_clock(jump))
    return sorted(found, key=lambda incident: (incident.since, incident.id))


def incident(transaction: Transaction, incident_id: str) -> Incident | None:
    """Return one incident, or None."""
    return next((one for one in incidents(transaction, 1_000_000) if one.id == incident_id), None)


def retry(services: Services, incident_id: str, person: str) -> Message | None:
    """Let it be tried once more, at the next round of the daemon; returns why not, or None."""
    return _settle(services, "incident_retried", incident_id, person, None)


def dismiss(services: Services, incident_id: str, person: str, reason: str) -> Message | None:
    """Close it without another try; returns why not, or None."""
    return _settle(services, "incident_dismissed", incident_id, person, reason)


def _settle(
    services: Services, kind: str, incident_id: str, person: str, reason: str | None
) -> Message | None:
    with services.store.write() as transaction:
        found = incident(transaction, incident_id)
        problem = _why_not(services, transaction, found, incident_id, person, kind, reason)
        about: dict[str, Any] = {"about": incident_id}
        if found is not None:
            about |= {"case": found.case, "error": found.error, "times": found.times}
        if reason:
            about["reason"] = reason
        if found is None or problem is not None:
            refused = {**about, "verb": kind, "reasons": [{"message": str(problem)}]}
            add_entry(transaction, services.clock.now(), "refused", person, refused)
            return problem
        _change(transaction, found, again=kind == "incident_retried")
        add_entry(transaction, services.clock.now(), kind, person, about)
    return None


def _why_not(
    services: Services,
    transaction: Transaction,
    found: Incident | None,
    incident_id: str,
    person: str,
    kind: str,
    reason: str | None,
) -> Message | None:
    from engine.app.access.check import allowed_roles, who_is_allowed
    from engine.app.access.table import access_row
    from engine.app.definitions.current import bureau_of
    from engine.app.people.directory import find_actor

    actor = find_actor(transaction, person)
    if actor is None:
        return say("名录中没有“{person}”这个人；用 ssj register list people 查看", person=person)
    bureau = bureau_of(services.definitions, transaction)
    row = access_row("incident.change")
    if bureau is not None and actor.roles.isdisjoint(allowed_roles(row, bureau)):
        who = who_is_allowed(transaction, row, bureau)
        return say("“{person}”不能处理异常；可由{who}办理", person=person, who=who)
    if found is None:
        return say("没有异常“{id}”，也可能已有人处理；用 ssj incident list 查看", id=incident_id)
    if kind == "incident_dismissed":
        if found.kind == CLOCK:
            return say("时钟异常不能关闭：核对时钟无误后用 ssj incident retry clock --as ID 放行，或改正时钟")
        if not (reason or "").strip():
            return say("关闭异常必须写明理由（--reason）")
        return _still_needed(transaction, found)
    return None


def _still_needed(transaction: Transaction, found: Incident) -> Message | None:
    """Return why a timer may not be closed: a deadline that runs must come to its end in the history."""
    if found.kind != TIMER or found.case is None:
        return None
    case = transaction.cases.get(found.case)
    name = found.id.removeprefix(f"{found.case}/")
    if case is None or not case.open or name not in case.clocks:
        return None
    return say(
        "案件“{case}”的时限“{clock}”仍在计时，不能关闭，否则逾期不会入档；请排除原因后用 ssj incident retry {id} --as ID 重试",
        case=found.case,
        clock=name,
        id=found.id,
    )


def _change(transaction: Transaction, found: Incident, *, again: bool) -> None:
    if found.kind == CLOCK:
        confirm(transaction)
        return
    if found.kind == MESSAGE:
        (transaction.outbox.retry if again else transaction.outbox.dismiss)(found.id)
        return
    timer = next(timer for timer, _ in transaction.timers.incidents() if _id(timer) == found.id)
    if again:
        transaction.timers.put([timer])
        transaction.settings.put(_TRIES + found.id, {"times": found.times})
    else:
        transaction.timers.drop([(timer.case, timer.name)])


def _id(timer: Timer) -> str:
    return f"{timer.case}/{timer.name}"


def _of_timer(transaction: Transaction, timer: Timer, error: str) -> Incident:
    before: Mapping[str, Any] = transaction.settings.get(_TRIES + _id(timer)) or {}
    return Incident(
        id=_id(timer),
        kind=TIMER,
        case=timer.case,
        what=say("案件“{case}”的时限“{name}”到点后无法执行，已搁置", case=timer.case, name=timer.name),
        error=error,
        times=before.get("times", 0) + 1,
        since=timer.at,
        advice=say(
            "先按错误说明排除原因（用 ssj case show {case} 查看案件），再用 ssj incident retry {id} --as ID 重试；其他时限不受影响",
            case=timer.case,
            id=_id(timer),
        ),
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
        advice=say(
            "核对本机日期和时间。时钟错了：改正后自动继续。时钟没错（系统确实停了这么久）：用 ssj incident retry clock --as ID 放行，积压的到期事项随即依次处理"
        ),
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
        advice=say(
            "核对收件人地址与渠道“{channel}”的设置，再用 ssj incident retry {id} --as ID 重试一次；不必再送的，用 ssj incident dismiss {id} --reason 理由 --as ID 关闭",
            channel=item.channel,
            id=item.id,
        ),
    )
