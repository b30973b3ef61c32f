"""An outcome or an automatic step that is never taken: whenever its condition holds, one before it is taken."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import itemgetter

from engine.definition.meaning.conditions import contradiction, covered
from engine.definition.meaning.fields_known import fields_of
from engine.definition.meaning.subject import MeaningInput
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.expressions.expression import Not
from engine.lifecycle.model.workflow import Transition
from engine.yamltext.problem import Severity

#: So many outcomes or automatic steps before one are looked at.
MOST_BEFORE = 16


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the steps covered by those before them, in every state they leave."""
    steps = subject.workflow.transitions
    yield from _kept_out(subject)
    conditional = {
        state: [(number, step) for number, step in subject.leaving(state) if step.when is not None]
        for state in subject.workflow.states
    }
    for number, step in enumerate(steps):
        if step.when is None or not step.sources:
            continue
        field_of = fields_of(subject.workflow, subject.workflow.forms.get(step.form or ""))
        hidden = []
        for state in step.sources:
            before = [
                other
                for other in _nearest_before(conditional.get(state, ()), number)
                if other.id == step.id or (step.automatic and other.automatic)
            ]
            nodes = [other.when.expression.node for other in before if other.when is not None]
            if not nodes or not covered(step.when.expression.node, nodes, field_of):
                break
            hidden = before
        else:
            titles = list(dict.fromkeys(other.title for other in hidden))
            yield RuleFinding(
                subject.place(step.when.expression, subject.key(number, "when", "to")),
                say(
                    "“{step}”的这个去向永远轮不到：条件成立时，前面的“{others}”已经办了",
                    step=step.title,
                    others=titles,
                ),
                say("前面的条件已经包含这一个；请改条件，或调整先后"),
            )


def _nearest_before(steps: Sequence[tuple[int, Transition]], number: int) -> list[Transition]:
    """Return the steps right before one, in their order: those of a long list far above it are not looked at."""
    last = bisect_left(steps, number, key=itemgetter(0))
    return [step for _, step in steps[max(0, last - MOST_BEFORE) : last]]


def _kept_out(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the outcomes that require what an outcome before them is taken for."""
    earlier: dict[str, list[Transition]] = {}
    for number, step in enumerate(subject.workflow.transitions):
        others = earlier.setdefault(step.id, [])
        before = [
            other.when.expression.node
            for other in others[-MOST_BEFORE:]
            if other.when is not None and set(step.sources) <= set(other.sources)
        ]
        others.append(step)
        if not before or not step.require:
            continue
        field_of = fields_of(subject.workflow, subject.workflow.forms.get(step.form or ""), step.sources)
        asked = [one.expression.node for one in step.conditions]
        if not contradiction(asked, field_of) and contradiction([*asked, *map(Not, before)], field_of):
            yield RuleFinding(
                subject.place(step.require[0].that.expression, subject.key(number, "require")),
                say("“{step}”的这个去向永远轮不到：它要求的，前面的去向已经取走", step=step.title),
                say("请改这一去向的要求，或调整先后"),
            )


RULE = Rule(
    id="outcome-never-taken",
    severity=Severity.WARNING,
    text=say("几个去向按先后取第一个成立的：后面的条件不能全包含在前面的里。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  few: {title: 少, for: clerk}
  done: {title: 办结, final}
transitions:
  - do: judge
    title: 判断
    from: open
    form: onsite_check
    to:
      - done: form.staff > 5
      - few: form.staff > 10
      - else: done
  - {do: finish, title: 办结, from: few, to: done}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  few: {title: 少, for: clerk}
  done: {title: 办结, final}
transitions:
  - do: judge
    title: 判断
    from: open
    form: onsite_check
    to:
      - done: form.staff > 10
      - few: form.staff > 5
      - else: done
  - {do: finish, title: 办结, from: few, to: done}
""",
    meaning=check,
    blocks_graph=False,
)
