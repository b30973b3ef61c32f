"""Deadlines: when they start and stop, what they are counted from, and the ladder of what happens around them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from walk_factories import (
    ANNA,
    CALENDAR,
    SELF,
    TIME,
    ZONE,
    Walk,
    extend,
    process_of,
    reasons,
    shanghai,
    shown,
)

from engine.lifecycle.case import Pause, RunningClock
from engine.lifecycle.command import Actor
from engine.lifecycle.deadlines.on_timer import TimedStep
from engine.lifecycle.deadlines.schedule import MAX_REPEATS, DeadlineCalculator, StepKind
from engine.lifecycle.decide import Decision
from engine.lifecycle.model.deadline import ClockRule, Reminder
from engine.lifecycle.model.overdue import OverdueStep
from engine.worktime.calendar import YearData
from engine.worktime.periods import Period, PeriodUnit

FLOW = """
workflow: visit
title: 检查
about: object
initial: draft
start: {by: clerk}
states:
  draft: {title: 草拟, for: clerk}
  visit: {title: 待检查, for: clerk}
  review: {title: 待审核, for: chief}
  closed: {title: 已办结, final: true}
clocks:
  publish_due:
    title: 公示时限
    during: [visit, review]
    deadline: 20 working days
    basis: 实施方案 二（四）
    remind: [10, 5 working days before, on the day]
    overdue:
      at once: [clerk, chief]
      3 working days: {escalate: deputy, notify: chief}
  review_due: {title: 审核时限, during: review, deadline: 2 days, remind: 10 days before}
transitions:
  - {do: begin, title: 开始, from: draft, to: visit}
  - {do: submit, title: 报审, from: visit, to: review}
  - {do: back, title: 退回, from: review, to: visit, reason: true}
  - {do: shelve, title: 搁置, from: [visit, review], to: draft, reason: true}
  - {do: close, title: 办结, from: review, to: closed}
"""
PROCESS = process_of(FLOW)


def walk(at: str = "2024-09-02") -> Walk:
    return Walk("", process=PROCESS, at=at)


def test_a_clock_runs_from_entering_its_states_until_leaving_them() -> None:
    case = walk()
    assert case.case.clocks == {}
    case.take("begin")
    assert case.due("publish_due") == "2024-09-30"
    begun = case.case.clocks["publish_due"]
    case.at("2024-09-05").take("submit")
    assert case.case.clocks["publish_due"] == begun
    assert case.due("review_due") == "2024-09-07"
    case.at("2024-09-06").take("back", actor_of("chief"), reason="缺页")
    assert case.case.clocks == {"publish_due": begun}
    case.at("2024-09-09").take("shelve", ANNA, reason="等通知")
    assert case.case.clocks == {}
    case.at("2024-09-10").take("begin")
    assert case.due("publish_due") == "2024-10-14"


def actor_of(role: str) -> Actor:
    return replace(ANNA, id=role, roles=frozenset({role}))


def test_everything_stops_at_the_end() -> None:
    case = walk()
    case.take("begin")
    case.take("submit")
    case.take("close", actor_of("chief"))
    assert case.case.clocks == {}
    assert case.fire("publish_due") is None


def test_the_ladder_in_the_order_of_time() -> None:
    case = walk()
    case.take("begin")
    assert case.until("2024-12-31") == [
        ("reminded", "2024-09-14 09:00", ("clerk",)),
        ("reminded", "2024-09-24 09:00", ("clerk",)),
        ("reminded", "2024-09-30 09:00", ("clerk",)),
        ("overdue", "2024-10-01 00:00", ()),
        ("reminded", "2024-10-01 00:00", ("clerk", "chief")),
        ("escalated", "2024-10-10 09:00", ("deputy", "chief")),
    ]
    assert case.case.clocks["publish_due"].next_at is None


def test_reminders_go_to_whoever_has_the_task_then() -> None:
    case = walk()
    case.take("begin")
    case.at("2024-09-10").take("submit")
    assert case.until("2024-09-14") == [
        ("overdue", "2024-09-13 00:00", ()),
        ("reminded", "2024-09-14 09:00", ("chief",)),
    ]


def test_a_reminder_in_the_past_is_not_sent() -> None:
    case = walk()
    case.take("begin")
    case.take("submit")
    # 审核时限 of two days has a reminder ten days before.
    assert shown(case.case.clocks["review_due"].next_at) == "2024-09-05 00:00"


def test_a_deadline_already_missed_when_it_starts_is_told_at_once() -> None:
    flow = FLOW.replace("deadline: 20 working days", "deadline: 20 working days\n    since: case.found_on")
    flow = flow.replace("states:\n", "fields: [found_on: {title: 发现日期, type: date}]\nstates:\n", 1)
    case = Walk(flow, fields={"found_on": "2024-07-01"})
    case.take("begin")
    assert case.due("publish_due") == "2024-07-29"
    assert case.case.clocks["publish_due"].next_at == shanghai("2024-07-30 00:00")
    assert [kind for kind, _, _ in case.until("2024-09-02 10:00")] == ["overdue", "reminded", "escalated"]


def test_since_counts_from_a_day_of_the_case_and_falls_back_on_entering() -> None:
    flow = FLOW.replace("deadline: 20 working days", "deadline: 20 working days\n    since: case.found_on")
    flow = flow.replace("states:\n", "fields: [found_on: {title: 发现日期, type: date}]\nstates:\n", 1)
    case = Walk(flow, fields={"found_on": "2024-08-26"})
    case.take("begin")
    assert case.due("publish_due") == "2024-09-24"
    assert case.case.clocks["publish_due"].started_at == shanghai("2024-09-02")
    case = Walk(flow)
    case.take("begin")
    assert case.due("publish_due") == "2024-09-30"
    case = Walk(flow, fields={"found_on": "下周"})
    assert reasons(case.no("begin")) == [("clock", "时限“公示时限”的起算日应为日期，实为“下周”")]


def test_a_day_beyond_the_calendar_refuses_the_step() -> None:
    flow = FLOW.replace("deadline: 20 working days", "deadline: 20 working days\n    since: case.found_on")
    flow = flow.replace("states:\n", "fields: [found_on: {title: 发现日期, type: date}]\nstates:\n", 1)
    case = Walk(flow, fields={"found_on": "9999-12-31"})
    ((code, said),) = reasons(case.no("begin"))
    assert code == "clock"
    assert "“公示时限”从 9999-12-31 起算，超出日历" in said


ONE = """
workflow: one
title: 一个时限
about: none
initial: open
start: {by: clerk}
states:
  open:
    title: 待办
    for: clerk
    deadline: %s
  done: {title: 完成, final: true}
transitions:
  - {do: finish, title: 完成, from: open, to: done}
"""


@pytest.mark.parametrize(
    ("deadline", "start", "due_on", "due_at"),
    [
        ("1 working days", "2024-09-13", "2024-09-14", "2024-09-15 00:00"),
        ("1个工作日", "2024-09-14 23:59", "2024-09-18", "2024-09-19 00:00"),
        ("3 days", "2024-09-13 23:59", "2024-09-16", "2024-09-17 00:00"),
        ("3日", "2024-09-14 00:00", "2024-09-17", "2024-09-18 00:00"),
        ("36 hours", "2024-09-13 10:00", "2024-09-14", "2024-09-14 22:00"),
        ("24小时", "2024-09-13 00:00", "2024-09-13", "2024-09-14 00:00"),
        ("by 09-20", "2024-09-20 23:00", "2024-09-20", "2024-09-21 00:00"),
        ("by 09-19", "2024-09-20", "2025-09-19", "2025-09-20 00:00"),
        ("04月20日前", "2024-01-05", "2024-04-20", "2024-04-21 00:00"),
        ("{by: 04-20, roll: backward}", "2024-01-05", "2024-04-19", "2024-04-20 00:00"),
        ("{by: 04-20, roll: forward}", "2024-01-05", "2024-04-22", "2024-04-23 00:00"),
    ],
)
def test_deadlines(deadline: str, start: str, due_on: str, due_at: str) -> None:
    roll = ""
    if deadline.startswith("{"):
        deadline, roll = deadline.strip("{}").split(", ")
        deadline = deadline.replace("by: ", "by ")
    case = Walk(ONE % f"{deadline}\n    {roll}".rstrip(), at=start)
    clock = case.case.clocks["open"]
    assert (clock.due_on.isoformat(), shown(clock.due_at)) == (due_on, due_at)


def test_the_year_of_the_people_not_of_utc() -> None:
    # In UTC it is still the 31st of December.
    case = Walk(ONE % "by 01-01", at="2025-01-01 07:00")
    assert case.due("open") == "2025-01-01"


KNOWN = max(CALENDAR.published)


def test_a_deadline_into_a_year_without_notice_is_provisional() -> None:
    for deadline, provisional in (("20 working days", True), ("40 days", False), ("900 hours", False)):
        case = Walk(ONE % deadline, at=f"{KNOWN}-12-15")
        assert case.case.clocks["open"].provisional is provisional
    assert not Walk(ONE % "5 working days", at=f"{KNOWN}-12-15").case.clocks["open"].provisional


def test_a_new_year_moves_what_was_provisional() -> None:
    case = Walk(ONE % "20 working days", at=f"{KNOWN}-12-15")
    before, clock = case.case.clocks["open"], case.process.workflow.clocks["open"]
    off = {date(KNOWN + 1, 1, day): "元旦" for day in range(1, 9)}
    made_up = YearData(KNOWN + 1, "示例", "示例", off, frozenset())
    later = DeadlineCalculator(CALENDAR.with_year(made_up), ZONE, time(9))
    moved = later.recounted(clock, before, case.now)
    assert (moved.provisional, moved.due_on > before.due_on) == (False, True)
    assert moved.started_at == before.started_at
    assert later.recounted(clock, moved, case.now) == moved


REPEATED = """10 working days
    overdue:
      1 working days: {notify: clerk, every: %s}
"""


@pytest.mark.parametrize(
    ("every", "days"),
    [
        ("2 working days", ["09-18", "09-20", "09-24"]),
        ("3 days", ["09-18", "09-21", "09-24"]),
        ("48 hours", ["09-18", "09-20", "09-22"]),
    ],
)
def test_what_is_repeated_until_done(every: str, days: list[str]) -> None:
    case = Walk(ONE % REPEATED % every)
    assert case.due("open") == "2024-09-14"
    happened = case.until("2024-12-31 23:00")
    assert [(kind, str(at)[5:]) for kind, at, _ in happened[1:4]] == [
        ("reminded", f"{day} 09:00") for day in days
    ]
    case.take("finish")
    assert case.fire("open") is None


def test_repeats_come_to_an_end() -> None:
    case = Walk(ONE % REPEATED % "1 days")
    happened = case.until("2025-12-31")
    assert len(happened) == 2 + MAX_REPEATS
    assert case.case.clocks["open"].next_at is None


def test_a_timer_fires_once_and_only_when_it_is_due() -> None:
    case = walk()
    case.take("begin")
    case.at("2024-09-14 08:59")
    assert case.fire("publish_due") is None
    case.at("2024-09-14 09:00")
    assert isinstance(case.fire("publish_due"), Decision)
    assert case.fire("publish_due") is None
    assert case.fire("no_such_clock") is None


def test_whoever_comes_late_gets_the_newest_reminder_left_and_every_lateness() -> None:
    case = walk()
    case.take("begin")
    case.at("2024-10-20")
    kinds = []
    while (outcome := case.fire("publish_due")) is not None:
        assert isinstance(outcome, Decision)
        kinds.append(outcome.kind.value)
    assert kinds == ["reminded", "overdue", "reminded", "escalated"]


def test_what_is_said() -> None:
    case = walk()
    case.take("begin")
    texts = []
    while (at := case.case.clocks["publish_due"].next_at) is not None:
        case.now = at
        outcome = case.fire("publish_due")
        assert isinstance(outcome, Decision)
        texts += [str(text) for _, text in outcome.notices[:1]]
    assert texts[0] == "提醒：“示例件”（visit-1）的“公示时限”2024-09-30到期，现处“待检查”，请办理“报审”"
    assert (
        texts[3]
        == "逾期：“示例件”（visit-1）的“公示时限”应于2024-09-30办结，现处“待检查”，请办理“报审”（依据：实施方案 二（四））"
    )
    assert texts[4] == (
        "升级督办：“示例件”（visit-1）的“公示时限”应于2024-09-30办结，已逾期，现处“待检查”，请办理“报审”（依据：实施方案 二（四））"
    )


def test_steps_whose_time_comes() -> None:
    flow = FLOW.replace(
        "  - {do: close,",
        "  - {do: lapse, title: 逾期退回, from: review, to: draft, after: 2 working days}\n  - {do: close,",
    )
    case = Walk(flow)
    case.take("begin")
    assert case.process.timed_starts("visit", case.now) == []
    case.take("submit")
    assert case.process.timed_starts("review", case.now) == [
        ("after:lapse", shanghai("2024-09-05 00:00"), False)
    ]
    assert case.fire("after:lapse") == TimedStep("lapse")
    assert reasons(case.no("lapse", ANNA)) == [("not-allowed", "“逾期退回”由系统自动办理")]
    case.take("lapse", SELF)
    assert case.state == "draft"
    assert case.fire("after:lapse") is None


UNITS = st.sampled_from(list(PeriodUnit))
PERIODS = st.builds(Period, st.integers(0, 15), UNITS)
PRESSES = st.builds(
    OverdueStep,
    after=PERIODS,
    notify=st.just(("clerk",)),
    every=st.none() | st.builds(Period, st.integers(1, 15), UNITS),
)
CLOCKS = st.builds(
    ClockRule,
    id=st.just("c"),
    title=st.just("时限"),
    during=st.just(frozenset({"open"})),
    limit=st.builds(Period, st.integers(1, 40), UNITS),
    remind=st.lists(st.builds(Reminder, PERIODS), max_size=4).map(tuple),
    overdue=st.lists(PRESSES, max_size=3).map(tuple),
)
STARTS = st.datetimes(
    shanghai("2020-01-01").replace(tzinfo=None), shanghai("2026-06-01").replace(tzinfo=None)
).map(lambda naive: naive.replace(tzinfo=ZONE))


@given(CLOCKS, STARTS)
def test_every_ladder_rises_and_tells_the_lateness_once(clock: ClockRule, start: object) -> None:
    running = TIME.start(clock, start)  # type: ignore[arg-type] # a datetime
    steps = TIME.steps(clock, running)
    assert [step.number for step in steps] == sorted({step.number for step in steps})
    assert all(a.at <= b.at for a, b in pairwise(steps) if a.kind is b.kind)
    assert [step.kind for step in steps].count(StepKind.OVERDUE) == 1
    assert all(step.at < running.due_at for step in steps if step.kind is StepKind.REMIND)
    for step in steps:
        if step.kind is StepKind.ESCALATE:
            assert step.at.astimezone(ZONE).date() >= running.due_on


@given(CLOCKS, STARTS, st.lists(st.integers(0, 400), max_size=8))
def test_a_ladder_walked_at_any_pace_repeats_nothing_and_skips_no_lateness(
    clock: ClockRule, start: object, pauses: list[int]
) -> None:
    running: RunningClock = TIME.start(clock, start)  # type: ignore[arg-type] # a datetime
    now, fired = running.started_at, []
    for hours in [*pauses, 24 * 500_000]:
        now += timedelta(hours=hours)
        while running.next_at is not None and running.next_at <= now:
            fired.append(running.step)
            running = TIME.arm(clock, running, now, running.step + 1)
    late = [step.number for step in TIME.steps(clock, running) if step.kind is not StepKind.REMIND]
    assert fired == sorted(set(fired))
    assert [number for number in fired if number in late] == late
    assert RunningClock.from_json(running.as_json()) == running


@given(CLOCKS, STARTS, st.integers(0, 900), st.integers(1, 30))
def test_whatever_is_counted_again_keeps_exactly_one_next_step(
    clock: ClockRule, start: object, hours: int, more: int
) -> None:
    running = TIME.start(clock, start)  # type: ignore[arg-type] # a datetime
    now = running.started_at + timedelta(hours=hours)
    assert TIME.recounted(clock, TIME.recounted(clock, running, now), now) == TIME.recounted(
        clock, running, now
    )
    longer = TIME.recounted(clock, replace(running, extended_by=more, times_extended=1), now)
    assert longer.due_at > running.due_at
    if longer.due_at > now:
        assert longer.next_at is not None
        assert longer.next_at >= now


def test_extending_arms_the_reminders_again() -> None:
    flow = ONE % "10 working days\n    remind: [3 working days before]\n    verbs: {extend: {by: clerk}}"
    case = Walk(flow)
    case.until("2024-09-12")
    assert case.kinds == ["reminded"]
    case.do(extend(ANNA, 5))
    assert case.due("open") == "2024-09-24"
    assert case.until("2024-09-25") == [
        ("reminded", "2024-09-19 09:00", ("clerk",)),
        ("overdue", "2024-09-25 00:00", ()),
    ]


def test_a_reading_with_another_step_loses_nothing() -> None:
    """`armed` and `evolve` name every field: one that is added must be carried over too."""
    at = shanghai("2024-09-02")
    running = RunningClock(
        started_at=at,
        counted_from=at + timedelta(days=1),
        due_on=date(2024, 9, 30),
        due_at=at + timedelta(days=2),
        provisional=True,
        step=3,
        next_at=at,
        times_extended=1,
        extended_by=5,
        others_from=(at,),
        ruling=1,
        paused_at=at,
        waited=4,
        left_out=(2,),
        announced=((at, 2),),
        pauses=(Pause(since=at, until=at + timedelta(days=4), extended=5),),
    )
    for name in RunningClock.__dataclass_fields__:
        assert name == "_json" or getattr(running, name), name
    assert running.armed(4, None) == replace(running, step=4, next_at=None)
    assert RunningClock.from_json(running.as_json()) == running
