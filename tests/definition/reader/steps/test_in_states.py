"""Steps written in their state: they load as those of ``transitions:`` do, and what is wrong is told at its line."""

from __future__ import annotations

import pytest

from engine.definition.library import load_files
from engine.definition.reader.steps.in_states import with_steps_of_states
from engine.yamltext.nodes import MappingNode
from engine.yamltext.source import read_source

BUREAU = """bureau: demo
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {north: 北片股}
roles: {clerk: {title: 经办, scope: bureau}}
"""
HEAD = "workflow: demo\ntitle: 示例\nabout: none\n"
IN_STATES = (
    HEAD
    + """start: {by: clerk}
states:
  open:
    title: 待办
    for: clerk
    no deadline: 只为举例
    steps:
      finish: {title: 办结, to: done}
      wait:
        title: 等待
        to: waiting
        reason:
  waiting:
    title: 等待
    for: clerk
    no deadline: 只为举例
    steps:
      finish: {title: 办结, to: done}
  done: {title: 已办结, final}
transitions:
  - {do: drop, title: 不办了, from: [open, waiting], to: done}
"""
)
APART = (
    HEAD
    + """initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk, no deadline: 只为举例}
  waiting: {title: 等待, for: clerk, no deadline: 只为举例}
  done: {title: 已办结, final: true}
transitions:
  - {do: finish, title: 办结, from: open, to: done}
  - {do: wait, title: 等待, from: open, to: waiting, reason: true}
  - {do: finish, title: 办结, from: waiting, to: done}
  - {do: drop, title: 不办了, from: [open, waiting], to: done}
"""
)
#: The same in Chinese words.
TWIN = (
    IN_STATES.replace("workflow:", "流程:")
    .replace("steps:", "步骤:")
    .replace("reason:", "说明理由:")
    .replace(", final", ", 终点")
    .replace("states:", "环节:")
    .replace("transitions:", "办理:")
)


def test_they_load_to_the_same_definition() -> None:
    found = [load_files({"w.yaml": text, "b.yaml": BUREAU}) for text in (IN_STATES, APART, TWIN)]
    assert [one.problems for one in found] == [(), (), ()]
    first, *others = [one.workflows["demo"] for one in found]
    assert [step.id for step in first.transitions] == ["finish", "wait", "finish", "drop"]
    assert (first, first.initial) == (others[0], "open")
    assert first == others[1]


def test_all_steps_may_stand_in_their_states() -> None:
    text = IN_STATES[: IN_STATES.index("transitions:")]
    assert load_files({"w.yaml": text, "b.yaml": BUREAU}).problems == ()


def test_places_are_those_of_the_text() -> None:
    root = read_source("w.yaml", IN_STATES).root
    assert isinstance(root, MappingNode)
    made = with_steps_of_states(root).get("transitions")
    assert made is not None
    lines = [item.line for item in made.items]  # type: ignore[attr-defined]
    rows = IN_STATES.split("\n")
    assert [rows[line - 1].strip() for line in lines] == [
        "finish: {title: 办结, to: done}",
        "title: 等待",
        "finish: {title: 办结, to: done}",
        "- {do: drop, title: 不办了, from: [open, waiting], to: done}",
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "rule"),
    [
        ("      finish: {title: 办结, to: done}\n      wait", "      finish: {title: 办结, to: don}\n      wait", 11, "unknown-state"),
        ("      finish: {title: 办结, to: done}\n      wait", "      finish: {titel: 办结, to: done}\n      wait", 11, "unknown-key"),
        ("      finish: {title: 办结, to: done}\n      wait", "      finish: {to: done}\n      wait", 11, "missing-key"),
        ("      finish: {title: 办结, to: done}\n      wait", "      finish: 办结\n      wait", 11, "wrong-shape"),
        ("      finish: {title: 办结, to: done}\n      wait", "      finish:\n      wait", 11, "missing-value"),
        ("      finish: {title: 办结, to: done}\n      wait", "      finish: {title: 办结, from: open, to: done}\n      wait", 11, "unknown-key"),
        ("    steps:\n      finish: {title: 办结, to: done}\n      wait:\n        title: 等待\n", "    steps:\n      - do: wait\n        title: 等待\n", 11, "wrong-shape"),
        ("    steps:\n      finish: {title: 办结, to: done}\n      wait", "    steps: 办结\n    stepz:\n      wait", 10, "wrong-shape"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_line(old: str, new: str, line: int, rule: str) -> None:
    assert IN_STATES.count(old) == 1
    found = load_files({"w.yaml": IN_STATES.replace(old, new), "b.yaml": BUREAU}).problems
    assert (line, rule) in [(one.line, one.rule) for one in found]


def test_a_workflow_without_any_step_is_told() -> None:
    text = HEAD + "states:\n  open: {title: 待办, for: clerk, no deadline: 只为举例}\n"
    found = load_files({"w.yaml": text, "b.yaml": BUREAU}).problems
    assert ("missing-key", "流程里没有步骤") in [(one.rule, str(one.message)) for one in found]


def test_a_step_of_a_state_may_not_be_named_like_one_of_its_branches() -> None:
    text = IN_STATES.replace("    for: clerk\n    no deadline: 只为举例\n    steps:\n      finish: {title: 办结, to: done}\n      wait", "    branches: {law: {title: 法制意见, for: clerk}}\n    no deadline: 只为举例\n    steps:\n      law: {title: 办结, to: done}\n      wait")  # fmt: skip
    found = load_files({"w.yaml": text, "b.yaml": BUREAU}).problems
    assert "duplicate-name" in [one.rule for one in found]
