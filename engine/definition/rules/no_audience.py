"""A state with steps for people, and nobody to take them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the steps nobody can take."""
    states = subject.workflow.states
    for step, places in subject.steps:
        if step.by or step.by_engine:
            continue
        without = [name for name in step.sources if not states[name].audience and not states[name].final]
        if without and "by" not in places:
            yield RuleFinding(
                places["do"],
                say("“{step}”没有人可办：环节“{states}”没有写由谁办", step=step.title, states=without),
                say("请在环节里写 for（由谁办），或在办理里写 by（谁可办）"),
            )


RULE = Rule(
    id="no-audience",
    severity=Severity.ERROR,
    text=say("有人工办理的环节要写由谁办。"),
    wrong="""\
states:
  open: {title: 待办}
  done: {title: 办结, final}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final}
""",
    check=check,
    blocks_graph=False,
)
