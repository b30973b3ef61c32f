"""The limits of a deadline: which rules, from when each is counted, and how they move."""

from __future__ import annotations

from deadline_factories import CLOCK, PROCESS, walk
from walk_factories import TIME, shanghai

from engine.lifecycle.deadlines.limits import count_limits, extend_counted, shift_start, start_instants
from engine.lifecycle.model.deadline import Limit
from engine.worktime.periods import Period, PeriodUnit, Roll, YearDate

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


def test_months_and_years_end_later_by_the_days_that_were_lost() -> None:
    """From a day three days later a month ends on the day corresponding to that one: six days later, or none."""
    tuesday, friday = shanghai("2025-01-28"), shanghai("2025-02-28")
    for length in (Period(1, PeriodUnit.MONTHS), Period(1, PeriodUnit.YEARS)):
        limit = Limit(length=length)
        assert shift_start(TIME, limit, tuesday, tuesday, shanghai("2025-01-31")) == tuesday
        for begun in (tuesday, friday):
            days = [count_limits(TIME, (limit,), (begun,), 0, {}, waited).due.due_on for waited in (0, 3)]
            assert (days[1] - days[0]).days == 3
    rolled = Limit(length=Period(1, PeriodUnit.MONTHS), roll=Roll.FORWARD)
    # 28 February is a Friday; the day after it is a Saturday, and the day after the days off is counted from there.
    assert count_limits(TIME, (rolled,), (tuesday,), 0, {}, 1).due.due_on.isoformat() == "2025-03-03"
    assert count_limits(TIME, (TEN_DAYS,), (MONDAY,), 0, {}, 3) == count_limits(
        TIME, (TEN_DAYS,), (MONDAY,), 0, {}
    )
