"""A state from which no final state can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition import graph
from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the states that lead only in circles; a workflow without any final state is reported once."""
    workflow = subject.workflow
    leads = graph.edges_of(subject)
    if not any(state.final for state in workflow.states.values()):
        yield RuleFinding(subject.top, say("流程没有终点"), say("请给最后的环节写 final: true（终点: true）"))
        return
    back = graph.sources_of(leads)
    ending = set[str]().union(
        *(graph.reachable(back, name) for name, state in workflow.states.items() if state.final)
    )
    for name, place in subject.states.items():
        if workflow.states[name].final or not graph.ways_out(leads, name):
            continue
        if name not in ending:
            yield RuleFinding(
                place,
                say("从环节“{name}”出发永远到不了终点", name=name),
                say("请添加一个通往终点的办理"),
            )


RULE = Rule(
    id="no-way-to-end",
    severity=Severity.ERROR,
    text=say("从每个环节都要能走到终点。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  a: {title: 甲, for: clerk}
  b: {title: 乙, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: finish, title: 办理, from: open, to: done}
  - {do: go, title: 办理, from: open, to: a}
  - {do: on, title: 办理, from: a, to: b}
  - {do: back, title: 办理, from: b, to: a}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  a: {title: 甲, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: go, title: 办理, from: open, to: a}
  - {do: finish, title: 办理, from: a, to: done}
""",
    check=check,
    blocks_graph=False,
)
