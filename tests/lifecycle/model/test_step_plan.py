"""Whom a step is for, and what it asks for: worked out once, and the same as the long way for every case and person."""

from __future__ import annotations

from dataclasses import replace

from bureau_factories import Bureau
from hypothesis import given
from hypothesis import strategies as st

from engine.lifecycle.command import Actor
from engine.lifecycle.model.step_plan import StepPlan
from engine.lifecycle.permission import may_act

HEARING = """
workflow: hearing
title: 听证
about: none
initial: open
start: {by: clerk}
parties: {hosts: 主持人}
states:
  open: {title: 待办, for: [clerk, hosts]}
  done: {title: 办结, final: true}
transitions:
  - {do: close, title: 办结, from: open, to: done, reason: true}
  - {do: host, title: 主持, from: open, to: done, by: hosts}
"""
BUREAU = Bureau(HEARING)
CASE = BUREAU.case(BUREAU.start("hearing"))
with BUREAU.look() as _transaction:
    PROCESS = BUREAU.application.definitions.get(_transaction, "hearing", CASE.version)


def plan_of(step: str) -> StepPlan:
    """Return the plan of a step."""
    workflow = PROCESS.workflow
    found = tuple(one for one in workflow.leaving("open") if one.id == step)
    return StepPlan(workflow, PROCESS.bureau, "open", found)


def test_a_plan_says_whom_a_step_is_for_and_what_it_asks_for() -> None:
    close, host = plan_of("close"), plan_of("host")
    assert (close.audience, close.parties, close.reason) == (("clerk", "hosts"), ("hosts",), True)
    assert [name for name, _ in close.roles] == ["clerk"]
    assert (host.audience, host.parties, host.roles, host.reason) == (("hosts",), ("hosts",), (), False)
    assert (host.form, host.held, host.blanks) == (None, (), False)


@given(
    step=st.sampled_from(["close", "host"]),
    section=st.sampled_from([None, "north", "south"]),
    own=st.sampled_from([None, "north", "south"]),
    roles=st.frozensets(st.sampled_from(["clerk", "chief", "leader"])),
    hosts=st.sampled_from([(), ("anna",), ("carl",)]),
)
def test_it_lets_in_whom_the_long_way_lets_in(
    step: str, section: str | None, own: str | None, roles: frozenset[str], hosts: tuple[str, ...]
) -> None:
    case = replace(CASE, section=section, parties={"hosts": hosts})
    actor, plan = Actor("anna", own, roles), plan_of(step)
    assert plan.may_take(case, actor) == may_act(PROCESS, case, actor, plan.first)
