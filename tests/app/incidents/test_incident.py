from __future__ import annotations

from datetime import timedelta

from visit_bureau import visit_bureau

from engine.app.incidents.incident import MESSAGE, TIMER, TRIES, find_incident, incidents_in, timer_id
from engine.app.ports.records import OutboxItem, Timer


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
