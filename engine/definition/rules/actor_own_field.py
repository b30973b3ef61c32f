"""The one who acts compared with what they fill in themselves, or with something that is no person: no control at all."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.meaning.effect_reads import field_named
from engine.definition.meaning.names_read import walked
from engine.definition.meaning.subject import MeaningInput
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import Message, say
from engine.lifecycle.expressions.expression import Compare, ExpressionNode, Name
from engine.lifecycle.expressions.rows import OverRows
from engine.lifecycle.model.form import FieldType
from engine.lifecycle.model.workflow import Transition
from engine.yamltext.problem import Severity

_PEOPLE = (FieldType.PERSON, FieldType.PERSONS)
#: Names that are people's ids although they are no fields.
_NOT_IDS = {("actor", "name"), ("actor", "section")}
_IDS = {("case", "opened_by"), ("case", "subject"), ("case", "id"), ("case", "parent")}


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the comparisons of the one who acts that say nothing."""
    seen: set[int] = set()
    for number, step in enumerate(subject.workflow.transitions):
        conditions = [one.that for one in (*step.require, *step.warn)]
        if step.when is not None:
            conditions.append(step.when)
        for condition in conditions:
            if id(condition) in seen:
                continue
            seen.add(id(condition))
            for node in walked(condition.expression.node):
                message = _fault(subject, step, node)
                if message is not None:
                    place = subject.place(
                        condition.expression, subject.key(number, "require", "when", "warn")
                    )
                    yield RuleFinding(
                        place,
                        message,
                        say(
                            "请比较历史里记下的办理人（在那一步写 {example}）",
                            example="set: {字段: = actor.id}",
                        ),
                    )


def _holds_ids(subject: MeaningInput, step: Transition, node: ExpressionNode) -> bool:
    """Tell whether a value is the id of a person, or a list of such."""
    if isinstance(node, OverRows):
        people = isinstance(node.rows, Name) and node.rows.path[0] in subject.workflow.parties
        return (
            people and node.name == "collect" and isinstance(node.of, Name) and node.of.path == ("it", "id")
        )
    if not isinstance(node, Name):
        return False
    asked = field_named(subject.workflow, step, node.path)
    return node.path == ("case", "opened_by") or (asked is not None and asked.type in _PEOPLE)


def _fault(subject: MeaningInput, step: Transition, node: ExpressionNode) -> Message | None:
    if not isinstance(node, Compare):
        return None
    for one, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(one, Name) and one.path in _NOT_IDS and _holds_ids(subject, step, other):
            return say("“{name}”与人员的编号比较，永远不相同", name=".".join(one.path))
        if not isinstance(one, Name) or one.path != ("actor", "id") or not isinstance(other, Name):
            continue
        if other.path == ("actor", "id"):
            return say("办理人与他自己比较")
        asked = field_named(subject.workflow, step, other.path)
        if asked is not None and asked.type not in _PEOPLE:
            return say("办理人与“{field}”比较，而那一栏填的不是人", field=asked.title)
        if asked is None and other.path[0] == "case" and other.path not in _IDS and len(other.path) == 2:
            return say("办理人与“{name}”比较，而那不是人", name=".".join(other.path))
        if asked is not None and other.path[0] == "form" and node.op in ("!=", "not in"):
            return say(
                "办理人与他自己这一步填的“{field}”比较，填别人就通过，起不到分开的作用", field=asked.title
            )
    return None


RULE = Rule(
    id="actor-own-field",
    severity=Severity.WARNING,
    text=say("两人分开办理的，比较历史里记下的办理人，不比较本人这一步填的栏，也不比较不是人的栏。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: actor.id not in form.signed_by, else: 须由他人办理, basis: 条例 第一条}
""",
    right="""\
fields:
  - entered_by: {title: 录入人, person}
states:
  open: {title: 待办, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: enter, title: 录入, from: open, to: review, then: [{set: {entered_by: = actor.id}}]}
  - do: finish
    title: 办结
    from: review
    to: done
    require:
      - {that: actor.id != case.entered_by, else: 须由他人办理, basis: 条例 第一条}
""",
    meaning=check,
    blocks_graph=False,
)
