from __future__ import annotations

from bureau_factories import Bureau

from engine.app.queries.calendar import explain_clocks
from engine.app.queries.cases import show_case
from engine.authoring.explain_case import explain_case
from engine.kernel.refusal import Refusal

FLOW = """
workflow: errand
title: 差事
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk, deadline: 3 working days}
  closed: {title: 办结, final: true}
transitions:
  - {do: finish, title: 完成, from: open, to: closed}
"""


def test_a_case_and_one_of_its_deadlines_are_explained() -> None:
    office = Bureau(FLOW)
    case = office.start("errand")
    view = show_case(office.application, "anna", case)
    clocks = explain_clocks(office.application, "anna", case)
    assert not isinstance(view, Refusal)
    assert not isinstance(clocks, Refusal)
    lines = explain_case(view, clocks)
    assert lines[0] == "errand-1  示例件：流程“差事”第 1 版"
    assert lines[1] == "差事·待办（open）"
    assert "时限“待办”：从 2024-09-02 起算，到 2024-09-05 止，其间 3 个工作日" in lines
    assert "可办“完成”，由经办人" in lines
    days = explain_case(view, clocks, "open")
    assert days[0].startswith("时限“待办”")
    assert days[1] == "期限 3 个工作日"
    assert [line[:6] for line in days[2:]] == ["    + "] * 3
    assert explain_case(view, clocks, "nothing") == []


def test_a_date_of_the_year_says_what_moved_it() -> None:
    office = Bureau(FLOW.replace("3 working days", "by 10-01, roll: forward"))
    case = office.start("errand")
    clocks = explain_clocks(office.application, "anna", case)
    assert not isinstance(clocks, Refusal)
    (clock,) = clocks
    first, moved = (str(one) for one in clock.length)
    assert first == "10 月 1 日前，遇休息日顺延到其后第一个工作日"
    assert moved.endswith("顺延到 2024-10-08")
