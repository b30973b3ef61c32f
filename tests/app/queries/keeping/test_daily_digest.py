"""The lines of the day: what failed, what ends, what nobody holds, what is stuck; what needs somebody comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from small_bureau import SmallBureau, small_bureau

from engine.app.history.journal import add_entry
from engine.app.ports.jobs import JobRecord, JobState
from engine.app.ports.records import Heartbeat, OutboxItem, RegisterEntry, Token
from engine.app.queries.keeping.daily_digest import DigestLine, daily_digest
from engine.kernel.refusal import Refusal


def lines(bureau: SmallBureau) -> dict[str, DigestLine]:
    found = daily_digest(bureau.application, "head-1")
    assert not isinstance(found, Refusal)
    needs = [line.needs_somebody for line in found]
    assert needs == sorted(needs, reverse=True)
    return {line.about: line for line in found}


def test_on_a_quiet_day_what_was_never_done_is_named() -> None:
    found = lines(small_bureau())
    assert {about: (str(line.text), line.needs_somebody) for about, line in found.items()} == {
        "deliveries": ("没有送出去的消息：0 条", False),
        "incidents": ("搁置的定时：0 个", False),
        "backups": ("近期没有备份", True),
        "seal": ("历史还没有封存", True),
        "daemons": ("没有守护进程在运行：时限不走，消息不发", True),
        "calendar": ("2024 年的放假安排已录入", False),
    }
    assert isinstance(daily_digest(small_bureau().application, "nobody"), Refusal)


def test_what_failed_ends_or_is_stuck_is_named() -> None:
    bureau = small_bureau()
    now = bureau.clock.now()
    soon, far = now + timedelta(days=3), now + timedelta(days=60)
    with bureau.application.store.write() as transaction:
        item = OutboxItem(
            id="m-1",
            kind="message",
            channel="log",
            recipient="clerk-1",
            case=None,
            payload={"about": "x"},
            created_at=now,
            status="incident",
        )
        transaction.outbox.put([item])
        for name, ends in (("t-1", soon), ("t-2", far)):
            transaction.tokens.add(Token(name, "clerk-1", "夜间", now, ends, None, name))
        transaction.registers.put(
            [
                RegisterEntry("inspectors", f"insp-{n}", f"检查员{n}", "one", {"cert_valid_to": day})
                for n, day in enumerate([soon.date().isoformat(), far.date().isoformat(), "无"], 1)
            ],
            now,
        )
        job = JobRecord(
            id="j-1",
            number=1,
            kind="papers",
            words={},
            pieces=["a"],
            state=JobState.FAILED,
            made_by="clerk-1",
            made_at=now,
        )
        transaction.jobs.add(job)
        stuck = replace(job, id="j-2", number=2, state=JobState.RUNNING, claimed_until=now - timedelta(1))
        transaction.jobs.add(stuck)
        transaction.jobs.add(replace(job, id="j-3", number=3, state=JobState.DONE))
        transaction.daemons.put(Heartbeat("d-1", now, "1"))
    found = lines(bureau)
    assert found["deliveries"] == DigestLine("deliveries", found["deliveries"].text, needs_somebody=True)
    assert str(found["deliveries"].text) == "没有送出去的消息：1 条"
    assert str(found["tokens"].text) == "30 天内到期的令牌：t-1"
    assert str(found["certificates"].text) == "30 天内到期的执法证件：检查员1 等 1 人"
    assert str(found["jobs"].text) == "停住或失败的作业：j-2、j-1"
    assert (str(found["daemons"].text), found["daemons"].needs_somebody) == ("守护进程在运行", False)


def test_a_backup_grows_old_and_the_next_year_wants_its_notice() -> None:
    bureau = small_bureau()
    with bureau.application.store.write() as transaction:
        body = {"verb": "system.backup", "about": "there"}
        add_entry(transaction, bureau.clock.now(), "done", "head-1", body)
        add_entry(transaction, bureau.clock.now(), "done", "head-1", {"verb": "site.build"})
    bureau.clock.advance(timedelta(days=2))
    found = lines(bureau)["backups"]
    assert (str(found.text), found.needs_somebody) == ("上一次备份在 2 天前", False)
    bureau.clock.set(datetime(2026, 12, 2, tzinfo=UTC))
    assert lines(bureau)["backups"].needs_somebody
    assert str(lines(bureau)["calendar"].text) == "2027 年的放假安排还没有录入，时限暂按周末计"
    with bureau.application.store.write() as transaction:
        left = transaction.registers.get("people", "chief-1")
        assert left is not None
        transaction.registers.put([replace(left, data={"roles": []})], bureau.clock.now())
    assert str(lines(bureau)["roles"].text) == "没有人担任的角色：股长"
