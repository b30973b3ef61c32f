"""Clocks: deadlines of single states and those over several, with the place of each."""

from __future__ import annotations

import pytest
from parts import NAMES, audience_of, node_of, open_part, said

from engine.definition.reader.deadlines.clocks import ClockReader
from engine.definition.reader.diagnostics import Diagnostics
from engine.lifecycle.model.overdue import OverdueStep
from engine.lifecycle.model.workflow import State
from engine.worktime.periods import Beside, Period, PeriodUnit, Roll, YearDate

DAYS, WORKING = PeriodUnit.DAYS, PeriodUnit.WORKING_DAYS
STATES = {
    "open": State(id="open", title="待办"),
    "done": State(id="done", title="办结", final=True),
    "wait": State(id="wait", title="等待"),
}
STATE_TEXT = "open: 1\ndone: 2\nwait: 3\n"
STATE_PLACES = {key.text: key for key, _ in node_of(STATE_TEXT).texts()}


def reader_of(diagnostics: Diagnostics) -> ClockReader:
    return ClockReader(diagnostics, audience_of(diagnostics), NAMES, frozenset({"open", "overall", "other"}))


def own(text: str) -> tuple[ClockReader, list[str]]:
    """Read the deadline of the state ``open``."""
    diagnostics, part = open_part(f"title: 待办\n{text}\n", "state")
    reader = reader_of(diagnostics)
    reader.read_own("open", "待办", part)
    return reader, said(diagnostics)


def clocks(text: str) -> tuple[ClockReader, list[str]]:
    """Read ``clocks:`` of a workflow."""
    top = f"clocks:\n  {text}\n"
    diagnostics = Diagnostics("demo.yaml", top)
    reader = reader_of(diagnostics)
    reader.read_clocks(node_of(top).get("clocks"), STATES, STATE_PLACES)
    return reader, said(diagnostics)


def test_a_state_has_a_clock_of_its_own_name() -> None:
    reader, problems = own(
        "deadline: 10 working days\nbasis: 条例\nremind: [3 working days before]\nlate_reason: true\n"
        "overdue: {1 days: {notify: clerk, escalate: [section_chief, leading_office], every: 2 days}}"
    )
    assert problems == []
    clock = reader.clocks["open"]
    assert (clock.title, clock.during, clock.limit) == ("待办", {"open"}, Period(10, WORKING))
    assert (clock.basis, clock.late_reason, clock.roll) == ("条例", True, Roll.NONE)
    assert clock.overdue == (
        OverdueStep(Period(1, DAYS), ("clerk",), ("section_chief", "leading_office"), Period(2, DAYS)),
    )
    assert [(name, reminder.before) for name, reminder, _ in reader.reminders] == [
        ("open", Period(3, WORKING))
    ]
    assert reader.places["open"].line == 2


def test_a_state_without_a_deadline_has_no_clock() -> None:
    assert own("help: 说明")[0].clocks == {}
    reader, problems = own("remind: 3 days before\nroll: forward")
    assert reader.clocks == {}
    assert problems == [
        "2:1 missing-key 有“remind”而没有“deadline”（时限）",
        "3:1 missing-key 有“roll”而没有“deadline”（时限）",
    ]


def test_a_clock_over_several_states() -> None:
    reader, problems = clocks(
        "overall: {title: 全程, during: [open, wait], deadline: by 10-31, roll: forward, since: case.opened_on,"
        " starts_on: begin, stops_on: [finish], pauses_in: wait,"
        " not_later_than: [{deadline: 30 days, roll: backward, count_first_day: true, basis: 法},"
        " {deadline: 3 days before other}]}"
    )
    assert problems == []
    clock = reader.clocks["overall"]
    assert (clock.title, clock.during, clock.pauses_in) == ("全程", {"open", "wait"}, {"wait"})
    assert clock.limit == YearDate(10, 31, Roll.FORWARD)
    assert clock.since is not None
    assert clock.since.source == "case.opened_on"
    assert (clock.starts_on, clock.stops_on) == (("begin",), ("finish",))
    first, second = clock.not_later_than
    assert (first.length, first.roll, first.first_day, first.basis) == (
        Period(30, DAYS), Roll.BACKWARD, True, "法",
    )  # fmt: skip
    assert second.length == Beside(Period(3, DAYS), "other")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("overall: {title: 甲, during: opne, deadline: 3 days}", "unknown-state 没有环节“opne”"),
        ("overall: {title: 甲, during: done, deadline: 3 days}", "final-with-task “done”是终点，时限不会在那里计时"),
        ("overall: {title: 甲, during: open, deadline: soon}", "deadline-syntax 看不懂这个时限"),
        ("overall: {title: 甲, during: open, deadline: 3 days after nothing}", "unknown-clock 没有时限“nothing”"),
        ("overall: {title: 甲, during: open, deadline: 3 hours, count_first_day: true}", "deadline-syntax 只有按日或工作日计的时限才谈得上当日计入"),
        ("overall: {title: 甲, during: open, deadline: 3 working days, roll: forward}", "deadline-syntax 只有按日、月、年计的时限和日期才会遇到休息日"),
        ("overall: {title: 甲, during: open, deadline: 3 days, since: case.risk}", "type-mismatch 起算点应是日期，此处是文字"),
        ("overall: {title: 甲, during: open, deadline: 3 days, overdue: {1 days: {}}}", "missing-key 逾期后没有写通知谁"),
        ("overall: {title: 甲, during: open, deadline: 3 days, overdue: {1 days: nobody}}", "unknown-role 没有角色或参与人“nobody”"),
    ],
)  # fmt: skip
def test_clocks_that_cannot_be(text: str, problem: str) -> None:
    (found,) = clocks(text)[1]
    assert found.split(" ", 1)[1].startswith(problem)


def test_a_clock_may_not_have_the_name_of_a_states_own() -> None:
    diagnostics, part = open_part("title: 待办\ndeadline: 3 days\n", "state")
    reader = reader_of(diagnostics)
    reader.read_own("open", "待办", part)
    top = node_of("clocks:\n  open: {title: 甲, during: open, deadline: 9 days}\n")
    reader.read_clocks(top.get("clocks"), STATES, STATE_PLACES)
    assert [problem.rule for problem in diagnostics.problems] == ["duplicate-name"]
    assert reader.clocks["open"].limit == Period(3, DAYS)


def test_a_clock_that_is_not_declared_is_answered_with_a_near_one() -> None:
    diagnostics = Diagnostics("demo.yaml")
    reader = reader_of(diagnostics)
    place = STATE_PLACES["open"]
    assert reader.known("overall", place) is True
    assert reader.known("overal", place) is False
    assert "overall" in str(diagnostics.problems[0].hint)
