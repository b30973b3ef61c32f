"""A workflow nobody may start and no other workflow starts."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the workflow when nothing loaded with it starts it."""
    workflow, world = subject.workflow, subject.world
    if workflow.start_by or workflow.calendar_start or world.partial:
        return
    if not any(workflow.id in other.starts for other in world.workflows.values()):
        yield RuleFinding(
            subject.top,
            say("流程“{workflow}”没有人能启动，也没有别的流程启动它", workflow=workflow.id),
            say("请写 start: {by: 角色}（启动）"),
        )


RULE = Rule(
    id="never-started",
    severity=Severity.WARNING,
    text=say("流程要有人能启动，或由别的流程启动。"),
    wrong="""\
workflow: demo
title: 示例
about: none
initial: open
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: finish, title: 办结, from: open, to: done}
""",
    right="""\
start: {by: clerk}
""",
    check=check,
    blocks_graph=False,
)
