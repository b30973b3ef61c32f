"""A comparison with a code the field cannot have, which would never be true, and a field that is given one."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.meaning.effect_reads import field_named
from engine.definition.meaning.gaps import texts_kept
from engine.definition.meaning.names_read import walked
from engine.definition.meaning.starters import values_given
from engine.definition.meaning.subject import MeaningInput
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.kernel.did_you_mean import did_you_mean
from engine.language import say
from engine.lifecycle.expressions.expression import Compare, Expression, ExpressionNode, ListOf, Literal, Name
from engine.lifecycle.expressions.rows import OverRows
from engine.lifecycle.model.form import Field, FieldType
from engine.lifecycle.model.workflow import Transition, Workflow
from engine.yamltext.problem import Severity


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the comparisons of a text of the case with a text that no step writes into it, and choices given what they cannot be."""
    yield from _given(subject)
    kept: dict[tuple[str, str], list[str] | None] = {}
    for expression, place in subject.read.written.values():
        for node in walked(expression.node) if isinstance(expression, Expression) else ():
            for workflow, name, text in _compared(subject, node):
                asked = workflow.fields.get(name)
                if asked is None or asked.type is not FieldType.TEXT or not text:
                    continue
                if (workflow.id, name) not in kept:
                    kept[workflow.id, name] = texts_kept(subject, name, workflow)
                known = kept[workflow.id, name]
                if known is not None and text not in known:
                    yield RuleFinding(
                        place,
                        say(
                            "没有哪一步把“{text}”记到“{field}”里，这样比较没有意义",
                            text=text,
                            field=asked.title,
                        ),
                        did_you_mean(text, known) or say("记过的：{known}", known=known),
                        Severity.WARNING,
                    )


def _given(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the choices that are given an answer to another question whose codes they do not have."""
    for number, step in enumerate(subject.workflow.transitions):
        for effect in step.then:
            child = subject.others.get(str(effect.arguments.get("start", "")))
            for key, fields in (
                ("set", subject.workflow.fields),
                ("with", child.fields if child is not None else {}),
            ):
                for name, value in effect.arguments.get(key, {}).items():
                    asked = fields.get(name)
                    if (
                        asked is None
                        or asked.type is not FieldType.CHOICE
                        or not isinstance(value, Expression)
                    ):
                        continue
                    written = _typed_in(subject.workflow, step, value)
                    if written is not None:
                        yield RuleFinding(
                            subject.argument(number, effect, key, name),
                            say(
                                "“{field}”是选择题，而“{source}”是自由填写的文字",
                                field=asked.title,
                                source=written.title,
                            ),
                            say("它的选项：{known}", known=list(asked.choices)),
                            Severity.WARNING,
                        )
                    unknown = [
                        one
                        for one in values_given(subject.workflow, step, effect, value)
                        if isinstance(one, str) and one not in asked.choices
                    ]
                    if unknown:
                        yield RuleFinding(
                            subject.argument(number, effect, key, name),
                            say(
                                "记到“{field}”里的可能是“{code}”，而它没有这个选项",
                                field=asked.title,
                                code=unknown[0],
                            ),
                            say("它的选项：{known}", known=list(asked.choices)),
                        )


def _typed_in(workflow: Workflow, step: Transition, value: Expression) -> Field | None:
    """Return the question a value is the answer to, where anything may be written into it."""
    asked = field_named(workflow, step, value.node.path) if isinstance(value.node, Name) else None
    of_a_form = isinstance(value.node, Name) and value.node.path[0] != "case"
    texts = (FieldType.TEXT, FieldType.LONG_TEXT)
    return asked if asked is not None and of_a_form and asked.answered and asked.type in texts else None


def _compared(subject: MeaningInput, node: ExpressionNode) -> Iterator[tuple[Workflow, str, str]]:
    """Yield the field of the case, or of child cases that are looked at one by one, and the text of a comparison."""
    if isinstance(node, OverRows) and isinstance(node.rows, Name) and node.rows.path[0] == "children":
        child = subject.others.get(node.rows.path[1])
        parts = walked(node.of) if child is not None else ()
        for part in parts:
            if child is not None and isinstance(part, Compare):
                yield from ((child, name, text) for name, text in _texts(part, "it"))
    elif isinstance(node, Compare):
        yield from ((subject.workflow, name, text) for name, text in _texts(node, "case"))


def _texts(node: Compare, root: str) -> Iterator[tuple[str, str]]:
    for one, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(one, Name) and one.path[0] == root and len(one.path) == 2:
            for part in other.items if isinstance(other, ListOf) else (other,):
                if isinstance(part, Literal) and isinstance(part.value, str):
                    yield one.path[1], part.value


RULE = Rule(
    id="unknown-choice",
    severity=Severity.ERROR,
    text=say("与选择题比较、记到选择题里的，是选项里有的代码。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "form.method == 'on_site'", else: 不符合要求, basis: 条例 第一条}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "form.method == 'onsite'", else: 不符合要求, basis: 条例 第一条}
""",
    meaning=check,
    blocks_graph=False,
)
