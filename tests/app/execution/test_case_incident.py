"""Cases that wait for nothing, and whom they belong to."""

from __future__ import annotations

from bureau_factories import Bureau
from visit_bureau import unit

from engine.app.execution.case_incident import report_stuck

#: What a number is made of is not followed by the check, which warns of such a process; of a number it knows it refuses it.
STUCK = """
workflow: stuck
title: 示例
about: none
initial: open
start: {by: clerk}
fields:
  - kind: {title: 类别, type: integer}
states:
  open: {title: 待办, for: chief}
  sorting: {title: 分流}
  done: {title: 办结, final: true}
verbs: [{void: {by: chief, to: done}}]
transitions:
  - {do: sort, title: 分流, from: open, to: sorting, then: [{set: {kind: = 1 + 2}}]}
  - {do: one, title: 办结, from: sorting, to: done, automatic: true, when: case.kind == 1}
"""


def test_a_case_with_a_task_is_not_reported_and_neither_is_none() -> None:
    bureau = Bureau(STUCK)
    case = bureau.case(bureau.start("stuck", section="north"))
    with unit(bureau) as uow:
        assert report_stuck(uow, case) is None
        assert report_stuck(uow, None) is None


def test_whoever_may_start_such_cases_is_sent_a_message_and_the_problem_is_returned() -> None:
    bureau = Bureau(STUCK)
    name = bureau.start("stuck", section="north")
    bureau.take(name, "sort", "carl")
    case = bureau.case(name)
    with unit(bureau) as uow:
        people = uow.owners_of(case)
        problem = report_stuck(uow, case)
    assert people
    assert "anna" in people
    assert problem is not None
    assert f"案件“{name}”停在环节“分流”" in problem
    assert any(problem in text for text in bureau.mail("anna"))
