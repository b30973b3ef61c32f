"""Several steps of one id from one state that cannot be distinguished."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.model.workflow import Transition
from engine.yamltext.nodes import Node
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the steps of one id that leave one state and hide or contradict each other."""
    seen: dict[tuple[str, str], tuple[Transition, Mapping[str, Node]]] = {}
    reported = set()
    for step, places in subject.steps:
        for source in step.sources:
            earlier = seen.get((step.id, source))
            seen[(step.id, source)] = (step, places)
            if earlier is None or (step.id, places["do"].line) in reported:
                continue
            reported.add((step.id, places["do"].line))
            before, before_places = earlier
            if "when" not in before_places:
                yield RuleFinding(
                    places["do"],
                    say(
                        "环节“{state}”的“{step}”在第 {line} 行已有，且没有写 when（当），这一个永远轮不到",
                        state=source,
                        step=step.id,
                        line=before_places["do"].line,
                    ),
                    say("请给前一个写 when（当），或换一个 do（动作）"),
                )
            elif _manner(before) != _manner(step):
                yield RuleFinding(
                    places["do"],
                    say(
                        "环节“{state}”的几个“{step}”表单、谁可办或办理方式不同，事先无从选择",
                        state=source,
                        step=step.id,
                    ),
                    say("请写得一样，或换一个 do（动作）"),
                )


def _manner(step: Transition) -> tuple[object, ...]:
    return (
        step.form,
        step.item_forms,
        step.by,
        step.automatic,
        step.join is None,
        step.after,
        step.on_expiry,
    )


RULE = Rule(
    id="ambiguous-transition",
    severity=Severity.ERROR,
    text=say("同一环节的同名办理，除最后一个外都要写 when（当），且表单、谁可办、办理方式相同。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: submit, title: 办理, from: open, to: review}
  - {do: submit, title: 办理, from: open, to: done}
  - {do: approve, title: 办理, from: review, to: done}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: submit, title: 办理, from: open, to: review, when: "case.title == '甲'"}
  - {do: submit, title: 办理, from: open, to: done}
  - {do: approve, title: 办理, from: review, to: done}
""",
    check=check,
    blocks_graph=False,
)
