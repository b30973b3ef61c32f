"""Clocks read aloud."""

from __future__ import annotations

import pytest
from walk_factories import process_of

from engine.authoring.describe_deadlines import clock_lines, display_names

FLOW = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
parties: {team: 检查组}
fields:
  - found_on: {title: 发现日, type: date}
states:
  open: {title: 待检查, for: team}
  fixing: {title: 待整改, for: team}
  done: {title: 办结, final: true}
clocks:
  whole:
    title: 总时限
    during: [open, fixing]
    starts_on: ask
    stops_on: answer
    pauses_in: fixing
    deadline: 10 working days
    basis: 某法 第一条
    late_reason: true
    remind: [2 working days before, on the day]
    overdue:
      3 days: [team, chief]
    not_later_than:
      - {deadline: by 10-31, basis: 某法 第二条}
      - {deadline: 3 hours, since: case.found_on}
      - {deadline: 5 working days, when: case.found_on < '2024-09-01', basis: 某法 第三条}
  first: {title: 首日计入, during: open, deadline: 5 working days, count_first_day: true}
  onward: {title: 顺延, during: open, deadline: 5 days, roll: forward}
  back: {title: 提前, during: open, deadline: 5 days, roll: backward}
  before: {title: 之前, during: open, deadline: 3 days before first}
  behind: {title: 之后, during: open, deadline: 3 days after first}
  by_day: {title: 某日, during: open, deadline: by 04-20}
  by_day_back: {title: 某日提前, during: open, deadline: by 04-20, roll: backward}
  by_day_onward: {title: 某日顺延, during: open, deadline: by 04-20, roll: forward}
transitions:
  - {do: ask, title: 询问, from: open}
  - {do: answer, title: 答复, from: open}
  - {do: fix, title: 责令整改, from: open, to: fixing}
  - {do: close, title: 完成, from: [open, fixing], to: done}
"""
PROCESS = process_of(FLOW)


def lines(clock: str) -> list[str]:
    return [str(line).strip() for line in clock_lines(PROCESS, PROCESS.workflow.clocks[clock])]


def test_everything_that_is_said_of_a_clock() -> None:
    assert lines("whole") == [
        "总时限（whole）：在“待检查、待整改”期间计时，从办理“询问”起算，期限 10 个工作日。",
        "依据：某法 第一条。",
        "且不晚于：从办理“询问”起算，10 月 31 日前（依据：某法 第二条）。",
        "且不晚于：从 case.found_on 所示之日起算，期限 3 小时。",
        "当 case.found_on < '2024-09-01' 时，且不晚于：从办理“询问”起算，期限 5 个工作日（依据：某法 第三条）。",
        "办理“答复”即止计。",
        "在“待整改”期间停计。",
        "逾期后办结须说明原因。",
        "提醒：前 2 个工作日、到期当日。",
        "逾期满 3 日，通知检查组、股室负责人。",
    ]


@pytest.mark.parametrize(
    ("clock", "limit"),
    [
        ("first", "期限 5 个工作日（起算当日计入）"),
        ("onward", "期限 5 日，末日遇休息日顺延"),
        ("back", "期限 5 日，末日遇休息日提前"),
        ("before", "“首日计入”到期前 3 日"),
        ("behind", "“首日计入”到期后 3 日"),
        ("by_day", "4 月 20 日前"),
        ("by_day_back", "4 月 20 日前，遇休息日提前到其前最后一个工作日"),
        ("by_day_onward", "4 月 20 日前，遇休息日顺延到其后第一个工作日"),
    ],
)
def test_each_kind_of_limit(clock: str, limit: str) -> None:
    title = PROCESS.workflow.clocks[clock].title
    assert lines(clock) == [f"{title}（{clock}）：在“待检查”期间计时，从进入起算，{limit}。"]


def test_what_roles_and_parties_are_called() -> None:
    assert display_names(PROCESS, ["team", "chief", "guest"]) == ["检查组", "股室负责人", "guest"]
