"""Who may take a step: parties, roles with and without a section, who was handed the task, who stands in."""

from __future__ import annotations

from typing import Any

import pytest
from walk_factories import ANNA, BELA, CARL, DORA, Walk, process_of

from engine.lifecycle.command import Actor
from engine.lifecycle.permission import acts_for, allowed, belongs, display_names, may_act, why_not

FLOW = """
workflow: visit
title: 检查
about: object
basis: 总则
initial: open
start: {by: clerk}
parties: {team: 检查组}
states:
  open: {title: 待检查, for: [team, clerk]}
  done: {title: 办结, final: true}
transitions:
  - {do: report, title: 上报, from: open, to: done}
  - do: decide
    title: 决定
    from: open
    to: done
    by: deputy
    require:
      - {that: "case.title != ''", else: 无, basis: 题法}
      - {that: "actor.id != 'x'", else: 无, basis: 人法}
  - do: check
    title: 核对
    from: open
    to: done
    require:
      - {that: "case.title != ''", else: 无, basis: 题法}
      - {that: length(team) > 0, else: 无, basis: 组法}
"""
PROCESS = process_of(FLOW)
STEPS = {t.id: t for t in PROCESS.workflow.transitions}
EMIL = Actor("emil")


def walk(**new: Any) -> Walk:
    return Walk("", process=PROCESS, **{"parties": {"team": ("emil",)}, **new})


def test_a_step_is_for_those_it_names_or_for_those_of_the_state() -> None:
    case = walk().case
    assert allowed(PROCESS, case, STEPS["report"]) == ("team", "clerk")
    assert allowed(PROCESS, case, STEPS["decide"]) == ("deputy",)


@pytest.mark.parametrize(
    ("actor", "audience", "section", "one"),
    [
        (EMIL, ("team",), "north", True),
        (ANNA, ("team",), "north", False),
        (ANNA, ("clerk",), "north", True),
        (BELA, ("clerk",), "north", False),
        (BELA, ("clerk",), None, True),
        (BELA, ("team", "clerk"), "south", True),
        (DORA, ("deputy",), "north", True),
        (CARL, ("clerk", "deputy"), "north", False),
        (ANNA, (), "north", False),
        # A role the person holds and the bureau does not know binds them to no section.
        (Actor("x", "south", frozenset({"guest"})), ("guest",), "north", True),
    ],
)
def test_members_of_a_party_and_holders_of_a_role(
    actor: Actor, audience: tuple[str, ...], section: str | None, one: bool
) -> None:
    case = walk(section=section).case
    assert belongs(PROCESS, case, actor, audience) is one
    assert belongs(PROCESS, case, Actor("eva", principals=(actor,)), iter(audience)) is one
    assert acts_for(PROCESS, case, actor, audience) is None


def test_whom_somebody_stands_in_for() -> None:
    case = walk().case
    eva = Actor("eva", principals=(BELA, ANNA, EMIL))
    assert acts_for(PROCESS, case, eva, ("clerk",)) == "anna"
    assert acts_for(PROCESS, case, eva, ("team",)) == "emil"
    assert acts_for(PROCESS, case, eva, ("deputy",)) is None
    # Whoever may act themselves stands in for nobody.
    both = Actor("ada", "north", frozenset({"clerk"}), principals=(ANNA,))
    assert acts_for(PROCESS, case, both, ("clerk",)) is None


def test_who_was_handed_the_task_takes_the_steps_of_the_state_alone() -> None:
    case = walk(assignee="dora").case
    assert may_act(PROCESS, case, DORA, STEPS["report"])
    assert not may_act(PROCESS, case, CARL, STEPS["report"])
    assert not may_act(PROCESS, walk(assignee="carl").case, CARL, STEPS["decide"])
    assert may_act(PROCESS, case, DORA, STEPS["decide"])


def test_what_those_who_may_are_called() -> None:
    case = walk().case
    assert [str(name) for name in display_names(PROCESS, case, ("team", "clerk", "deputy", "guest"))] == [
        "检查组（emil）",
        "北片股的经办人",
        "分管领导",
        "guest",
    ]
    empty = walk(parties={}, section=None).case
    assert [str(name) for name in display_names(PROCESS, empty, ("team", "clerk"))] == ["检查组", "经办人"]
    elsewhere = walk(section="west").case
    assert [str(name) for name in display_names(PROCESS, elsewhere, ("clerk",))] == ["west的经办人"]


@pytest.mark.parametrize(
    ("step", "who", "basis"),
    [
        ("report", "检查组（emil）、北片股的经办人", "总则"),
        ("decide", "分管领导", "人法"),
        ("check", "检查组（emil）、北片股的经办人", "组法"),
    ],
)
def test_why_somebody_may_not(step: str, who: str, basis: str) -> None:
    reason = why_not(PROCESS, walk().case, CARL, STEPS[step])
    title = STEPS[step].title
    assert (reason.code, str(reason.message), reason.basis) == (
        "not-allowed",
        f"“carl”不能办理“{title}”：该步骤由{who}办理",
        basis,
    )
