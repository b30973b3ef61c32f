"""The preview of a calendar year equals what then happens: any made-up 2027, any mix of cases, any kind of deadline."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bureau_factories import BUREAU, CALENDAR, ZONE, Bureau, done, shanghai, timekeeping
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.app.execution import recompute
from engine.calendars.yaml_year import read_year
from engine.worktime.calendar import YearData
from tests.examples import examples

HOURS = BUREAU + 'office_hours: {hours: ["09:00-12:00", "13:30-17:30"]}\n'

FLOW = """
workflow: matter
title: 办件
about: none
initial: open
start: {by: [clerk]}
verbs:
  suspend: {by: clerk, pauses: [short, report]}
  resume: {by: clerk}
  extend: {by: clerk, clock: report, max: 30 working days}
states:
  open: {title: 办理, for: clerk}
  waiting: {title: 待补正, for: clerk}
  done: {title: 办结, final: true}
clocks:
  short: {title: 短, during: [open, waiting], deadline: 6 working days, remind: [4, 1 working days before]}
  report: {title: 上报, during: [open, waiting], deadline: 25 working days, remind: [5 working days before]}
  beside: {title: 报审, during: open, deadline: 4 working days before report, remind: on the day}
  days: {title: 自然日, during: [open, waiting], deadline: 30 days, roll: forward, remind: [3 working days before]}
  spring: {title: 年度, during: [open, waiting], deadline: by 02-15, roll: backward}
  hours: {title: 小时, during: [open, waiting], deadline: 60 office hours}
  still: {title: 停计, during: [open, waiting], deadline: 20 working days, pauses_in: waiting}
  first:
    title: 最早
    during: [open, waiting]
    deadline: 30 working days
    not_later_than: [{deadline: by 01-20, roll: forward}, {deadline: 45 days}]
  plain: {title: 不受影响, during: [open, waiting], deadline: 50 days}
transitions:
  - {do: ask, title: 要求补正, from: open, to: waiting}
  - {do: receive, title: 收到补正, from: waiting, to: open}
  - {do: finish, title: 办结, from: open, to: done}
  - {do: lapse, title: 到期办结, from: open, to: done, after: 28 working days}
"""

DAYS = st.integers(1, 120).map(lambda day: date(2027, 1, 1) + timedelta(days=day - 1))


@st.composite
def years(draw: st.DrawFn) -> YearData:
    """A made-up notice for 2027: some days off, some weekends worked."""
    off = draw(st.lists(DAYS, min_size=1, max_size=20, unique=True))
    worked = [
        day for day in draw(st.lists(DAYS, max_size=6, unique=True)) if day.weekday() > 4 and day not in off
    ]
    text = (
        "year: 2027\ntitle: 示例安排\nsource: 示例通知\n"
        f"holidays: {{示例假: [{', '.join(map(str, sorted(off)))}]}}\n"
        f"workdays: [{', '.join(map(str, sorted(worked)))}]\n"
    )
    data, problems = read_year("new.yaml", text.encode())
    assert data is not None, problems
    return data


#: The day a case begins on, counted from 1 November, and what befalls it in the days after.
CASES = st.lists(
    st.tuples(
        st.integers(0, 59),
        st.sampled_from(["", "suspend", "resume", "ask", "receive", "extend"]),
        st.integers(1, 9),
    ),
    min_size=1,
    max_size=4,
)


def played(cases: list[tuple[int, str, int]]) -> tuple[Bureau, list[str]]:
    """Return a bureau on 31 December 2026 in whose cases things have happened."""
    bureau = Bureau(HOURS, FLOW, at="2026-11-01")
    found = []
    for begun, fate, later in sorted(cases):
        day = date(2026, 11, 1) + timedelta(days=begun)
        bureau.until(max(f"{day} 10:00", f"{bureau.clock.now().astimezone(ZONE):%Y-%m-%d %H:%M}"))
        case = bureau.start("matter")
        found.append(case)
        bureau.until(f"{bureau.clock.now().astimezone(ZONE).date() + timedelta(days=1)} 11:00")
        application = bureau.application
        match fate:
            case "suspend" | "resume":
                done(application.suspend(case, "anna", reason="等材料"))
            case "ask" | "receive":
                done(application.advance(case, "ask", "anna"))
            case "extend":
                done(application.extend(case, "anna", later, reason="企业停产"))
        bureau.until(f"{bureau.clock.now().astimezone(ZONE).date() + timedelta(days=later)} 11:00")
        if fate == "resume":
            done(application.resume(case, "anna"))
        if fate == "receive":
            done(application.advance(case, "receive", "anna"))
    if bureau.clock.now() < shanghai("2026-12-31"):
        bureau.until("2026-12-31")
    return bureau, found


def readings(bureau: Bureau, cases: list[str]) -> dict[tuple[str, str], tuple[date, bool]]:
    """Return the due day and 暂定 of everything that runs, timed steps too."""
    found: dict[tuple[str, str], tuple[date, bool]] = {}
    for case in cases:
        for name, clock in bureau.case(case).clocks.items():
            found[case, name] = (clock.due_on, clock.provisional)
        with bureau.look() as transaction:
            for timer in transaction.timers.of_case(case):
                if timer.name.startswith("after:"):
                    found[case, timer.name] = (timer.at.astimezone(ZONE).date(), timer.provisional)
    return found


def timers(bureau: Bureau, cases: list[str]) -> dict[tuple[str, str], Any]:
    return {(case, name): at for case in cases for name, at in bureau.timers(case).items()}


@settings(max_examples=examples(20, 300), suppress_health_check=list(HealthCheck))
@given(years(), CASES)
def test_the_preview_is_what_happens(year: YearData, cases: list[tuple[int, str, int]]) -> None:
    calendar = CALENDAR.with_year(year)
    bureau, found = played(cases)
    before, armed = readings(bureau, found), timers(bureau, found)
    time = timekeeping(calendar)
    shown = bureau.moved_deadlines(time)
    assert (readings(bureau, found), timers(bureau, found)) == (before, armed), "a preview changes nothing"
    assert recompute.recount_by_pages(bureau.application, time, "system") == shown
    after = readings(bureau, found)

    # Each move shown is a move that happened, from and to what was shown.
    for move in shown:
        assert before[move.case, move.clock] == (move.before, move.was_provisional)
        assert after[move.case, move.clock] == (move.after, move.is_provisional)
        due = bureau.case(move.case).clocks.get(move.clock)
        assert move.becomes_overdue == (
            due is not None and due.due_at <= bureau.clock.now() and move.before > move.after
        )
    # Nothing else moved, and only what was provisional fell on another day.
    moved = {(move.case, move.clock) for move in shown}
    assert {key for key in before if before[key] != after[key]} <= moved
    assert {key for key, at in timers(bureau, found).items() if armed.get(key) != at} <= moved
    for key, (due_on, provisional) in before.items():
        assert provisional or after[key][0] == due_on, key
    # What stands still has no timer, before and after; what had passed and lies ahead now has one again.
    assert armed.keys() <= timers(bureau, found).keys()
    today = bureau.clock.now().astimezone(ZONE).date()
    for key in timers(bureau, found).keys() - armed.keys():
        assert before[key][0] < today <= after[key][0], key
    # A second time nothing is left to move.
    assert bureau.moved_deadlines(time) == []
    assert bureau.findings() == []


@settings(max_examples=examples(15, 300), suppress_health_check=list(HealthCheck))
@given(years(), st.integers(0, 60))
def test_counted_again_is_what_would_have_been_counted(year: YearData, begun: int) -> None:
    at = f"{date(2026, 11, 1) + timedelta(days=begun)} 10:00"
    calendar = CALENDAR.with_year(year)
    bureau, known = Bureau(HOURS, FLOW, at=at), Bureau(HOURS, FLOW, at=at, calendar=calendar)
    case, other = bureau.start("matter"), known.start("matter")
    recompute.recount_by_pages(bureau.application, timekeeping(calendar), "system")
    assert readings(bureau, [case]) == {
        (case, name): due for (_, name), due in readings(known, [other]).items()
    }
    assert bureau.timers(case) == known.timers(other)
