"""Which clocks start, stop, stand still and move when a case does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from deadline_factories import PROCESS, walk
from walk_factories import SELF

from engine.lifecycle.deadlines.clock_transitions import clocks_after, with_those_beside
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
