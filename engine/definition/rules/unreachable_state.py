"""A state no step leads to."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition import graph
from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the states that cannot be reached from the first one."""
    workflow = subject.workflow
    leads = graph.edges_of(subject)
    reached = graph.reachable(leads, workflow.initial)
    # 作废 leads to a final state of its own.
    for name in list(reached):
        verb = workflow.states[name].verbs.get("void")
        reached.update(verb.to if verb else ())
    for name, place in subject.states.items():
        if name not in reached:
            yield RuleFinding(
                place,
                say("环节“{name}”从起始环节“{initial}”走不到", name=name, initial=workflow.initial),
                say("请添加到它的办理，或删去这个环节"),
            )


RULE = Rule(
    id="unreachable-state",
    severity=Severity.ERROR,
    text=say("每个环节都要能从起始环节走到。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: finish, title: 办理, from: open, to: done}
  - {do: approve, title: 办理, from: review, to: done}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: submit, title: 办理, from: open, to: review}
  - {do: approve, title: 办理, from: review, to: done}
""",
    check=check,
    blocks_graph=False,
)
