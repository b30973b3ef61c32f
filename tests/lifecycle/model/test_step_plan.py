"""The plan of a step: whom it is for, and what it asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from walk_material import ANNA, BELA, CARL, SELF, Walk, process_of

from engine.lifecycle.command import Actor

WORKFLOW = """
workflow: errand
title: 走访
about: none
initial: open
parties: {visitors: 走访人员}
start: {by: [clerk]}
states:
  open: {title: 待走访, for: [visitors, clerk], no deadline: 示例}
  done: {title: 完, final: true}
transitions:
  - {do: report, title: 报告, from: open, to: done, form: report}
  - {do: drop, title: 取消, from: open, to: done, by: chief, reason: true}
"""
FORM = """
form: report
title: 报告
fields:
  - found: {title: 发现}
"""
PROCESS = process_of(WORKFLOW, FORM)


def test_a_step_without_people_of_its_own_is_for_those_of_its_state() -> None:
    plan = PROCESS.plan("open", "report")
    assert plan is not None
    assert (plan.audience, plan.parties, plan.roles) == (
        ("visitors", "clerk"),
        ("visitors",),
        (("clerk", True),),
    )
    assert (plan.reason, plan.blanks, plan.held) == (False, False, ())
    assert plan.form is PROCESS.form("report")


def test_a_step_with_people_of_its_own_is_for_them_alone() -> None:
    plan = PROCESS.plan("open", "drop")
    assert plan is not None
    assert (plan.audience, plan.reason, plan.form) == (("chief",), True, None)


def test_it_is_worked_out_once_and_there_is_none_for_what_does_not_leave_the_state() -> None:
    assert PROCESS.plan("open", "report") is PROCESS.plan("open", "report")
    assert PROCESS.plan("done", "report") is None
    assert PROCESS.plan("open", "nothing") is None


@pytest.mark.parametrize(
    ("step", "actor", "may"),
    [
        ("report", ANNA, True),
        ("report", BELA, False),
        ("report", Actor("vera", "south"), True),
        ("report", SELF, False),
        ("drop", CARL, True),
        ("drop", ANNA, False),
        ("drop", replace(CARL, section="south"), False),
    ],
)
def test_who_may_take_it(step: str, actor: Actor, may: bool) -> None:
    case = replace(Walk("", process=PROCESS, section="north").case, parties={"visitors": ("vera",)})
    plan = PROCESS.plan("open", step)
    assert plan is not None
    assert plan.may_take(case, actor) is may


def test_in_a_case_of_no_section_a_role_of_any_section_may() -> None:
    case = replace(Walk("", process=PROCESS).case, section=None, parties={})
    plan = PROCESS.plan("open", "report")
    assert plan is not None
    assert plan.may_take(case, BELA)
