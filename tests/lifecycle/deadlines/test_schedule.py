"""The steps around a deadline: which there are, when, and which comes next."""

from __future__ import annotations

from dataclasses import replace

from deadline_factories import CLOCK, PROCESS, walk
from walk_factories import TIME, shanghai, shown

from engine.lifecycle.case import Pause
from engine.lifecycle.deadlines.schedule import MAX_REPEATS, StepKind, paused


def test_reminders_lateness_and_what_follows_are_numbered_in_time() -> None:
    running = walk().case.clocks["visit_due"]
    steps = PROCESS.time.steps(CLOCK, running)
    assert [(step.kind, shown(step.at)) for step in steps[:5]] == [
        (StepKind.REMIND, "2024-09-12 09:00"),
        (StepKind.OVERDUE, "2024-09-15 00:00"),
        (StepKind.ESCALATE, "2024-09-15 00:00"),
        (StepKind.ESCALATE, "2024-09-17 09:00"),
        (StepKind.ESCALATE, "2024-09-19 09:00"),
    ]
    assert [step.number for step in steps] == list(range(len(steps)))


def test_a_repeated_step_says_how_often_it_has_come() -> None:
    running = walk().case.clocks["visit_due"]
    repeated = [s for s in PROCESS.time.steps(CLOCK, running) if s.overdue_step is CLOCK.overdue[1]]
    assert [step.repetitions for step in repeated] == list(range(MAX_REPEATS + 1))


def test_past_reminders_are_skipped_and_lateness_is_not() -> None:
    running = walk().case.clocks["visit_due"]
    late = shanghai("2024-12-01")
    step = TIME.next_step(CLOCK, running, late)
    assert step is not None
    assert step.kind is StepKind.OVERDUE
    assert TIME.arm(CLOCK, running, late, 10_000).next_at is None


def test_a_ladder_is_worked_out_once() -> None:
    running = walk().case.clocks["visit_due"]
    assert PROCESS.time.steps(CLOCK, running) is PROCESS.time.steps(CLOCK, running)


def test_pauses_that_touch_are_one() -> None:
    running = walk().case.clocks["visit_due"]
    days = [shanghai(f"2024-09-{day:02}") for day in (3, 4, 6, 8, 9)]
    once = paused(paused(running, days[0], days[1]), days[1], days[2])
    assert once.pauses == (Pause(since=days[0], until=days[2]),)
    apart = paused(once, days[3], days[4])
    assert len(apart.pauses) == 2
    # What was extended meanwhile tells them apart: the last day they are held against is another.
    extended = paused(replace(once, extended_by=2), days[2], days[3])
    assert len(extended.pauses) == 2
