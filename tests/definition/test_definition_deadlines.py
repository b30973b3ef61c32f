"""Deadlines as sections write them: both languages mean the same, and what cannot be is refused in a sentence."""

from __future__ import annotations

import pytest
from definition_examples import BUREAU

from engine.definition.library import Loaded, load_files
from engine.lifecycle.model.deadline import ClockRule
from engine.worktime.periods import Beside, Period, PeriodUnit

OFFICE = BUREAU + 'office_hours: {hours: ["09:00-12:00", "13:30-17:30"]}\n'


def loaded(clock: str, *, bureau: str = OFFICE) -> Loaded:
    text = f"""
workflow: matter
title: 办件
about: none
initial: open
start: {{by: clerk}}
states:
  open: {{title: 办理, for: clerk}}
  waiting: {{title: 待补正, for: clerk}}
  done: {{title: 办结, final: true}}
clocks:
  report: {{title: 上报, during: [open, waiting], deadline: 20 working days}}
  c: {clock}
transitions:
  - {{do: ask, title: 要求补正, from: open, to: waiting}}
  - {{do: receive, title: 收到补正, from: waiting, to: open}}
  - {{do: finish, title: 办结, from: open, to: done}}
"""
    return load_files({"bureau.yaml": bureau, "workflows/matter.yaml": text})


def clock(written: str) -> ClockRule:
    found = loaded(written)
    unsound = [str(problem.message) for problem in found.problems if problem.rule != "deadline-without-basis"]
    assert not unsound
    return found.workflows["matter"].clocks["c"]


def problems(written: str, *, bureau: str = OFFICE) -> dict[str, str]:
    """Return rule -> sentence of everything but that a deadline names no article."""
    return {
        problem.rule: str(problem.message)
        for problem in loaded(written, bureau=bureau).problems
        if problem.rule != "deadline-without-basis"
    }


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "{title: 答复, during: [open], deadline: 8 office hours, remind: 2 office hours before}",
            "{名称: 答复, 期间: [open], 时限: 8个办公小时, 提醒: 提前2个办公小时}",
        ),
        (
            "{title: 答复, during: open, deadline: 3 working days before report}",
            "{名称: 答复, 期间: open, 时限: report 前3个工作日}",
        ),
        (
            "{title: 答复, during: open, deadline: 2 days after report}",
            "{名称: 答复, 期间: open, 时限: report后2日}",
        ),
        (
            "{title: 答复, during: [open, waiting], deadline: 5 days, roll: forward, count_first_day: true}",
            "{名称: 答复, 期间: [open, waiting], 时限: 5日, 遇休: 顺延, 当日计入: true}",
        ),
        (
            "{title: 答复, during: [open, waiting], deadline: 5 days, starts_on: ask, stops_on: receive}",
            "{名称: 答复, 期间: [open, waiting], 时限: 5日, 起计于: ask, 止计于: receive}",
        ),
        (
            (
                "{title: 答复, during: [open, waiting], deadline: 5 days, pauses_in: open,"
                " not_later_than: [{deadline: by 12-20, roll: backward, basis: 某法}]}"
            ),
            (
                "{名称: 答复, 期间: [open, waiting], 时限: 5日, 停计环节: open,"
                " 且不晚于: [{时限: 12月20日前, 遇休: 提前, 依据: 某法}]}"
            ),
        ),
    ],
)
def test_both_languages_mean_the_same(english: str, chinese: str) -> None:
    assert clock(english) == clock(chinese)


def test_what_is_read_is_what_was_written() -> None:
    found = clock("{title: 答复, during: open, deadline: 3 working days before report}")
    assert found.limit == Beside(Period(3, PeriodUnit.WORKING_DAYS), "report", after=False)
    assert found.beside == {"report"}


@pytest.mark.parametrize(
    ("written", "rule", "sentence"),
    [
        ("{title: 甲, during: open, deadline: 3 days before reprot}", "unknown-clock", "没有时限“reprot”"),
        ("{title: 甲, during: open, deadline: 3 days before c}", "deadline-beside", "互相推算"),
        (
            "{title: 甲, during: open, deadline: 3 days, stops_on: reecive}",
            "clock-out-of-place",
            "“reecive”不存在",
        ),
        (
            "{title: 甲, during: open, deadline: 3 days, starts_on: ask}",
            "clock-out-of-place",
            "不在它的期间内",
        ),
        (
            "{title: 甲, during: waiting, deadline: 3 days, stops_on: finish}",
            "clock-out-of-place",
            "不从它的期间内办理",
        ),
        (
            "{title: 甲, during: open, deadline: 3 days, pauses_in: open}",
            "clock-out-of-place",
            "永远不会到期",
        ),
        (
            "{title: 甲, during: open, deadline: 3 working days, roll: forward}",
            "deadline-syntax",
            "才会遇到休息日",
        ),
        (
            "{title: 甲, during: open, deadline: 3 hours, count_first_day: true}",
            "deadline-syntax",
            "当日计入",
        ),
    ],
)
def test_what_cannot_be_is_refused(written: str, rule: str, sentence: str) -> None:
    found = problems(written)
    assert list(found) == [rule]
    assert sentence in found[rule]


def test_office_hours_need_the_hours_of_the_bureau() -> None:
    found = problems("{title: 甲, during: open, deadline: 8 office hours}", bureau=BUREAU)
    assert list(found) == ["office-hours-unknown"]


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        ('{hours: ["9-12"]}', "此处应是一段办公时间"),
        ('{hours: ["12:00-09:00"]}', "此处应是一段办公时间"),
        ('{hours: ["09:00-12:00", "11:00-17:00"]}', "重叠"),
        ('{hours: ["09:00-25:00"]}', "此处应是一段办公时间"),
        (
            '{hours: ["09:00-12:00"], seasons: [{from: "06-31", to: "08-31", hours: ["09:00-12:00"]}]}',
            "此处应是月日",
        ),
    ],
)
def test_office_hours_that_cannot_be_are_refused(hours: str, sentence: str) -> None:
    found = load_files({"bureau.yaml": BUREAU + f"office_hours: {hours}\n"})
    (problem,) = found.problems
    assert sentence in str(problem.message)
