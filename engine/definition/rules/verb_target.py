"""A verb that leads where it cannot lead: 作废 to a state that is no end, 退回 to one that is."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the states whose 作废 or 退回 leads to the wrong kind of state."""
    states = subject.workflow.states
    for name, state in states.items():
        void, back = state.verbs.get("void"), state.verbs.get("return")
        for to in void.to if void else ():
            if to in states and not states[to].final:
                yield RuleFinding(
                    subject.states[name],
                    say("环节“{name}”的作废通向“{to}”，那不是终点", name=name, to=to),
                    say("请写一个终点环节（final: true），例如“已作废”"),
                )
        for to in back.to if back else ():
            if to in states and states[to].final:
                yield RuleFinding(
                    subject.states[name],
                    say("环节“{name}”退回到“{to}”，那是终点", name=name, to=to),
                    say("请只写还能办理的环节"),
                )


RULE = Rule(
    id="verb-target",
    severity=Severity.ERROR,
    text=say("作废须通向终点，退回须通向还能办理的环节。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk, verbs: {void: {by: clerk, to: review}}}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: submit, title: 提交, from: open, to: review}
  - {do: finish, title: 办结, from: review, to: done}
""",
    right="""\
states:
  open: {title: 待办, for: clerk, verbs: {void: {by: clerk, to: void}}}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final}
  void: {title: 已作废, final}
transitions:
  - {do: submit, title: 提交, from: open, to: review}
  - {do: finish, title: 办结, from: review, to: done}
""",
    check=check,
    blocks_graph=False,
)
