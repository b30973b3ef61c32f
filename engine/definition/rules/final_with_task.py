"""A final state with somebody's task or a deadline."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the final states that ask somebody to do something; one as the first state too."""
    workflow = subject.workflow
    for name, state in workflow.states.items():
        if state.final and (state.audience or state.verbs or name in workflow.clocks):
            yield RuleFinding(
                subject.states[name],
                say("“{name}”是终点，不应再有由谁办、时限或操作", name=name),
                say("请删去这些，或删去 final（终点）"),
            )
    first = workflow.states.get(workflow.initial)
    if first is not None and first.final:
        yield RuleFinding(subject.initial, say("起始环节“{name}”就是终点", name=first.id))


RULE = Rule(
    id="final-with-task",
    severity=Severity.ERROR,
    text=say("终点没有待办，也没有时限。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final, for: clerk}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final}
""",
    check=check,
    blocks_graph=False,
)
