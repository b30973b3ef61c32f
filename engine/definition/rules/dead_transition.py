"""A step that can never be taken, since an automatic one always goes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.model.workflow import Transition
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the steps that come after an automatic one without a condition, and steps to nowhere."""
    always: dict[str, Transition] = {}
    order = {id(step): number for number, (step, _) in enumerate(subject.steps)}
    for step, places in subject.steps:
        if step.automatic and "when" not in places:
            for source in step.sources:
                always.setdefault(source, step)
    for step, places in subject.steps:
        if not step.sources:
            continue
        if (
            step.automatic
            and "when" in places
            and all(_before(order, step, always.get(s)) for s in step.sources)
        ):
            continue
        blocked = [s for s in step.sources if s in always and always[s] is not step]
        if len(blocked) == len(step.sources):
            yield RuleFinding(
                places["do"],
                say(
                    "“{step}”永远轮不到：环节“{states}”一进入就自动办理“{other}”",
                    step=step.title,
                    states=blocked,
                    other=always[blocked[0]].title,
                ),
                say("请给自动的那一步写 when（当），或删去这一步"),
            )


def _before(order: Mapping[int, int], step: Transition, other: Transition | None) -> bool:
    """Tell whether `step` is looked at before `other`."""
    return other is None or order[id(step)] < order[id(other)]


RULE = Rule(
    id="dead-transition",
    severity=Severity.WARNING,
    text=say("办理要有机会发生。"),
    wrong="""\
transitions:
  - {do: skip, title: 办理, from: open, to: done, automatic}
  - {do: finish, title: 办理, from: open, to: done}
""",
    right="""\
transitions:
  - {do: skip, title: 办理, from: open, to: done, automatic, when: "case.title == '甲'"}
  - {do: finish, title: 办理, from: open, to: done}
""",
    check=check,
    blocks_graph=False,
)
