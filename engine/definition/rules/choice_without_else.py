"""A step with several outcomes, none of which is taken where no condition holds."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.meaning.conditions import example, gap
from engine.definition.meaning.fields_known import missing_unless
from engine.definition.meaning.gaps import fields_kept, may_change
from engine.definition.meaning.subject import MeaningInput
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.model.workflow import Transition
from engine.yamltext.problem import Severity


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the steps written once for each outcome, each with a condition, that some answers leave without any.

    Where it is the only step of a state, ``nothing-left-to-do`` finds it.
    """
    workflow = subject.workflow
    named: set[str] = set()
    for state in workflow.states:
        steps: dict[str, list[Transition]] = {}
        for _, step in subject.leaving(state):
            steps.setdefault(step.id, []).append(step)
        for name, outcomes in steps.items():
            if len(steps) > 1 and len(outcomes) > 1 and name not in named:
                found = _left_out(subject, state, outcomes)
                if found is not None:
                    named.add(name)
                    yield found


def _left_out(subject: MeaningInput, state: str, outcomes: list[Transition]) -> RuleFinding | None:
    """Return the finding where some answers leave a step without an outcome."""
    workflow = subject.workflow
    conditions = [step.when for step in outcomes if step.when is not None and not step.by_engine]
    if len(conditions) < len(outcomes) or len({step.form for step in outcomes}) > 1:
        return None
    nodes = [condition.expression.node for condition in conditions]
    if state not in subject.ways.may() or any(may_change(subject, state, node) for node in nodes):
        return None
    field_of = fields_kept(subject, workflow.forms.get(outcomes[0].form or ""))
    surely = subject.ways.must().get(state, frozenset())
    answers = gap(nodes, field_of, missing_unless(surely, field_of))
    if answers is None:
        return None
    number = workflow.transitions.index(outcomes[-1])
    return RuleFinding(
        subject.place(conditions[-1].expression, subject.key(number, "when", "do")),
        say(
            "“{step}”的几个去向都有条件，{example}时没有去向",
            step=outcomes[-1].title,
            example=example(answers, field_of),
        ),
        say("请给最后一个去向去掉 when（当）"),
        Severity.WARNING,
    )


RULE = Rule(
    id="choice-without-else",
    severity=Severity.ERROR,
    text=say("一个办理有几个去向的，最后一个写 else（否则）。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  other: {title: 转办, for: clerk}
  done: {title: 办结, final}
transitions:
  - do: finish
    title: 办理
    from: open
    to:
      - done: case.title == '甲'
      - other: case.title == '乙'
  - {do: close, title: 办结, from: other, to: done}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  other: {title: 转办, for: clerk}
  done: {title: 办结, final}
transitions:
  - do: finish
    title: 办理
    from: open
    to:
      - done: case.title == '甲'
      - else: other
  - {do: close, title: 办结, from: other, to: done}
""",
    meaning=check,
)
