"""A workflow file: as others see it, and as it is read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from definition_examples import workflow_text
from parts import WORLD, node_of

from engine.definition.reader.workflow import ReadWorkflow, outline_workflow, read_workflow
from engine.definition.symbols import WorkflowOutline
from engine.definition.types import ANY, DATE
from engine.lifecycle.model.form import FieldType

WHOLE = workflow_text(
    """\
help: 说明
basis: 条例
start: {by: clerk, form: visit}
parties: {handlers: 承办人}
fields: [seen_on: {title: 日期, type: date}]
verbs: {urge: {by: section_chief}}
states:
  open: {title: 待办, for: [clerk, handlers], deadline: 3 days}
  done: {title: 办结, final: true, open_children: leave}
clocks:
  whole: {title: 全程, during: open, deadline: 9 days}
transitions:
  - {do: finish, title: 办结, from: open, to: done, by: clerk, form: visit, item_forms: true, then: [{start: child}]}
"""
)


def read(text: str) -> ReadWorkflow:
    node = node_of(text)
    own = outline_workflow("w.yaml", node, WORLD)
    workflows = {**WORLD.workflows, **({own.id: own} if own is not None else {})}
    return read_workflow("w.yaml", text, node, replace(WORLD, workflows=workflows, worked_out={}))


def errors(text: str) -> list[str]:
    return [
        f"{one.line} {one.rule} {one.message}" for one in read(text).problems if one.severity.value == "error"
    ]


def test_the_outline_is_what_others_may_know() -> None:
    outline = outline_workflow("w.yaml", node_of(WHOLE), WORLD)
    assert outline is not None
    assert list(outline.declared) == ["seen_on"]
    assert replace(outline, declared={}) == WorkflowOutline(
        "demo",
        about="object",
        parties={"handlers": "承办人"},
        fields={"seen_on": DATE},
        states={"open": "待办", "done": "办结"},
        ends=frozenset({"done"}),
        forms=frozenset({"visit"}),
        with_items=frozenset({"visit"}),
        starts=frozenset({"child"}),
        clocks=frozenset({"open", "whole"}),
        steps=frozenset({"finish"}),
    )


def test_the_outline_of_a_broken_file_says_what_can_be_said() -> None:
    broken = outline_workflow(
        "w.yaml",
        node_of("流程: x\n字段: [a: {}]\n环节: {open: 5}\n办理: [5, {form: [a]}]\nstart: 5\n"),
        WORLD,
    )
    assert broken is not None
    assert (broken.id, broken.about, broken.states) == ("x", "none", {"open": "open"})
    assert broken.fields.get("a", ANY) == ANY
    assert (broken.forms, broken.starts) == (frozenset(), frozenset())
    assert outline_workflow("w.yaml", node_of("title: x\n"), WORLD) is None
    assert outline_workflow("w.yaml", node_of("workflow: X\n"), WORLD) is None


def test_a_whole_workflow() -> None:
    found = read(WHOLE)
    assert [str(problem.message) for problem in found.problems if problem.severity.value == "error"] == []
    assert found.forms == {"visit"}
    flow = found.workflow
    assert flow is not None
    assert (flow.id, flow.title, flow.about, flow.initial) == ("demo", "示例流程", "object", "open")
    assert (flow.start_by, flow.start_form, flow.basis, flow.help) == (("clerk",), "visit", "条例", "说明")
    assert flow.parties == {"handlers": "承办人"}
    assert flow.fields["seen_on"].type is FieldType.DATE
    assert list(flow.states["open"].verbs) == ["urge"]
    assert flow.states["done"].verbs == {}
    assert set(flow.clocks) == {"open", "whole"}
    assert [step.id for step in flow.transitions] == ["finish"]


@pytest.mark.parametrize(
    ("blocks", "problem"),
    [
        ("initial: nowhere\n", "2 unknown-state 没有环节“nowhere”"),
        ("parties: {case: 件}\n", "2 bad-name “case”是系统用的名字"),
        ("parties: {it: 件}\n", "2 bad-name “it”是系统用的名字"),
        ("parties: {clerk: 件}\n", "2 bad-name “clerk”已是角色的编号"),
        ("start: {by: nobody}\n", "2 unknown-role 没有角色或参与人“nobody”"),
        ("start: {by: clerk, form: gone}\n", "2 unknown-form 没有表单“gone”"),
        ("about: people\n", "2 unknown-word 应为下列之一："),
        ("start: clerk\n", "2 wrong-shape 此处应是“键: 值”，实为“clerk”"),
    ],
)
def test_a_workflow_with_errors_is_none(blocks: str, problem: str) -> None:
    text = workflow_text(blocks)
    assert read(text).workflow is None
    (found,) = errors(text)
    assert found.startswith(problem)


def test_rules_over_the_whole_wait_for_sound_parts() -> None:
    trapped = workflow_text(
        "states:\n  open: {title: 待办, for: clerk}\n  lost: {title: 迷失, for: clerk}\n  done: {title: 办结, final: true}\n"
    )
    rules = {problem.rule for problem in read(trapped).problems}
    assert "unreachable-state" in rules
    unsound = trapped.replace("initial: open", "initial: nowhere")
    assert {problem.rule for problem in read(unsound).problems} == {"unknown-state"}
