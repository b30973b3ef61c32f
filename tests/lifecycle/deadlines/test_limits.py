"""The limits of a deadline: which rules, from when each is counted, and how they move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

import pytest
from deadline_factories import CLOCK, PROCESS, walk
from walk_factories import TIME, shanghai

from engine.lifecycle.case import Pause, RunningClock
from engine.lifecycle.deadlines.limits import (
    after_pauses,
    count_limits,
    extend_counted,
    shift_as_far,
    shift_start,
    start_instants,
)
from engine.lifecycle.model.deadline import ClockRule, Limit
from engine.worktime.arithmetic import working_days_between
from engine.worktime.calendar import Calendar, Override
from engine.worktime.hours import office_time_between
from engine.worktime.periods import OnDay, Period, PeriodUnit, Roll, Season, YearDate

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


_DAY = timedelta(days=1)
#: How many random clocks are counted a second time.
CLOCKS = 3000


def _clock(length: Period | OnDay, *, first_day: bool = False, roll: Roll = Roll.NONE) -> ClockRule:
    return ClockRule(
        id="due", title="时限", during=frozenset({"open"}), limit=length, first_day=first_day, roll=roll
    )


def _at(random: Random, day: date) -> datetime:
    return shanghai(f"{day} {random.randrange(24):02}:{random.randrange(60):02}")


def _by_hand(works: Calendar | None, clock: ClockRule, start: date, pauses: list[tuple[date, date]]) -> date:
    """Return the last day of a clock, found by walking from day to day; without `works` every day counts."""
    assert isinstance(clock.limit, Period)
    day, left = start, clock.limit.count
    while any(first <= day < last for first, last in pauses):
        day += _DAY
    counts = clock.first_day
    while True:
        still = any(first <= day < last for first, last in pauses)
        if counts and not still and (works is None or works.is_working(day)):
            left -= 1
            if not left:
                return day
        counts, day = True, day + _DAY


@pytest.mark.parametrize("unit", [PeriodUnit.WORKING_DAYS, PeriodUnit.DAYS])
def test_pauses_of_days_are_counted_as_somebody_does_who_walks_from_day_to_day(unit: PeriodUnit) -> None:
    """Also: what is left when a pause begins is left when it ends, nothing is past by then, and no pause costs a day."""
    for seed in range(CLOCKS // 2):
        random = Random(seed)  # noqa: S311 - examples, no secrets
        start = date(2025, 1, 1) + random.randrange(200) * _DAY
        special = {start + random.randrange(60) * _DAY for _ in range(random.randrange(12))}
        calendar = Calendar(
            overrides=tuple(Override(day, random.random() < 0.5, "x") for day in sorted(special))
        )
        counted, works = TIME.with_calendar(calendar), calendar if unit is PeriodUnit.WORKING_DAYS else None
        clock = _clock(Period(random.randrange(1, 21), unit), first_day=random.random() < 0.3)
        running = counted.start(clock, _at(random, start))
        pauses: list[tuple[date, date]] = []
        now = running.started_at
        for _ in range(random.randrange(1, 6)):
            since = max(now, _at(random, now.astimezone(counted.zone).date() + random.randrange(6) * _DAY))
            if since >= running.due_at:
                break
            first = since.astimezone(counted.zone).date()
            now = max(since, _at(random, first + random.randrange(9) * _DAY))
            if random.random() < 0.3:
                now = max(since, shanghai(f"{first + random.randrange(9) * _DAY} 00:00"))
            last = now.astimezone(counted.zone).date()
            pauses.append((first, last))
            before, running = running, counted.moved_on(clock, running, since, now)
            assert running.due_on == _by_hand(works, clock, start, pauses), (seed, pauses)
            assert running.due_on >= before.due_on
            assert running.due_at > now
            assert before.due_on == running.due_on or first != last

            def left(day: date, due: date, works: Calendar | None = works) -> int:
                days = [day + number * _DAY for number in range((due - day).days + 1)]
                return sum(works is None or works.is_working(one) for one in days)

            if first > counted.counted_from(clock, before)[0].astimezone(counted.zone).date():
                assert left(first, before.due_on) == left(last, running.due_on)


def test_a_pause_of_days_off_alone_gives_no_working_day_back() -> None:
    """And the same instant for both, or the same day, gives nothing back in any unit."""
    for seed in range(500):
        random = Random(seed)  # noqa: S311 - examples, no secrets
        start = date(2025, 3, 3) + random.randrange(200) * _DAY
        for unit in (PeriodUnit.WORKING_DAYS, PeriodUnit.DAYS, PeriodUnit.MONTHS, PeriodUnit.HOURS):
            roll = random.choice(list(Roll)) if unit.by_the_calendar else Roll.NONE
            clock = _clock(Period(random.randrange(10, 30), unit), roll=roll)
            running = TIME.start(clock, _at(random, start))
            at = _at(random, start + random.randrange(1, 9) * _DAY)
            if at >= running.due_at:
                continue
            assert TIME.moved_on(clock, running, at, at).due_at == running.due_at
            if unit is not PeriodUnit.HOURS:
                late = shanghai(f"{at.astimezone(TIME.zone).date()} 23:59")
                assert TIME.moved_on(clock, running, at, late).due_at == running.due_at
            saturday = start + (12 - start.weekday()) * _DAY
            if unit is PeriodUnit.WORKING_DAYS and not any(
                TIME.calendar.is_working(one) for one in (saturday, saturday + _DAY)
            ):
                monday = shanghai(f"{saturday + 2 * _DAY} 00:00")
                assert TIME.moved_on(clock, running, _at(random, saturday), monday).due_at == running.due_at


def test_hours_keep_what_was_left_to_the_second() -> None:
    zone = TIME.zone
    seasons = (Season(((time(9), time(17)),)),)
    office = replace(TIME, seasons=seasons)
    for seed in range(300):
        random = Random(seed)  # noqa: S311 - examples, no secrets
        start = _at(random, date(2025, 3, 3) + random.randrange(200) * _DAY)
        for unit in (PeriodUnit.HOURS, PeriodUnit.OFFICE_HOURS):
            clock = _clock(Period(random.randrange(10, 60), unit))
            running = office.start(clock, start)
            since = start + random.randrange(40) * timedelta(hours=1)
            now = since + random.randrange(90) * timedelta(hours=1)
            if since >= running.due_at:
                continue
            moved = office.moved_on(clock, running, since, now)
            assert moved.due_at >= running.due_at
            if unit is PeriodUnit.HOURS:
                assert moved.due_at - now == running.due_at - since
            else:
                left = office_time_between(office.calendar, seasons, since, running.due_at, zone)
                assert office_time_between(office.calendar, seasons, now, moved.due_at, zone) == left
                assert moved.due_at > now or not left


def test_a_last_day_moved_off_days_off_is_not_past_when_the_pause_ends() -> None:
    for seed in range(CLOCKS):
        random = Random(seed)  # noqa: S311 - examples, no secrets
        start = date(2025, 1, 2) + random.randrange(300) * _DAY
        roll = random.choice([Roll.FORWARD, Roll.BACKWARD])
        length: Period | OnDay = Period(random.randrange(1, 15), PeriodUnit.DAYS)
        if seed % 3 == 1:
            length = Period(1, PeriodUnit.MONTHS)
        elif seed % 3 == 2:
            length = OnDay(roll)
        clock = _clock(length, roll=Roll.NONE if seed % 3 == 2 else roll)
        begun = _at(random, start)
        running = (
            TIME.start(clock, begun)
            if seed % 3 != 2
            else TIME.start(clock, begun, shanghai(f"{start + random.randrange(1, 9) * _DAY} 12:00"))
        )
        now = begun
        for _ in range(4):
            since = max(now, _at(random, now.astimezone(TIME.zone).date() + random.randrange(7) * _DAY))
            if since >= running.due_at:
                break
            now = max(since, _at(random, since.astimezone(TIME.zone).date() + random.randrange(9) * _DAY))
            before, running = running, TIME.moved_on(clock, running, since, now)
            assert running.due_at >= before.due_at, seed
            assert running.due_at > now, seed


def test_a_clock_that_was_late_stays_as_late_as_it_was() -> None:
    clock = _clock(Period(3, PeriodUnit.WORKING_DAYS))
    running = TIME.start(clock, MONDAY)
    assert running.due_on == date(2024, 9, 5)
    moved = TIME.moved_on(clock, running, shanghai("2024-09-09"), shanghai("2024-09-11"))
    assert moved.due_on == date(2024, 9, 9)
    assert moved.late(shanghai("2024-09-11"))


def test_a_pause_before_the_day_that_is_counted_from_gives_nothing_back() -> None:
    clock = _clock(Period(1, PeriodUnit.MONTHS))
    running = TIME.start(clock, MONDAY, shanghai("2024-09-20 12:00"))
    for since, now, waited in (("09-03", "09-10", 0), ("09-03", "09-23", 3), ("09-25", "09-27", 2)):
        pause = Pause(since=shanghai(f"2024-{since}"), until=shanghai(f"2024-{now}"))
        found = after_pauses(TIME, clock.limits[0], running.counted_from, [pause])
        assert found == (running.counted_from, waited)
    in_days = _clock(Period(5, PeriodUnit.WORKING_DAYS))
    before: RunningClock = TIME.start(in_days, MONDAY, shanghai("2024-09-20 12:00"))
    later = TIME.moved_on(in_days, before, shanghai("2024-09-03"), shanghai("2024-09-10"))
    assert later.due_at == before.due_at


def test_a_start_that_is_put_right_moves_as_far_as_pauses_moved_the_old_one() -> None:
    thursday = shanghai("2024-09-05")
    for limit in (THREE_DAYS, replace(THREE_DAYS, first_day=True), TEN_DAYS):
        moved = shift_start(TIME, limit, MONDAY, shanghai("2024-09-03"), thursday)
        assert shift_as_far(TIME, limit, MONDAY, MONDAY, moved) == moved
        assert shift_as_far(TIME, limit, thursday, MONDAY, MONDAY) == thursday


def test_a_pause_that_ends_on_a_day_off_gives_back_the_day_it_began_on() -> None:
    """Ten working days from 4 November 2026, a Wednesday, end on the 18th."""
    clock = _clock(Period(10, PeriodUnit.WORKING_DAYS))
    running = TIME.start(clock, shanghai("2026-11-04"))
    assert running.due_on == date(2026, 11, 18)
    for since, now, due in (
        ("18 10:00", "20 10:00", 20),
        ("18 10:00", "21 00:00", 23),
        ("18 10:00", "21 10:00", 23),
        ("18 10:00", "23 10:00", 23),
        ("14 10:00", "16 10:00", 18),
    ):
        moved = TIME.moved_on(clock, running, shanghai(f"2026-11-{since}"), shanghai(f"2026-11-{now}"))
        assert moved.due_on == date(2026, 11, due), (since, now)


def test_a_clock_of_before_pauses_were_kept_goes_on_from_where_they_had_moved_it() -> None:
    """Its start was moved, and its limits in months end later by `waited` days; a pause from now on is kept beside both."""
    body = {
        "started_at": "2024-09-02T02:00:00.000000Z",
        "counted_from": "2024-09-05T02:00:00.000000Z",
        "due_on": "2024-09-19",
        "due_at": "2024-09-19T16:00:00.000000Z",
    }
    days, months = _clock(Period(10, PeriodUnit.WORKING_DAYS)), _clock(Period(1, PeriodUnit.MONTHS))
    old = RunningClock.from_json(body)
    assert old.pauses == ()
    moved = TIME.moved_on(days, old, shanghai("2024-09-09"), shanghai("2024-09-11"))
    assert moved.counted_from == old.counted_from
    without = TIME.recount(days, old).due_on
    assert working_days_between(TIME.calendar, without, moved.due_on) == 2
    waited = RunningClock.from_json({**body, "counted_from": body["started_at"], "waited": 3})
    assert TIME.recount(months, waited).due_on == date(2024, 10, 5)
    later = TIME.moved_on(months, waited, shanghai("2024-09-09"), shanghai("2024-09-11"))
    assert (later.waited, later.due_on) == (3, date(2024, 10, 7))
