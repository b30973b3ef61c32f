"""A whole definition read aloud."""

from __future__ import annotations

import pytest
from walk_factories import process_of

from engine.authoring.describe_workflow import describe_workflow

FLOW = """
workflow: visit
title: 检查
help: 双人检查
basis: 某条例
about: object
initial: open
start: {by: [clerk, chief], form: sheet}
parties: {team: 检查组}
fields:
  - risk: {title: 风险}
states:
  open:
    title: 待检查
    for: [team, clerk]
    help: 现场
    deadline: 5 days
    verbs:
      - claim
      - extend: {by: chief, clock: open, max: 8 working days, times: 2, basis: 某办法 第九条}
      - void: {by: chief, to: done, approve: deputy}
      - suspend: {by: chief, pauses: [open]}
      - reassign: {by: chief, among: [clerk, deputy]}
      - urge: {by: chief, receipt: true}
  review: {title: 待审核, for: chief}
  waiting: {title: 等待}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - do: report
    title: 上报
    from: open
    to: review
    form: sheet
    help: 当日上报
    require:
      - {that: form.n >= 2, else: 数量不足, basis: 某法 第一条}
      - {that: form.n < 99, else: 数量过大}
    warn: [{that: form.n > 2, else: 数量偏小}]
    then:
      - set: {risk: low}
      - assign: {team: = form.people}
        when: filled(form.people)
      - {notify: [team, chief], message: 请审核}
      - {notify: chief, message: 请审核, urgent: true}
      - {start: errand}
      - {start: errand, each: form.people}
      - {archive: case}
      - {render: sheet_page}
  - {do: note, title: 记录, from: open, reason: true}
  - {do: all_sign, title: 会签, from: review, to: waiting, sign: {mode: all, by: team}}
  - {do: any_sign, title: 或签, from: review, to: waiting, sign: {mode: any, by: [team, deputy]}}
  - {do: two_sign, title: 两人签, from: review, to: waiting, sign: {mode: 2, by: team}}
  - {do: decide, title: 决定, from: review, to: done, by: deputy, when: case.risk == 'low'}
  - {do: go_on, title: 继续, from: waiting, to: done, automatic: true, when: case.risk == 'low'}
  - {do: joined, title: 齐备, from: waiting, to: done, join: {workflow: errand, reached: [closed]}}
  - {do: lapse, title: 到期, from: waiting, to: done, after: 3 days}
"""
ERRAND = """
workflow: errand
title: 差事
about: object
initial: doing
states:
  doing: {title: 在办, for: clerk}
  closed: {title: 完, final: true, open_children: leave}
transitions: [{do: finish, title: 完成, from: doing, to: closed}]
"""
SHEET = """
form: sheet
title: 记录表
fields:
  - n: {title: 数量, type: integer}
  - people: {title: 人员, type: persons, optional: true}
constraints: [{that: form.n > 0, else: 数量须为正}]
"""


@pytest.fixture(scope="module")
def page() -> list[str]:
    return describe_workflow(process_of(FLOW, ERRAND, SHEET)).split("\n")


def part(page: list[str], begin: str, end: str = "") -> list[str]:
    """Return the lines from one to the next empty or named one."""
    first = page.index(begin)
    return page[first : page.index(end, first + 1)]


def test_the_head(page: list[str]) -> None:
    assert part(page, "《检查》（visit，第 1 版）") == [
        "《检查》（visit，第 1 版）",
        "双人检查",
        "依据：某条例。",
        "由经办人、股室负责人启动。",
        "启动时填写《记录表》。",
        "本件的当事各方：检查组。",
        "共 4 个环节，从“待检查”开始，到“办结”结束。",
    ]


def test_a_state_with_its_verbs(page: list[str]) -> None:
    found = part(page, "1. 待检查（open）")
    assert found[1:4] == ["   由检查组、经办人办理。", "   说明：现场", "   计时：待检查。"]
    verbs = found[4:10]
    assert verbs == [
        "   可由本环节的人领取。",
        "   可由股室负责人延期（最长 8 个工作日、最多 2 次、时限“待检查”、依据：某办法 第九条）。",
        "   可由股室负责人作废（到“办结”、须经分管领导批准）。",
        "   可由股室负责人挂起（期间停计“待检查”）。",
        "   可由股室负责人转办（限于经办人、分管领导）。",
        "   可由股室负责人催办（被催办的人须回执）。",
    ]


def test_a_step_with_everything_that_belongs_to_it(page: list[str]) -> None:
    found = part(
        page,
        "   · 上报（report）：由本环节的人办理，转到“待审核”。",
        "   · 记录（note）：由本环节的人办理，环节不变。",
    )
    assert found[1:] == [
        "     说明：当日上报",
        "     填写《记录表》（sheet）。",
        "     表单填写不当时提示：数量须为正。",
        "     不准办理的情形：数量不足（依据：某法 第一条）。",
        "     不准办理的情形：数量过大。",
        "     只提示、不阻止：数量偏小。",
        "     随即记下风险。",
        "     随即确定检查组的人选（仅当：filled(form.people)）。",
        "     随即通知检查组、股室负责人。",
        "     随即立即通知股室负责人。",
        "     随即启动一件“errand”。",
        "     随即逐个启动“errand”（form.people）。",
        "     随即归档本件。",
        "     随即生成文书（sheet_page）。",
    ]
    assert page[page.index("   · 记录（note）：由本环节的人办理，环节不变。") + 1] == "     须说明理由。"


def test_signatures_conditions_and_what_the_engine_does(page: list[str]) -> None:
    assert part(page, "2. 待审核（review）")[1:] == [
        "   由股室负责人办理。",
        "   · 会签（all_sign）：由本环节的人办理，转到“等待”。",
        "     须检查组全部签署（会签）。",
        "   · 或签（any_sign）：由本环节的人办理，转到“等待”。",
        "     检查组、分管领导任一人签署即可（或签）。",
        "   · 两人签（two_sign）：由本环节的人办理，转到“等待”。",
        "     须检查组中 2 人签署。",
        "   · 决定（decide）：由分管领导办理，转到“办结”。",
        "     仅当满足条件时：case.risk == 'low'",
    ]
    assert part(page, "3. 等待（waiting）")[1:] == [
        "   此时没有要人办理的事，等系统或其他件。",
        "   · 继续（go_on）：自动办理，转到“办结”。",
        "     仅当满足条件时：case.risk == 'low'",
        "   · 齐备（joined）：全部“errand”子件到达“closed”时自动办理，转到“办结”。",
        "   · 到期（lapse）：满 3 日 自动办理，转到“办结”。",
    ]
    assert part(page, "4. 办结（done）")[1:] == ["   到此结束。", "   未办结的子件继续办理。"]


def test_the_clocks_come_last(page: list[str]) -> None:
    assert page[page.index("时限") :] == [
        "时限",
        "   待检查（open）：在“待检查”期间计时，从进入起算，期限 5 日。",
    ]


def test_a_workflow_that_others_start_says_so() -> None:
    flow = process_of(ERRAND, FLOW, SHEET)
    found = describe_workflow(flow).split("\n")
    assert found[:3] == [
        "《差事》（errand，第 1 版）",
        "由其他流程启动，不能直接启动。",
        "共 2 个环节，从“在办”开始，到“完”结束。",
    ]
    assert "时限" not in found
