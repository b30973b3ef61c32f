"""A state that is not final and cannot be left."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition import graph
from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the states without a way out; none when the workflow has no final state at all."""
    workflow = subject.workflow
    leads = graph.edges_of(subject)
    if not any(state.final for state in workflow.states.values()):
        return
    for name, place in subject.states.items():
        if not workflow.states[name].final and not graph.ways_out(leads, name):
            yield RuleFinding(
                place,
                say("环节“{name}”进得去、出不来", name=name),
                say("请添加离开它的办理，或写 final: true（终点: true）"),
            )


RULE = Rule(
    id="trap",
    severity=Severity.ERROR,
    text=say("不是终点的环节要有出路。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  stuck: {title: 搁置, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: finish, title: 办理, from: open, to: done}
  - {do: shelve, title: 办理, from: open, to: stuck}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  stuck: {title: 搁置, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: finish, title: 办理, from: open, to: done}
  - {do: shelve, title: 办理, from: open, to: stuck}
  - {do: resume_it, title: 办理, from: stuck, to: open}
""",
    check=check,
    blocks_graph=False,
)
