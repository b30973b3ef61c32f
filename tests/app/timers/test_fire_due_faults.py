"""The n-th call of the store or the clock fails, for every n: no sound timer is set aside, and the next sweep completes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from bureau_factories import Bureau
from watched_store import Fault, WatchedStore

from engine.app.commands.application import Application
from engine.app.ports.documents import DocumentRequest
from engine.app.ports.store import ENVIRONMENT_ERRORS, UnavailableError
from engine.app.timers.fire_due import fire_due
from engine.language import say
from engine.store.problem import StoreUnavailableError

VISIT = """
workflow: visit
title: 检查
about: none
initial: open
start: {by: [clerk]}
states:
  open:
    title: 待检查
    for: clerk
    deadline: 2 working days
    overdue:
      1 working day: {escalate: [chief]}
  waiting: {title: 等待, for: clerk}
  printing: {title: 等文书, for: clerk}
  closed: {title: 办结, final: true}
transitions:
  - {do: wait, title: 转等待, from: open, to: waiting}
  - {do: print, title: 转等文书, from: open, to: printing}
  - {do: lapse, title: 期满办结, from: waiting, to: closed, after: 1 day}
  - {do: make, title: 出文书, from: printing, to: closed, after: 1 day, then: [{render: notice}]}
"""


def locked() -> UnavailableError:
    return StoreUnavailableError(say("数据库 {where} 正被其他程序占用，等候超时；请稍后重试", where="x"))


ERRORS: dict[str, Callable[[], BaseException]] = {
    "locked": locked,
    "disk": lambda: OSError(28, "No space left on device"),
    "memory": MemoryError,
    # What no list of errors has foreseen: raised once, it is not taken for the fault of a timer either.
    "unknown": lambda: RuntimeError("driver"),
}


class Printer:
    """Renders documents, and says so before."""

    def __init__(self, watch: Callable[[str], None]) -> None:
        self._watch = watch

    def render(self, request: DocumentRequest) -> bytes:
        self._watch(f"render {request.template}")
        return b"paper"


class WatchedClock:
    def __init__(self, inner: Any, watch: Callable[[str], None]) -> None:
        self._inner, self._watch = inner, watch

    def now(self) -> datetime:
        self._watch("clock")
        return self._inner.now()  # type: ignore[no-any-return]


def bureau_with_timers() -> Bureau:
    bureau = Bureau(VISIT)
    bureau.application.renderer = Printer(lambda _: None)
    for step in (None, "wait", "print", None):
        case = bureau.start("visit", section="north")
        if step:
            bureau.take(case, step)
    bureau.later(days=30)
    return bureau


def watched(bureau: Bureau, watch: Callable[[str], None]) -> Application:
    """Return the application over a store, a clock and a printer that are watched."""
    made = Application(
        WatchedStore(bureau.store, watch), WatchedClock(bureau.clock, watch), bureau.application.definitions,
        channels=("log",),
    )  # fmt: skip
    made.renderer = Printer(watch)
    return made


def outcome(bureau: Bureau) -> Any:
    """Return what a sweep leaves: the histories, the timers, the tasks, the messages."""
    cases = [case.id for case in bureau.cases("visit")]
    histories = {case: [(event.kind, dict(event.body)) for event in bureau.events(case)] for case in cases}
    with bureau.look() as transaction:
        documents = [one.id for case in cases for one in transaction.records.documents(case)]
        tasks = [(task.case, task.state) for task in transaction.tasks.all()]
        messages = sorted(item.id for item in transaction.outbox.listed())
        return histories, transaction.timers.count(), tasks, messages, documents


@pytest.fixture(scope="module")
def whole() -> Any:
    bureau = bureau_with_timers()
    fire_due(bureau.application)
    return outcome(bureau)


#: What nobody knows and what lasts is taken for the fault of whatever is tried.
LASTING = [*((error, 1) for error in ERRORS), *((error, 40) for error in ERRORS if error != "unknown")]


@pytest.mark.parametrize(("error", "lasting"), LASTING)
def test_the_nth_call_fails(whole: Any, error: str, lasting: int) -> None:
    step = 1 if lasting == 1 else 7
    for n in count(1, step):
        bureau = bureau_with_timers()
        fault = Fault(ERRORS[error], n, n + lasting - 1)
        with suppress(*ENVIRONMENT_ERRORS, RuntimeError):
            fire_due(watched(bureau, fault))
        assert bureau.incidents() == [], (n, fault.calls[-1])
        assert bureau.findings() == [], (n, fault.calls[-1])
        while fire_due(bureau.application).fired:
            pass
        assert bureau.incidents() == [], (n, fault.calls[-1])
        assert outcome(bureau) == whole, (n, fault.calls[n - 1 :])
        if not fault.reached:
            break
    assert n > 30


def test_the_store_is_held_by_somebody_else_for_a_whole_sweep(whole: Any) -> None:
    """The store is locked for the batch, the first single try and the second; then it is let go."""
    bureau = bureau_with_timers()
    refusing = Fault(locked, 1, 10**6)
    for _ in range(3):
        with pytest.raises(StoreUnavailableError):
            fire_due(watched(bureau, refusing))
    assert len(refusing.calls) <= 6, "nothing waits for a store again and again"
    fire_due(bureau.application)
    assert bureau.incidents() == []
    assert outcome(bureau) == whole


def test_a_file_that_one_timer_needs_holds_up_no_other() -> None:
    bureau = bureau_with_timers()

    def missing(_: str) -> None:
        raise FileNotFoundError("notice")

    bureau.application.renderer = Printer(missing)
    with pytest.raises(FileNotFoundError):
        fire_due(bureau.application)
    states = sorted(case.state for case in bureau.cases("visit"))
    assert states == ["closed", "open", "open", "printing"]
    assert bureau.incidents() == []
    bureau.application.renderer = Printer(lambda _: None)
    while fire_due(bureau.application).fired:
        pass
    assert sorted(case.state for case in bureau.cases("visit")) == ["closed", "closed", "open", "open"]
