"""``ssj daemon`` on the real clock, killed at random points and started again, until every timer has fired."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crash_factories import CLOCKWORK, check_whole, delays, delivered, fresh_seed, killed_after, start
from watched_deployment import LADDER, LEADERS, SILENT, start_case, watched

from engine.app.delivery.deliver import Retry, deliver
from engine.app.timers.fire_due import fire_due
from engine.deployment.clocks import VirtualClock
from engine.deployment.open import open_deployment_store
from engine.runtime.channels import open_channels
from tests.hung_run import until

#: Cases of each rung of the ladder, seconds over which their next steps are spread, and least kills.
NORMAL, LONG = (8, 10, 6), (60, 60, 30)
#: Kills after which timers that are left will never fire: each life of a daemon fires some.
MAX_KILLS = 500
HOUR = timedelta(hours=1)


def test_each_timer_fires_once_and_each_message_arrives(tmp_path: Path, soak: bool) -> None:
    cases, spread, kills = LONG if soak else NORMAL
    clock = VirtualClock(datetime.now(UTC))
    home, application = watched(tmp_path / "home", clock)
    begin = datetime.now(UTC) + timedelta(seconds=20 if soak else 4)
    with closing(application.store):
        # case -> how many steps it has taken when the daemon is done. The last of them falls into the next seconds,
        # the ones before lie whole hours back and have been taken.
        rungs: dict[str, int] = {}
        for number in range(cases * len(LADDER)):
            rung = number % len(LADDER) + 1
            due = begin + timedelta(seconds=spread) * number / (cases * len(LADDER))
            rungs[start_case(application, f"值守{number}", due - rung * HOUR)] = rung
        with application.store.read() as transaction:
            first = transaction.timers.next_at()
        while first is not None and first < begin - timedelta(minutes=1):
            clock.set(first)
            first = fire_due(application).next_at
        with application.store.read() as transaction:
            # The clock of each case, and the timed step beside it; the last rung has the timed step alone.
            assert transaction.timers.count() == 2 * len(rungs) - cases

    killed = 0
    log = tmp_path / "daemon.err"
    for moment in delays(fresh_seed(), 0.01, 1.8):
        with log.open("w", encoding="utf-8") as err:
            process = start("--home", home.path, "daemon", "-v", stderr=err)
            if killed % 3:
                # From its first work on, however long its start takes; every third is killed from its birth on.
                until(lambda: process.poll() is not None or '"started"' in log.read_text(encoding="utf-8"))  # noqa: B023 - called at once
            was_killed, _, _ = killed_after(process, moment)
        assert was_killed, log.read_text(encoding="utf-8")
        killed += 1
        with closing(open_deployment_store(home)) as store, store.read() as transaction:
            left = transaction.timers.next_at()
        if killed >= kills and (left is None or left > begin + timedelta(seconds=spread, minutes=1)):
            break
        assert killed < MAX_KILLS, "timers were left"

    check_whole(home.path)
    with closing(open_deployment_store(home)) as store:
        # What the last daemon had taken out to send comes back when its claim has run out.
        later = datetime.now(UTC) + timedelta(hours=1)
        # Every daemon killed may have held the same message; two such claims count as one failed try.
        retry = Retry((1,) * killed, 15)
        deliver(store, open_channels(home.channels, home.path), later, limit=10_000, retry=retry)
        with store.read() as transaction:
            expected: set[str] = set()
            for case, rung in rungs.items():
                events = transaction.events.of(case)
                taken = [event.kind for event in events if event.kind in (*CLOCKWORK, "advanced")]
                assert taken == list(LADDER[:rung]), case
                for event in events[1:]:
                    told = 1 if event.kind == "escalated" else len(LEADERS)
                    if event.kind not in SILENT:
                        expected |= {f"{case}:{event.seq}:{number}" for number in range(1, told + 1)}
            # The daily seal orders the site besides.
            told_of = [
                item
                for item in transaction.outbox.listed(limit=10_000)
                # Word of a new task goes to whoever gets it, beside what the clock sends.
                if item.kind == "message" and ":arrived:" not in item.id
            ]
            assert {item.status for item in told_of} == {"sent"}
            assert {item.id for item in told_of} == expected
    messages: Counter[str] = delivered(home.path / "logs" / "messages.jsonl")
    assert set(messages) == expected
    assert max(messages.values()) <= 1 + killed
