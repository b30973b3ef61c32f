from __future__ import annotations

from datetime import UTC, datetime, timedelta

from visit_bureau import visit_bureau

from engine.app.daemons.audit_alarm import AuditAlarm
from engine.app.daemons.clock_guard import ClockJump
from engine.app.incidents.incident import (
    AUDIT,
    CLOCK,
    MESSAGE,
    TIMER,
    TRIES,
    _of_audit,
    _of_clock,
    find_incident,
    incidents_in,
    timer_id,
    unknown_incident,
)
from engine.app.ports.records import OutboxItem, Timer
from engine.kernel.refusal import NextAction


def test_what_waits_for_a_person() -> None:
    bureau = visit_bureau()
    plan = bureau.start("plan")
    now = bureau.clock.now()
    items = [
        OutboxItem(
            id=f"m{number}",
            kind="message",
            channel="log",
            recipient=recipient,
            case=plan,
            payload={},
            created_at=now - timedelta(days=number),
            status="incident",
            attempts=4,
            error="无法连接",
        )
        for number, recipient in ((1, "anna"), (2, None))
    ]
    with bureau.store.write() as transaction:
        assert incidents_in(transaction) == []
        (timer,) = transaction.timers.of_case(plan)
        transaction.timers.set_aside(timer, "算不出来")
        transaction.outbox.put(items)
        transaction.settings.put(TRIES + timer_id(timer), {"times": 2})
        found = incidents_in(transaction)
        assert [(one.id, one.kind, one.error, one.times) for one in found] == [
            ("m2", MESSAGE, "无法连接", 4),
            ("m1", MESSAGE, "无法连接", 4),
            ("plan-1/draft", TIMER, "算不出来", 3),
        ]
        assert [str(one.what) for one in found] == [
            "渠道“log”的一项输出没有完成",
            "给“anna”的消息没有经渠道“log”送达",
            "案件“plan-1”的时限“draft”到点后无法执行，已搁置",
        ]
        assert [one.next.name for one in found] == ["settle_message", "settle_message", "settle_timer"]
        assert find_incident(transaction, "plan-1/draft") == found[2]
        assert find_incident(transaction, "absent") is None
        assert len(incidents_in(transaction, 1)) == 2
    assert found[2].as_json()["since"] == timer.at.isoformat()
    assert timer_id(Timer("c", "t", now)) == "c/t"


def test_an_incident_there_is_not_is_refused_with_the_way_to_the_list() -> None:
    reason = unknown_incident("m-9")
    assert str(reason.message) == "没有异常“m-9”；也可能已有人处理，或属于其他股室"
    assert reason.next == NextAction("list_incidents")


def test_a_clock_that_jumped_and_an_alarm_of_the_audit_wait_for_a_person_too() -> None:
    last = datetime(2026, 1, 1, tzinfo=UTC)
    jump = ClockJump(last, last + timedelta(days=40))
    clock, audit = _of_clock(jump), _of_audit(AuditAlarm(last, 3, ("甲", "乙"), "ab"))
    assert (clock.id, clock.kind, clock.since, clock.next) == (CLOCK, CLOCK, last, NextAction("settle_clock"))
    assert "已 40 天" in str(clock.what)
    assert clock.error == "2026-01-01T00:00:00.000000Z → 2026-02-10T00:00:00.000000Z"
    assert (audit.kind, audit.times, audit.error, audit.next) == (
        AUDIT,
        3,
        "甲\n乙",
        NextAction("settle_audit"),
    )
