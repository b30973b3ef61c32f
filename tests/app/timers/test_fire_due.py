"""Timers of a small office in memory: each fired once, bad ones set aside alone, and a case in other hands left alone."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from bureau_factories import Bureau

from engine.app.ports.documents import DocumentRequest
from engine.app.ports.records import Timer
from engine.app.ports.store import Transaction
from engine.app.timers import fire_due as module
from engine.app.timers.fire_due import FiredTimers, fire_due
from engine.lifecycle.chain import follow

VISIT = """
workflow: visit
title: 检查
about: none
initial: open
start: {by: [clerk]}
fields:
  - ready: {title: 可办, type: boolean}
states:
  open:
    title: 待检查
    for: clerk
    deadline: 2 working days
    overdue:
      1 working day: {escalate: [chief]}
  waiting: {title: 等待, for: clerk}
  blocked: {title: 等条件, for: clerk}
  printing: {title: 等文书, for: clerk}
  closed: {title: 办结, final: true}
transitions:
  - {do: wait, title: 转等待, from: open, to: waiting}
  - {do: block, title: 转等条件, from: open, to: blocked}
  - {do: print, title: 转等文书, from: open, to: printing}
  - {do: lapse, title: 期满办结, from: waiting, to: closed, after: 1 day}
  - do: release
    title: 放行
    from: blocked
    to: closed
    after: 1 day
    require:
      - {that: case.ready, else: 条件未到}
  - {do: make, title: 出文书, from: printing, to: closed, after: 1 day, then: [{render: notice}]}
"""


@pytest.fixture
def bureau() -> Bureau:
    return Bureau(VISIT)


def test_nothing_is_due(bureau: Bureau) -> None:
    assert fire_due(bureau.application) == FiredTimers(0, 0, None)
    case = bureau.start("visit", section="north")
    (first,) = bureau.timers(case).values()
    assert fire_due(bureau.application) == FiredTimers(0, 0, first)


def test_a_sweep_with_nothing_due_reads_once_and_writes_nothing(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau.start("visit", section="north")
    reads: list[int] = []
    store = bureau.application.store
    read = store.read

    def counted() -> AbstractContextManager[Transaction]:
        reads.append(1)
        return read()

    monkeypatch.setattr(store, "write", lambda: pytest.fail("nothing is due"))
    monkeypatch.setattr(store, "read", counted)
    found = fire_due(bureau.application)
    assert (found.fired, found.set_aside, len(reads)) == (0, 0, 1)
    assert found.next_at is not None


def test_a_deadline_is_missed_once_and_then_escalated(bureau: Bureau) -> None:
    case = bureau.start("visit", section="north")
    (due,) = bureau.timers(case).values()
    bureau.clock.set(due)
    first = fire_due(bureau.application)
    assert (first.fired, first.set_aside) == (1, 0)
    assert bureau.kinds(case) == ["started", "overdue"]
    assert fire_due(bureau.application).fired == 0
    assert first.next_at == next(iter(bureau.timers(case).values())) > due
    bureau.clock.set(first.next_at)
    assert fire_due(bureau.application) == FiredTimers(1, 0, None)
    assert bureau.kinds(case) == ["started", "overdue", "escalated"]
    assert bureau.findings() == []


def test_after_a_stop_all_steps_of_a_ladder_come_in_one_sweep(bureau: Bureau) -> None:
    cases = [bureau.start("visit", section="north") for _ in range(3)]
    bureau.later(days=30)
    assert fire_due(bureau.application) == FiredTimers(6, 0, None)
    for case in cases:
        assert bureau.kinds(case) == ["started", "overdue", "escalated"]
    assert bureau.findings() == []


@pytest.fixture
def writes(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows with every writing transaction."""
    seen: list[str] = []
    write = bureau.store.write

    def counted() -> AbstractContextManager[Transaction]:
        seen.append("write")
        return write()

    monkeypatch.setattr(bureau.store, "write", counted)
    return seen


def test_a_batch_is_one_transaction_with_what_it_sets_itself(bureau: Bureau, writes: list[str]) -> None:
    ladder, timed = (bureau.start("visit", section="north") for _ in range(2))
    bureau.take(timed, "wait")
    bureau.later(days=30)
    writes.clear()
    assert fire_due(bureau.application) == FiredTimers(3, 0, None)
    # Another look finds nothing left.
    assert len(writes) == 2
    assert bureau.kinds(ladder) == ["started", "overdue", "escalated"]
    assert bureau.state(timed) == "closed"


RENEWED = """
workflow: matter
title: 办件
about: none
initial: open
start: {by: [clerk]}
states:
  open: {title: 待办, for: clerk}
  renewed: {title: 续办, for: clerk}
  closed: {title: 办结, final: true}
clocks:
  answer: {title: 答复, during: [open, renewed], starts_on: [begin, renew], deadline: 3 days}
transitions:
  - {do: begin, title: 开始, from: open}
  - {do: renew, title: 续期, from: open, to: renewed, after: 1 day}
  - {do: close, title: 办结, from: renewed, to: closed}
"""


def test_a_clock_that_a_step_of_the_same_batch_set_anew_is_not_due() -> None:
    bureau = Bureau(RENEWED)
    case = bureau.start("matter", section="north")
    bureau.take(case, "begin")
    assert set(bureau.timers(case)) == {"answer", "after:renew"}
    bureau.later(days=20)
    swept = fire_due(bureau.application)
    assert bureau.state(case) == "renewed"
    assert swept == FiredTimers(1, 0, bureau.timers(case)["answer"])
    assert bureau.timers(case)["answer"] > bureau.clock.now()
    assert bureau.kinds(case) == ["started", "advanced", "advanced"]


def test_batches_and_the_most_a_sweep_fires(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    cases = [bureau.start("visit", section="north") for _ in range(5)]
    for case in cases:
        bureau.take(case, "wait")
    bureau.later(days=3)
    assert fire_due(bureau.application, most=3).fired == 4
    assert fire_due(bureau.application) == FiredTimers(1, 0, None)
    assert {bureau.state(case) for case in cases} == {"closed"}


def test_a_timed_step_closes_a_case(bureau: Bureau) -> None:
    case = bureau.start("visit", section="north")
    bureau.take(case, "wait")
    assert set(bureau.timers(case)) == {"after:lapse"}
    bureau.later(days=2)
    assert fire_due(bureau.application) == FiredTimers(1, 0, None)
    assert bureau.state(case) == "closed"
    assert bureau.events(case)[-1].actor == "engine"
    assert bureau.timers(case) == {}


def test_a_timed_step_that_is_refused_is_set_aside_with_its_reason(bureau: Bureau) -> None:
    case, other = (bureau.start("visit", section="north") for _ in range(2))
    bureau.take(case, "block")
    bureau.take(other, "wait")
    bureau.later(days=2)
    assert fire_due(bureau.application) == FiredTimers(1, 1, None)
    ((timer, error),) = bureau.incidents()
    assert (timer.case, timer.name) == (case, "after:release")
    assert "条件未到" in error
    assert bureau.state(case) == "blocked"
    assert bureau.kinds(case) == ["started", "advanced"]
    assert bureau.state(other) == "closed"


class Jammed:
    """A printer that has no paper."""

    def render(self, request: DocumentRequest) -> bytes:
        raise RuntimeError(f"no paper for {request.template}")


def test_a_timer_that_breaks_a_batch_is_set_aside_alone(bureau: Bureau) -> None:
    bureau.application.renderer = Jammed()
    broken, other = (bureau.start("visit", section="north") for _ in range(2))
    bureau.take(broken, "print")
    bureau.take(other, "wait")
    bureau.later(days=2)
    assert fire_due(bureau.application) == FiredTimers(1, 1, None)
    assert [(timer.case, error) for timer, error in bureau.incidents()] == [
        (broken, "RuntimeError: no paper for notice")
    ]
    assert (bureau.state(broken), bureau.state(other)) == ("printing", "closed")
    assert bureau.findings() == []


def test_a_timer_whose_definition_is_lost_is_set_aside(bureau: Bureau) -> None:
    case = bureau.start("visit", section="north")
    bureau.application.definitions = type(bureau.application.definitions)(bureau.application.definitions.time)
    with bureau.store.write() as transaction:
        kept = transaction.cases.get(case)
        assert kept is not None
        lost = replace(kept, version=99)
        transaction.cases.save(lost, kept.rev)
    bureau.later(days=30)
    assert fire_due(bureau.application).set_aside == 1
    assert bureau.incidents()[0][1] == "KeyError: 'visit 99'"


def test_timers_of_cases_that_moved_on_or_are_gone_are_removed(bureau: Bureau) -> None:
    case = bureau.start("visit", section="north")
    earlier = bureau.clock.now() - timedelta(hours=1)
    strays = [Timer("visit-99", "state", earlier), Timer(case, "after:nowhere", earlier)]
    with bureau.store.write() as transaction:
        transaction.timers.put(strays)
    swept = fire_due(bureau.application)
    assert (swept.fired, swept.set_aside) == (2, 0)
    with bureau.look() as transaction:
        assert transaction.timers.of_case("visit-99") == []
    assert "after:nowhere" not in bureau.timers(case)
    assert bureau.kinds(case) == ["started"]


LAPSING = """
workflow: paper
title: 补正
about: none
initial: waiting
start: {by: [clerk]}
states:
  waiting: {title: 待补正, for: clerk}
  closed: {title: 办结, final: true}
clocks:
  patience: {title: 催办, during: waiting, deadline: 5 days}
transitions:
  - {do: lapse, title: 期满办结, from: waiting, to: closed, after: 1 day}
"""


def test_a_case_somebody_else_has_written_stays_due_and_holds_up_no_other(bureau: Bureau) -> None:
    bureau.publish(LAPSING)
    taken, other = bureau.start("visit", section="north"), bureau.start("paper", section="north")
    assert set(bureau.timers(other)) == {"after:lapse", "patience"}
    with bureau.store.write() as transaction:
        last = transaction.events.last(taken)
        assert last is not None
        meanwhile = follow(taken, 2, bureau.clock.now(), "anna", "urged", {}, last.hash)
        transaction.events.append([meanwhile])
    due = bureau.timers(taken)
    bureau.later(days=30)
    swept = fire_due(bureau.application)
    assert (swept.set_aside, swept.next_at) == (0, min(due.values()))
    # Of the two timers of the other case the second is gone once the first has closed it.
    assert swept.fired == 1
    assert bureau.timers(taken) == due
    assert bureau.state(other) == "closed"
    assert bureau.timers(other) == {}
    assert bureau.incidents() == []
