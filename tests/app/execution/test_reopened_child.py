"""A parent that has gone on hears of a child that is opened again."""

from __future__ import annotations

import pytest
from bureau_factories import Bureau

PARENT = """
workflow: plan
title: 汇总
about: none
initial: begin
start: {by: clerk}
states:
  begin: {title: 待派, for: clerk, no deadline: 无, steps: {go: {title: 派, to: waiting, then: [{start: part}]}}}
  waiting: {title: 待汇总, steps: {gather: {title: 汇, to: report, join: {part: [ready, closed]}}}}
  report: {title: 待报, for: chief, no deadline: 无, steps: {send: {title: 报, to: sent}}}
  sent: {title: 已报, final, open_children: leave}
"""
CHILD = """
workflow: part
title: 分册
about: none
initial: writing
states:
  writing: {title: 编写, for: clerk, no deadline: 无, steps: {finish: {title: 编好, to: ready}}}
  ready: {title: 编好, for: clerk, no deadline: 无, steps: {again: {title: 重编, to: writing}, close: {title: 定稿, to: closed}}}
  closed: {title: 定稿, final}
"""


@pytest.fixture
def gathered() -> tuple[Bureau, str, str]:
    bureau = Bureau(PARENT, CHILD)
    plan = bureau.start("plan", section="north")
    bureau.take(plan, "go", "anna")
    part = bureau.cases("part")[0].id
    bureau.take(part, "finish", "anna")
    assert bureau.state(plan) == "report"
    return bureau, plan, part


def test_whoever_has_the_parent_s_task_hears_of_it_once(gathered: tuple[Bureau, str, str]) -> None:
    bureau, plan, part = gathered
    before = len(bureau.mail("carl"))
    bureau.take(part, "again", "anna")
    assert bureau.state(plan) == "report"
    new = bureau.mail("carl")[before:]
    assert [("编好" in text, "编写" in text, "待报" in text) for text in new] == [(True, True, True)]
    bureau.take(part, "finish", "anna")
    assert len(bureau.mail("carl")) == before + 1


def test_where_the_parent_has_ended_whom_it_belongs_to(gathered: tuple[Bureau, str, str]) -> None:
    bureau, plan, part = gathered
    bureau.take(plan, "send", "carl")
    before = len(bureau.mail("bela"))
    bureau.take(part, "again", "anna")
    assert any("已报" in text for text in bureau.mail("anna"))
    assert len(bureau.mail("bela")) == before


def test_a_child_that_goes_on_within_what_was_waited_for_is_no_news(
    gathered: tuple[Bureau, str, str],
) -> None:
    bureau, _, part = gathered
    before = len(bureau.mail("carl"))
    bureau.take(part, "close", "anna")
    assert len(bureau.mail("carl")) == before
