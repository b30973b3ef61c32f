"""The limits of a deadline: which rules, from when each is counted, and how they move."""

from __future__ import annotations

from deadline_material import CLOCK, PROCESS, walk
from walk_material import TIME, shanghai

from engine.lifecycle.deadlines.limits import count_limits, extend_counted, shift_start, start_instants
from engine.lifecycle.model.deadline import Limit
from engine.worktime.periods import Period, PeriodUnit, YearDate

MONDAY = shanghai("2024-09-02")
TEN_DAYS = Limit(length=Period(10, PeriodUnit.DAYS))
THREE_DAYS = Limit(length=Period(3, PeriodUnit.WORKING_DAYS))


def test_the_earliest_limit_rules() -> None:
    limits = (TEN_DAYS, THREE_DAYS, Limit(length=YearDate(12, 20)))
    counted = count_limits(TIME, limits, (MONDAY,) * 3, 0, {})
    assert (counted.ruling, counted.due.due_on.isoformat()) == (1, "2024-09-05")


def test_an_extension_is_of_the_first_limit_alone() -> None:
    alone = count_limits(TIME, (TEN_DAYS,), (MONDAY,), 2, {})
    assert alone.due.due_on.isoformat() == "2024-09-14"
    both = count_limits(TIME, (TEN_DAYS, THREE_DAYS), (MONDAY, MONDAY), 2, {})
    assert (both.ruling, both.due.due_on.isoformat()) == (1, "2024-09-05")
    more = extend_counted(TIME, alone.due, Period(1, PeriodUnit.WORKING_DAYS))
    assert more.due_on > alone.due.due_on


def test_what_lies_beside_another_clock_is_counted_from_its_due_instant() -> None:
    running = walk().case.clocks
    beside = PROCESS.workflow.clocks["report_due"]
    assert start_instants(beside, running["report_due"], running) == (running["visit_due"].due_at,)
    assert start_instants(CLOCK, running["visit_due"], running) == (MONDAY,)


def test_standing_still_over_a_weekend_gives_back_no_working_day() -> None:
    saturday, sunday = shanghai("2024-09-07"), shanghai("2024-09-08 20:00")
    assert shift_start(TIME, THREE_DAYS, MONDAY, saturday, sunday) == MONDAY
    assert shift_start(TIME, TEN_DAYS, MONDAY, saturday, sunday) > MONDAY
    assert shift_start(TIME, Limit(length=YearDate(12, 20)), MONDAY, saturday, sunday) == MONDAY
