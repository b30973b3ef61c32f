"""A condition that always holds, or never does, whatever is answered."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from engine.definition.meaning.answers.values_there import Answers, Path, ValuesThere, never_there
from engine.definition.meaning.conditions import constant_part, contradiction, verdict
from engine.definition.meaning.fields_known import always_asked, fields_of
from engine.definition.meaning.subject import FormPlaces, MeaningInput
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import Message, say
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import ExpressionNode
from engine.lifecycle.expressions.source_text import source_text
from engine.yamltext.nodes import Node
from engine.yamltext.problem import Severity


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the conditions of steps that are constant, and the requirements of a step that exclude each other."""
    workflow = subject.workflow
    seen: set[int] = set()
    values = ValuesThere.of(subject)
    for number, step in enumerate(workflow.transitions):
        form = workflow.forms.get(step.form or "")
        field_of = fields_of(workflow, form, step.sources)
        constant = False
        conditions = [
            *([("when", step.when)] if step.when is not None else []),
            *(("require", one.that) for one in step.require),
            *(("warn", one.that) for one in step.warn),
            *(("then", effect.when) for effect in step.then if effect.when is not None),
        ]
        for key, condition in conditions:
            if id(condition) in seen:
                continue
            seen.add(id(condition))
            found = verdict(condition.expression.node, field_of)
            constant = constant or found is not None
            if found is not None:
                yield _finding(subject.place(condition.expression, subject.key(number, key, "to")), found)
                continue
            part = constant_part(condition.expression.node, field_of)
            if part is not None:
                constant = True
                yield _part(subject.place(condition.expression, subject.key(number, key, "to")), *part)
                continue
            for never, path, there in never_there(values, number, condition.expression.node):
                constant = True
                at = subject.place(condition.expression, subject.key(number, key, "to"))
                yield _never_there(at, never, path, there)
        if constant:
            continue
        asked = [one.that for one in step.require]
        nodes = [*(one.expression.node for one in step.conditions), *always_asked(form)]
        if (
            len(nodes) > 1
            and contradiction(nodes, field_of)
            and not contradiction(always_asked(form), field_of)
        ):
            place: Node = subject.key(number, "require", "when", "form")
            if asked:
                place = subject.place(asked[-1].expression, place)
            yield RuleFinding(
                place,
                say("“{step}”的几个条件互相矛盾，永远不能同时成立，这一步永远办不成", step=step.title),
                say("请核对 when（当）、require（要求）和表单的 constraints（校验）"),
            )


def check_form(subject: FormPlaces) -> Iterator[RuleFinding]:
    """Yield the conditions of a form that are constant."""
    form = subject.form
    field_of = fields_of(None, form)
    conditions: list[Condition] = []
    for asked in form.fields:
        conditions += [asked.relevant] if asked.relevant is not None else []
        conditions += [constraint.that for constraint in asked.constraints]
    conditions += [constraint.that for constraint in form.constraints]
    constant = False
    for condition in conditions:
        found = verdict(condition.expression.node, field_of)
        if found is not None:
            constant = True
            yield _finding(subject.place(condition.expression), found)
            continue
        part = constant_part(condition.expression.node, field_of)
        if part is not None:
            constant = True
            yield _part(subject.place(condition.expression), *part)
    for asked in form.fields:
        own = [constraint.that.expression.node for constraint in asked.constraints]
        if not constant and len(own) > 1 and contradiction(own, field_of):
            constant = True
            yield RuleFinding(
                subject.place(asked.constraints[-1].that.expression),
                say("“{field}”的几条校验互相矛盾，怎样填都不成立", field=asked.title),
                say("请核对 constraint（校验）和 min、max（下限、上限）"),
            )
    every = always_asked(form)
    if not constant and len(every) > 1 and contradiction(every, field_of):
        last = [*(one for asked in form.fields for one in asked.constraints), *form.constraints][-1]
        yield RuleFinding(
            subject.place(last.that.expression),
            say("表单的几条校验互相矛盾，怎样填都不成立"),
            say("请核对 constraints（校验）"),
        )


def _finding(place: Node, found: bool) -> RuleFinding:
    if found:
        return RuleFinding(place, say("这个条件总是成立，等于没有写"), say("请核对两边写的是否是同一回事"))
    return RuleFinding(
        place, say("这个条件永远不成立"), say("请核对各项是否互相矛盾，代码、数的范围是否写对")
    )


def _never_there(place: Node, part: ExpressionNode, path: Path, there: Answers) -> RuleFinding:
    if any(isinstance(one, Fraction) for one in there):
        # Of numbers a few stand for all: they are not said.
        return RuleFinding(
            place,
            say(
                "按走到这里以前能记下的数，“{name}”不会使“{part}”成立",
                name=".".join(path),
                part=source_text(part),
            ),
            say("请核对前面各步写入的数和它的上限、下限"),
        )
    return RuleFinding(
        place,
        say(
            "走到这里时“{name}”只可能是{answers}，“{part}”永远不成立",
            name=".".join(path),
            answers=[_answer(one) for one in sorted(there, key=str)],
            part=source_text(part),
        ),
        say("请核对前面各步写入的是什么、由哪些去向走到这里"),
    )


def _answer(value: object) -> Message | str:
    if value is None:
        return say("没有填")
    return say("是") if value is True else say("否") if value is False else str(value)


def _part(place: Node, part: ExpressionNode, found: bool) -> RuleFinding:
    text = source_text(part)
    hint = say("请核对这一部分，或去掉它")
    if found:
        return RuleFinding(place, say("条件里的“{part}”总是成立，等于没有写", part=text), hint)
    return RuleFinding(place, say("条件里的“{part}”永远不成立", part=text), hint)


RULE = Rule(
    id="constant-condition",
    severity=Severity.WARNING,
    text=say("条件要有成立的时候，也有不成立的时候；同一步骤的几个条件要能同时成立。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.method == 'onsite' and form.method == 'written', else: 不符合要求, basis: 条例 第一条}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.method == 'onsite' or form.staff > 0, else: 不符合要求, basis: 条例 第一条}
""",
    meaning=check,
    of_form=check_form,
    blocks_graph=False,
)
