from __future__ import annotations

from datetime import timedelta

from heads_fixtures import HeadBureau

from engine.app.audit.signed_heads.overdue_heads import head_is_late, heads_not_sent


def test_a_head_that_waits_for_a_day_is_named_until_it_is_sent() -> None:
    bureau = HeadBureau()
    bureau.services.settings = {"heads": {"send": {"mail": "jiandu@example.gov.cn"}}}
    kept = bureau.day("甲")
    now = bureau.services.clock.now()
    with bureau.store.read() as transaction:
        assert heads_not_sent(transaction, now + timedelta(days=1)) == []
        (late,) = heads_not_sent(transaction, now + timedelta(days=1, seconds=1))
    assert str(late) == f"日志头 {kept.number} 一天内没有送到“mail”"
    with bureau.store.write() as transaction:
        transaction.outbox.failed(f"head:{kept.number}:mail", "无人接收", None)
        assert len(heads_not_sent(transaction, now + timedelta(days=2))) == 1
        transaction.outbox.sent([f"head:{kept.number}:mail"], now)
        assert heads_not_sent(transaction, now + timedelta(days=9)) == []


def test_a_day_without_a_head_is_late_after_the_next_night() -> None:
    bureau = HeadBureau()
    with bureau.store.read() as transaction:
        assert not head_is_late(transaction, bureau.services.clock.now())
    bureau.day("甲")
    now = bureau.services.clock.now()
    with bureau.store.read() as transaction:
        assert not head_is_late(transaction, now + timedelta(days=2))
        assert head_is_late(transaction, now + timedelta(days=2, seconds=1))
