"""A step of the engine that asks for a person, or has two moments at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.model.workflow import Transition
from engine.yamltext.nodes import Node
from engine.yamltext.problem import Severity

_MOMENTS = ("automatic", "join", "after", "on_expiry", "on_answer")


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the steps of the engine that need a person."""
    for step, places in subject.steps:
        moments = [key for key in _MOMENTS if key in places]
        if step.same_approver:
            yield from _skipped(step, places)
        if len(moments) > 1 and step.by_engine:
            yield RuleFinding(
                places[moments[1]],
                say("{first} 与 {second} 只能写一个", first=moments[0], second=moments[1]),
            )
        if not step.by_engine:
            continue
        for key in ("by", "form", "item_forms", "reason"):
            if key in places and not (key == "form" and step.on_answer):
                yield RuleFinding(
                    places[key],
                    say("“{step}”由系统自动办理，不能写“{key}”", step=step.title, key=key),
                    say("请删去，或去掉 {moment}", moment=moments[0]),
                )


def _skipped(step: Transition, places: Mapping[str, Node]) -> Iterator[RuleFinding]:
    """Yield what a step that may be taken for somebody (``same_approver``) cannot ask of them."""
    for key in (*_MOMENTS, "form", "reason"):
        if key in places:
            yield RuleFinding(
                places[key],
                say("“{step}”可以跳过（same_approver），不能写“{key}”", step=step.title, key=key),
                say("请删去，或去掉 same_approver（同一审批人）"),
            )


RULE = Rule(
    id="engine-step",
    severity=Severity.ERROR,
    text=say(
        "自动的办理只有一个时机（automatic、join、after、on_expiry、on_answer 之一），不要人填表、签字或说明理由；"
        "on_answer 的表单由答复填写。可以跳过的（same_approver）不要填表，也不要说明理由。"
    ),
    wrong="""\
transitions:
  - {do: finish, title: 办理, from: open, to: done, automatic, by: clerk}
""",
    right="""\
transitions:
  - {do: finish, title: 办理, from: open, to: done, automatic}
""",
    check=check,
    blocks_graph=False,
)
