"""Schedules sweep, delivery and nightly checks. Only importer of APScheduler. It owns no state.

Due dates are rows of the store; the scheduler has only "look again in half a minute", "look at 09:00" and "the
nightly checks at 02:30". It can be killed at any moment and started again without anything being late or doubled.

Four things about APScheduler 3 decide the shape of this module (measured, see the tests): by default a job more than
a second late is dropped; a job is handed over before it has run, so nothing that must not be lost may be a job; a
second instance of a running job is skipped in silence; and it counts by the wall clock, so that a clock set back by
an hour would stop everything for an hour.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from engine.app.daemons.daily_retry import PutOffError
from engine.app.ports.store import Clock
from engine.language import say
from engine.runtime.defaults import defaults
from engine.runtime.logs import note, note_failure

#: A difference between the wall clock and the running time that is not a slow computer.
_JUMP = timedelta(seconds=2)
#: After a call for work its sender keeps quiet for a second; this is a little more.
_AFTER_CALL = timedelta(seconds=1.5)


class SweepResult(Protocol):
    """What a sweep answers."""

    @property
    def fired(self) -> int:
        """Return how many timers fired."""
        ...

    @property
    def set_aside(self) -> int:
        """Return how many could not and wait for a person."""
        ...

    @property
    def next_at(self) -> datetime | None:
        """Return when the next timer is due."""
        ...


class DeliveryResult(Protocol):
    """What a delivery answers."""

    @property
    def sent(self) -> int:
        """Return how many items went out."""
        ...

    @property
    def failed(self) -> int:
        """Return how many are to be tried again."""
        ...

    @property
    def incidents(self) -> int:
        """Return how many wait for a person."""
        ...

    @property
    def more(self) -> bool:
        """Tell whether there may be more to send at once."""
        ...


class Ticker:
    """Calls `sweep`, `deliver` and `nightly` when it is time, each never twice at once.

    `interval_seconds` lie between two sweeps, and between two deliveries unless `deliver_seconds` says otherwise. A
    sweep is also called at the next due instant, a delivery also after a sweep that fired something. `nightly` is
    called at `nightly_at` (``HH:MM`` in `timezone`) and once at the start, because an office computer is switched off
    at night; it must not mind being called twice a day, and comes again where it raises PutOffError. What they raise is logged; the next call comes all the same.
    """

    def __init__(
        self,
        sweep: Callable[[], SweepResult],
        deliver: Callable[[], DeliveryResult],
        nightly: Callable[[], object],
        clock: Clock,
        interval_seconds: float,
        *,
        deliver_seconds: float | None = None,
        nightly_at: str | None = None,
        timezone: str | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._interval = timedelta(seconds=interval_seconds)
        self._deliver_interval = timedelta(seconds=deliver_seconds or interval_seconds)
        usual = defaults()["daemon"]
        hour, _, minute = (nightly_at or usual["nightly_at"]).partition(":")
        self._night = CronTrigger(
            hour=int(hour), minute=int(minute), timezone=ZoneInfo(timezone or usual["timezone"])
        )
        self._gate = _Gate()
        self._sweeping = _Work("sweep", lambda: self._sweep(sweep), self._gate)
        self._delivering = _Work("deliver", lambda: self._deliver(deliver), self._gate)
        self._nightly = _Work("nightly", lambda: self._check(nightly), self._gate)
        self._scheduler: BackgroundScheduler | None = None
        self._swept_at: float | None = None
        self._drift: timedelta | None = None

    def start(self) -> None:
        """Begin; the first sweep, delivery and check come at once. A second start does nothing."""
        if self._scheduler is not None:
            return
        self._gate.open()
        self._drift = self._wall_against_running()
        scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(8)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )
        now = datetime.now(UTC)
        for work, trigger in (
            (self._sweeping, IntervalTrigger(seconds=self._interval.total_seconds(), timezone=UTC)),
            (self._delivering, IntervalTrigger(seconds=self._deliver_interval.total_seconds(), timezone=UTC)),
        ):
            scheduler.add_job(work.run, trigger, id=work.name, next_run_time=now)
        scheduler.add_job(self._nightly.run, self._night, id=self._nightly.name)
        self._scheduler = scheduler
        self._soon(self._nightly, now)
        scheduler.start()

    def stop(self, timeout: float) -> bool:
        """Call nothing more and wait up to `timeout` seconds for what is running; tell whether it came to its end.

        More often than once, or without a start, does no harm.
        """
        drained = self._gate.close(timeout)
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None:
            scheduler.shutdown(wait=False)
        return drained

    def wake(self) -> None:
        """Sweep and deliver at once, and once more a little later. May be called from any thread.

        Whoever calls for work keeps quiet for a while after a call; what comes in that while is found the second time.
        """
        now = datetime.now(UTC)
        for work in (self._sweeping, self._delivering):
            self._soon(work, now, "called")
            self._soon(work, now + _AFTER_CALL, "called-again")

    def check_soon(self) -> None:
        """Do the nightly work at once: whoever did it for all may have died before it. Any thread may call."""
        self._soon(self._nightly, datetime.now(UTC))

    def heed_clock(self) -> None:
        """Look whether the wall clock was set, and if so begin counting anew. To be called every few seconds."""
        before, self._drift = self._drift, self._wall_against_running()
        if self._scheduler is None or before is None or abs(moved := self._drift - before) <= _JUMP:
            # Small differences are let go one by one: a clock that is slewed never jumps.
            return
        seconds = round(moved.total_seconds())
        note(
            logging.WARNING,
            "clock-moved",
            say("本机时钟跳动了 {seconds} 秒（被调整，或曾休眠），已重新计时", seconds=seconds),
            seconds=seconds,
        )
        now = datetime.now(UTC)
        self._scheduler.modify_job(self._sweeping.name, next_run_time=now)
        self._scheduler.modify_job(self._delivering.name, next_run_time=now)
        self._scheduler.reschedule_job(self._nightly.name, trigger=self._night)

    def sweep_age(self) -> float | None:
        """Return the seconds since the last sweep that came to its end, or None before the first."""
        return None if self._swept_at is None else self._monotonic() - self._swept_at

    def _sweep(self, sweep: Callable[[], SweepResult]) -> None:
        began = self._clock.now()
        swept = sweep()
        self._swept_at = self._monotonic()
        level = logging.INFO if swept.fired else logging.DEBUG
        note(level, "sweep", fired=swept.fired, set_aside=swept.set_aside, next_at=swept.next_at)
        if swept.set_aside:
            note(
                logging.WARNING,
                "timers-set-aside",
                say("{count} 个时限无法执行，已搁置；用 ssj incident list 查看", count=swept.set_aside),
                count=swept.set_aside,
            )
        # A timer that was due already and did not fire would make a sweep without end; the interval looks after it.
        if swept.next_at is not None and (swept.fired or swept.next_at > began):
            self._soon(self._sweeping, datetime.now(UTC) + (swept.next_at - self._clock.now()))
        if swept.fired:
            self._soon(self._delivering, datetime.now(UTC))

    def _deliver(self, deliver: Callable[[], DeliveryResult]) -> None:
        done = deliver()
        level = logging.INFO if done.sent or done.failed or done.incidents else logging.DEBUG
        note(level, "deliver", sent=done.sent, failed=done.failed, incidents=done.incidents)
        if done.incidents:
            note(
                logging.WARNING,
                "messages-undeliverable",
                say("{count} 条消息未能送达，不再重试；用 ssj incident list 查看", count=done.incidents),
                count=done.incidents,
            )
        if done.more:
            self._soon(self._delivering, datetime.now(UTC))

    def _check(self, nightly: Callable[[], object]) -> None:
        try:
            nightly()
        except PutOffError as later:
            seconds = round(later.after.total_seconds())
            text = say("夜间核验这次做不了，{minutes} 分钟后再试", minutes=seconds // 60)
            note(logging.WARNING, "nightly-put-off", text, seconds=seconds, error=str(later))
            self._soon(self._nightly, datetime.now(UTC) + later.after, "again")
            return
        note(logging.INFO, "nightly")

    def _soon(self, work: _Work, at: datetime, why: str = "at") -> None:
        """Call `work` at an instant of the machine's clock, besides its interval.

        A later call of the same `why` replaces an earlier.
        """
        scheduler = self._scheduler
        if scheduler is not None and not self._gate.closed:
            # Two instances: the one that asks for the next is still running when an instant already past comes up.
            scheduler.add_job(
                work.run, "date", run_date=at, id=f"{work.name}-{why}", replace_existing=True, max_instances=2
            )

    def _wall_against_running(self) -> timedelta:
        since_epoch = self._clock.now() - datetime(1970, 1, 1, tzinfo=UTC)
        return since_epoch - timedelta(seconds=self._monotonic())


class _Work:
    """Something to call: one call runs, one more waits, and any further one is that waiting one."""

    def __init__(self, name: str, call: Callable[[], None], gate: _Gate) -> None:
        self.name = name
        self._call = call
        self._gate = gate
        self._running = threading.Lock()
        self._waiting = threading.Lock()

    def run(self) -> None:
        if not self._waiting.acquire(blocking=False):
            return
        with self._running:
            self._waiting.release()
            if not self._gate.enter():
                return
            try:
                self._call()
            except Exception as problem:  # noqa: BLE001 - whatever a job does, the others and the next one go on
                note_failure(f"{self.name}-failed", problem)
            finally:
                self._gate.leave()


class _Gate:
    """Counts who is inside; closed, it lets nobody in and can wait for the last to leave."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self.closed = True

    def open(self) -> None:
        with self._changed:
            self.closed = False

    def enter(self) -> bool:
        with self._changed:
            if self.closed:
                return False
            self._inside += 1
            return True

    def leave(self) -> None:
        with self._changed:
            self._inside -= 1
            self._changed.notify_all()

    def close(self, timeout: float) -> bool:
        with self._changed:
            self.closed = True
            return self._changed.wait_for(lambda: self._inside == 0, timeout)
