"""A state whose task is for people who can take none of its steps."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition import graph
from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the states in which every step for people is for others than those the state is for."""
    workflow = subject.workflow
    leaving = graph.leaving(workflow)
    for name, place in subject.states.items():
        state = workflow.states[name]
        steps = [step for _, step in leaving[name] if not step.by_engine]
        if not state.audience or not steps or state.final:
            continue
        moving = [step for step in steps if step.target not in (None, name)]
        if all(step.by and not set(step.by) & set(state.audience) for step in moving or steps):
            yield RuleFinding(
                place,
                say(
                    "环节“{state}”的待办给了“{who}”，而离开它的各步都只能由别人办",
                    state=state.title,
                    who=list(state.audience),
                ),
                say("请核对环节的 for（由谁办）和各步的 by（谁可办）"),
            )


RULE = Rule(
    id="nobody-can-act",
    severity=Severity.WARNING,
    text=say("环节的待办给谁，谁就要能办离开它的某一步。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: finish, title: 办结, from: open, to: done, by: section_chief}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: finish, title: 办结, from: open, to: done, by: [clerk, section_chief]}
""",
    check=check,
    blocks_graph=False,
)
