"""A step that leaves a final state: it can never be taken."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the steps that leave a final state."""
    for step, places in subject.steps:
        for name in step.sources:
            if subject.workflow.states[name].final:
                yield RuleFinding(
                    places["from"],
                    say("“{name}”是终点，不能再从那里办理“{step}”", name=name, step=step.title),
                    say("请删去 final（终点），或从 from（从）里删去该环节"),
                )


RULE = Rule(
    id="final-with-way-out",
    severity=Severity.ERROR,
    text=say("终点没有出路。"),
    wrong="""\
transitions:
  - {do: finish, title: 办理, from: open, to: done}
  - {do: reopen, title: 办理, from: done, to: open}
""",
    right="""\
transitions:
  - {do: finish, title: 办理, from: open, to: done}
""",
    check=check,
    blocks_graph=False,
)
