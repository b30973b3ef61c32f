"""Which clocks start, stop, stand still and move when a case does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from deadline_factories import PROCESS, walk
from walk_factories import SELF, Walk, process_of, shanghai

from engine.lifecycle.deadlines.clock_transitions import (
    asked_again,
    clocks_after,
    limits_left_out,
    sinces_of,
    with_those_beside,
)
from engine.lifecycle.deadlines.period_text import why_these_limits
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope


def test_they_start_on_entering_and_stop_on_leaving() -> None:
    case = walk()
    scope = make_scope(PROCESS, case.case, SELF, case.now, {})
    started = clocks_after(PROCESS, None, "visit", case.now, scope)
    assert all(started.values())
    assert set(started) == {"visit_due", "report_due"}
    stopped = clocks_after(
        PROCESS, "visit", "review", case.now, scope, step="submit", running=case.case.clocks
    )
    assert stopped == {"visit_due": None, "report_due": None}


def test_one_stands_still_with_those_beside_it_and_goes_on_later() -> None:
    case = walk()
    due = case.case.clocks["visit_due"].due_at
    case.at("2024-09-04").take("ask")
    assert {clock.paused_at for clock in case.case.clocks.values()} == {case.now}
    case.at("2024-09-11").take("go_on")
    assert {clock.paused_at for clock in case.case.clocks.values()} == {None}
    assert case.case.clocks["visit_due"].due_at > due


def test_what_is_counted_from_a_clock_moves_with_it() -> None:
    case = walk()
    clocks = case.case.clocks
    longer = PROCESS.time.recounted(
        PROCESS.workflow.clocks["visit_due"], replace(clocks["visit_due"], extended_by=5), case.now, clocks
    )
    moved = with_those_beside(PROCESS, clocks, {"visit_due": longer}, case.now)
    beside = moved["report_due"]
    assert beside is not None
    assert beside.due_on > clocks["report_due"].due_on
    assert with_those_beside(PROCESS, clocks, {}, case.now) == {}


def test_a_clock_beside_one_that_does_not_run_cannot_be_counted() -> None:
    flow = PROCESS.workflow
    elsewhere = replace(flow.clocks["visit_due"], during=frozenset({"review"}))
    process = Process(
        replace(flow, clocks={**flow.clocks, "visit_due": elsewhere}), PROCESS.bureau, PROCESS.time, 1
    )
    case = walk()
    scope = make_scope(process, case.case, SELF, case.now, {})
    with pytest.raises(EvaluationError, match="没有在计时"):
        clocks_after(process, None, "visit", case.now, scope)


CONDITIONAL = """
workflow: claim
title: 认定
about: object
start: {by: clerk}
initial: open
fields:
  - clear: {title: 事实清楚, boolean}
  - seen_on: {title: 查明之日, date}
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 等待, for: clerk}
  done: {title: 办结, final}
clocks:
  due:
    title: 期限
    during: [open, waiting]
    pauses_in: waiting
    deadline: 60 days
    basis: 某条例
    not_later_than:
      - {deadline: 15 days, when: case.clear, basis: 某条例 二}
      - {deadline: 3 working days, since: case.seen_on, when: case.clear and filled(case.seen_on), basis: 某条例 三}
transitions:
  - {do: note, title: 记录, from: open}
  - {do: wait, title: 等, from: open, to: waiting}
  - {do: go_on, title: 接着办, from: waiting, to: open}
  - {do: finish, title: 办结, from: open, to: done}
"""


def _with(case: Walk, **fields: object) -> Walk:
    case.case = replace(case.case, fields={**case.case.fields, **fields})
    return case


def test_limits_come_to_hold_and_cease_to_at_the_steps_of_a_case() -> None:
    case = Walk(CONDITIONAL)
    clock = case.process.workflow.clocks["due"]
    # An answer that is missing does not hold, and refuses nothing.
    assert (case.due("due"), case.case.clocks["due"].left_out) == ("2024-11-01", (1, 2))
    _with(case, clear=True).take("note")
    assert (case.due("due"), case.case.clocks["due"].ruling) == ("2024-09-17", 1)
    assert [str(one) for one in why_these_limits(case.process.workflow, clock, case.case.clocks["due"])] == [
        "适用这一期限，因为 case.clear",
        "期限 3 个工作日不适用，因为不是 case.clear and filled(case.seen_on)",
    ]
    case.at("2024-09-03").take("wait")
    case.at("2024-09-05").take("go_on")
    assert case.due("due") == "2024-09-19"
    # Its own day, moved by the two working days of the pause.
    _with(case, seen_on="2024-09-02").take("note")
    assert (case.due("due"), case.case.clocks["due"].ruling) == ("2024-09-09", 2)
    _with(case, clear=False).take("note")
    assert case.due("due") == "2024-11-03"


def test_a_limit_that_holds_no_more_is_kept_as_it_was_counted() -> None:
    process = process_of(CONDITIONAL)
    clock = process.workflow.clocks["due"]
    scope = {"case": {"clear": True, "seen_on": "2024-09-02"}}
    assert limits_left_out(clock, scope) == ()
    assert limits_left_out(clock, {"case": {"clear": False}}) == (1, 2)
    noon = shanghai("2024-09-02 12:00")
    assert sinces_of(process, clock, scope, ()) == [None, None, noon]
    assert sinces_of(process, clock, {"case": {}}, (1, 2)) == [None, None, None]
    running = Walk("", process=process).case.clocks["due"]
    assert asked_again(process, clock, running, running.started_at, {"case": {}}, {}) is running
    again = asked_again(process, clock, running, running.started_at, scope, {})
    assert (again.left_out, again.due_on.isoformat()) == ((), "2024-09-05")
