"""The ticker: what APScheduler would get wrong by itself, and the contract of start and stop."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from apscheduler.jobstores.memory import MemoryJobStore

import engine
from engine.app.daemons.daily_retry import PutOffError
from engine.app.delivery.deliver import Delivered
from engine.deployment.clocks import SystemClock, VirtualClock
from engine.runtime.ticker import Ticker
from tests.hung_run import HUNG


@dataclass(frozen=True)
class Swept:
    fired: int = 0
    set_aside: int = 0
    next_at: datetime | None = None


class Calls:
    """Counts calls, and answers or raises what it is given."""

    def __init__(self, answer: Callable[[], Any]) -> None:
        self.times: list[float] = []
        self._answer = answer
        self._called = threading.Condition()

    def __call__(self) -> Any:
        with self._called:
            self.times.append(time.monotonic())
            self._called.notify_all()
        return self._answer()

    def wait_for(self, count: int, seconds: float = HUNG) -> bool:
        with self._called:
            return self._called.wait_for(lambda: len(self.times) >= count, seconds)


class House:
    """A ticker with counted calls; an hour between two of them unless a test says otherwise."""

    def __init__(self, **how: Any) -> None:
        self.sweep = Calls(how.pop("sweep", Swept))
        self.deliver = Calls(how.pop("deliver", Delivered))
        self.nightly = Calls(how.pop("nightly", lambda: None))
        clock = how.pop("clock", SystemClock())
        seconds = how.pop("seconds", 3600)
        self.ticker = Ticker(self.sweep, self.deliver, self.nightly, clock, seconds, **how)


@pytest.fixture
def house() -> Iterator[Callable[..., House]]:
    made: list[House] = []

    def make(**how: Any) -> House:
        made.append(House(**how))
        return made[-1]

    yield make
    for one in made:
        one.ticker.stop(HUNG)


def scheduler_of(ticker: Ticker) -> Any:
    assert ticker._scheduler is not None
    return ticker._scheduler


def test_everything_is_called_at_once_at_the_start_and_then_by_the_interval(house):
    it = house(seconds=0.2)
    it.ticker.start()
    assert it.sweep.wait_for(4)
    assert it.deliver.wait_for(4)
    assert len(it.nightly.times) == 1
    assert it.sweep.times[3] - it.sweep.times[0] >= 0.4


def test_a_check_that_is_put_off_is_called_again(house):
    problems = iter([PutOffError(timedelta(0), OSError("busy"))])

    def nightly() -> None:
        for problem in problems:
            raise problem

    it = house(nightly=nightly)
    it.ticker.start()
    assert it.nightly.wait_for(2)
    assert scheduler_of(it.ticker).get_job("nightly-again") is None


def test_the_next_due_instant_wakes_the_sweep_long_before_the_interval(house):
    # Half a second after the first sweep, whenever that comes about.
    due = (Swept(next_at=datetime.now(UTC) + timedelta(seconds=0.5)) for _ in range(1))
    it = house(sweep=lambda: next(due, Swept()))
    it.ticker.start()
    assert it.sweep.wait_for(2)
    assert 0.2 <= it.sweep.times[1] - it.sweep.times[0] < 3600
    assert not it.sweep.wait_for(3, 0.5)


def test_due_instants_are_of_the_office_clock_not_of_the_machine(house):
    clock = VirtualClock(datetime(2030, 1, 1, tzinfo=UTC))
    answers = iter([Swept(next_at=clock.now() + timedelta(seconds=0.4))])
    it = house(clock=clock, sweep=lambda: next(answers, Swept()))
    it.ticker.start()
    assert it.sweep.wait_for(2)


def test_a_backlog_is_worked_off_without_waiting(house):
    past = datetime.now(UTC) - timedelta(days=1)
    answers = iter([Swept(fired=5, next_at=past)] * 4)
    it = house(sweep=lambda: next(answers, Swept()))
    it.ticker.start()
    assert it.sweep.wait_for(5)
    assert not it.sweep.wait_for(6, 0.3)


def test_a_timer_that_is_due_and_never_fires_makes_no_busy_loop(house):
    past = datetime.now(UTC) - timedelta(days=1)
    it = house(sweep=lambda: Swept(set_aside=0, next_at=past))
    it.ticker.start()
    assert it.sweep.wait_for(1)
    assert not it.sweep.wait_for(2, 0.5)


def test_what_a_sweep_caused_is_delivered_at_once(house):
    swept = threading.Event()
    it = house(sweep=lambda: swept.wait(HUNG) and Swept(fired=1))
    it.ticker.start()
    assert it.deliver.wait_for(1)
    assert len(it.deliver.times) == 1
    swept.set()
    assert it.deliver.wait_for(2)


def test_delivery_goes_on_while_there_is_more(house):
    answers = iter([Delivered(sent=200, more=True)] * 3)
    it = house(deliver=lambda: next(answers, Delivered()))
    it.ticker.start()
    assert it.deliver.wait_for(4)
    assert not it.deliver.wait_for(5, 0.3)


def test_a_job_that_raises_stops_neither_itself_nor_the_others(house):
    def burst() -> None:
        raise RuntimeError("database is locked")

    it = house(seconds=0.1, sweep=burst)
    it.ticker.start()
    assert it.sweep.wait_for(4)
    assert it.deliver.wait_for(4)
    assert it.ticker.sweep_age() is None


def test_a_failure_is_logged_with_its_words(house, caplog):
    def burst() -> None:
        raise RuntimeError("database is locked")

    it = house(sweep=burst)
    it.ticker.start()
    assert it.sweep.wait_for(1)
    assert it.ticker.stop(HUNG)
    (record,) = [r for r in caplog.records if r.getMessage() == "sweep-failed"]
    assert record.ssj_fields["error"] == "database is locked"
    assert record.ssj_fields["kind"] == "RuntimeError"


def test_a_late_job_is_not_dropped(house):
    """By default APScheduler drops what is more than a second late."""
    it = house()
    it.ticker.start()
    assert it.sweep.wait_for(1)
    scheduler = scheduler_of(it.ticker)
    late = datetime.now(UTC) - timedelta(minutes=10)
    it.ticker._soon(it.ticker._sweeping, late)
    assert it.sweep.wait_for(2)
    scheduler.modify_job("deliver", next_run_time=late)
    assert it.deliver.wait_for(2)


def test_missed_turns_of_the_interval_are_one_turn(house):
    it = house(seconds=60)
    it.ticker.start()
    assert it.sweep.wait_for(1)
    scheduler_of(it.ticker).modify_job("sweep", next_run_time=datetime.now(UTC) - timedelta(hours=5))
    assert it.sweep.wait_for(2)
    assert not it.sweep.wait_for(3, 0.4)


def test_no_job_is_kept_anywhere_but_in_memory(house):
    it = house()
    it.ticker.start()
    scheduler = scheduler_of(it.ticker)
    assert [type(store) for store in scheduler._jobstores.values()] == [MemoryJobStore]
    jobs = {job.id: job for job in scheduler.get_jobs()}
    assert {"sweep", "deliver", "nightly"} <= set(jobs)
    for name in ("sweep", "deliver", "nightly"):
        assert jobs[name].misfire_grace_time is None
        assert jobs[name].coalesce is True
        assert jobs[name].max_instances == 1


def test_the_nightly_checks_are_at_half_past_two_in_shanghai(house):
    it = house()
    it.ticker.start()
    job = scheduler_of(it.ticker).get_job("nightly")
    assert job.next_run_time.astimezone(UTC).strftime("%H:%M") == "18:30"
    it = house(nightly_at="23:05", timezone="UTC")
    it.ticker.start()
    assert scheduler_of(it.ticker).get_job("nightly").next_run_time.strftime("%H:%M") == "23:05"


def test_never_two_sweeps_at_once(house):
    inside, most = [0], [0]
    lock = threading.Lock()

    def slow() -> Swept:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        time.sleep(0.15)
        with lock:
            inside[0] -= 1
        return Swept(fired=1, next_at=datetime.now(UTC))

    it = house(seconds=0.1, sweep=slow)
    it.ticker.start()
    assert it.sweep.wait_for(8)
    assert most == [1]


def test_a_slow_delivery_does_not_hold_up_the_sweep(house):
    free = threading.Event()
    it = house(seconds=0.1, deliver=lambda: free.wait(HUNG) and Delivered())
    it.ticker.start()
    try:
        assert it.sweep.wait_for(5)
        assert len(it.deliver.times) == 1
    finally:
        free.set()


def test_stop_waits_for_what_is_running_and_lets_nothing_new_begin(house):
    ended = []

    def slow() -> Swept:
        time.sleep(0.5)
        ended.append(True)
        return Swept(fired=1, next_at=datetime.now(UTC))

    it = house(seconds=0.1, sweep=slow)
    it.ticker.start()
    assert it.sweep.wait_for(1)
    assert it.ticker.stop(HUNG) is True
    assert ended == [True]
    calls = len(it.sweep.times), len(it.deliver.times)
    time.sleep(0.4)
    assert (len(it.sweep.times), len(it.deliver.times)) == calls


def test_a_call_that_was_waiting_for_its_turn_does_not_begin_after_the_stop(house):
    free = threading.Event()
    it = house(sweep=lambda: free.wait(HUNG) and Swept())
    it.ticker.start()
    assert it.sweep.wait_for(1)
    waiting = threading.Thread(target=it.ticker._sweeping.run)
    waiting.start()
    assert it.ticker.stop(0.1) is False
    free.set()
    waiting.join(HUNG)
    assert it.ticker.stop(HUNG) is True
    assert len(it.sweep.times) == 1


def test_stop_gives_up_on_what_hangs(house):
    free = threading.Event()
    it = house(sweep=lambda: free.wait(HUNG) and Swept())
    it.ticker.start()
    assert it.sweep.wait_for(1)
    # That it comes back at all: the sweep would go on for the hour that counts as hung.
    assert it.ticker.stop(0.3) is False
    free.set()
    assert it.ticker.stop(HUNG) is True


def test_stop_without_start_stop_twice_start_twice_and_again(house):
    it = house()
    assert it.ticker.stop(1) is True
    it.ticker.start()
    first = scheduler_of(it.ticker)
    it.ticker.start()
    assert scheduler_of(it.ticker) is first
    assert it.sweep.wait_for(1)
    assert it.ticker.stop(HUNG) is True
    assert it.ticker.stop(HUNG) is True
    it.ticker.start()
    assert it.sweep.wait_for(2)


@pytest.mark.parametrize("jump", [timedelta(hours=-3), timedelta(hours=3)])
def test_a_clock_that_was_set_begins_the_counting_anew(house, jump):
    clock = VirtualClock(datetime(2027, 1, 1, tzinfo=UTC))
    it = house(clock=clock, monotonic=lambda: 1000.0)
    it.ticker.start()
    assert it.sweep.wait_for(1)
    assert it.deliver.wait_for(1)
    clock.advance(timedelta(seconds=1))
    it.ticker.heed_clock()
    assert not it.sweep.wait_for(2, 0.3)
    clock.advance(jump)
    it.ticker.heed_clock()
    assert it.sweep.wait_for(2)
    assert it.deliver.wait_for(2)
    it.ticker.heed_clock()
    assert not it.sweep.wait_for(3, 0.3)


def test_the_age_of_the_last_sweep(house):
    seconds = [10.0]
    it = house(monotonic=lambda: seconds[0])
    assert it.ticker.sweep_age() is None
    it.ticker.start()
    assert it.sweep.wait_for(1)
    it.ticker.stop(HUNG)
    seconds[0] = 25.0
    assert it.ticker.sweep_age() == 15.0


def test_the_command_line_does_not_import_the_scheduler():
    code = "import sys, json, engine.cli.main; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    assert "engine.cli.main" in loaded
    assert not [name for name in loaded if name.split(".")[0] in ("apscheduler", "tzlocal")]


def test_the_ticker_alone_imports_the_scheduler():
    importers = set()
    for path in Path(engine.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if any(name.split(".")[0] == "apscheduler" for name in names):
                importers.add(path.name)
    assert importers == {"ticker.py"}
