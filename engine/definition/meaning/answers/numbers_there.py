"""Numbers that are followed over the ways: in their place stand the few that tell apart what conditions compare them with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from fractions import Fraction
from typing import Any

from engine.definition.meaning.answers.number_bounds import NUMBERS, numbers_around
from engine.definition.meaning.domains import Path
from engine.definition.meaning.fields_known import fields_of
from engine.definition.meaning.names_read import walked
from engine.definition.meaning.starters import can_hold, conditions_of
from engine.definition.meaning.subject import MeaningInput
from engine.lifecycle.expressions.expression import Compare, Expression, ExpressionNode, ListOf, Literal, Name
from engine.lifecycle.model.form import Field, FieldType
from engine.lifecycle.model.workflow import Effect, Transition, Workflow
from engine.value import value

_DECIMAL = re.compile(r"-?\d{1,18}(\.\d{1,9})?")


def is_number(value: object) -> bool:
    """Tell whether a value is a number, and not a truth."""
    return isinstance(value, (int, Fraction)) and not isinstance(value, bool)


def numbers_distinguished(
    subject: MeaningInput, path: Path, asking: Iterable[tuple[Transition, ExpressionNode]]
) -> frozenset[Fraction] | None:
    """Return the numbers that stand for all a question can have; None where it cannot be said what it is given.

    `asking` are the conditions that ask for it, each with the step it belongs to.
    """
    asked = fields_of(subject.workflow, None)(path)
    if asked is None or asked.type not in NUMBERS:
        return None
    points = {one for step, node in asking for one in _compared(node, _own(path, step))}
    points |= {
        one
        for constraint in asked.constraints
        for one in _compared(constraint.that.expression.node, ("form", path[-1]))
    }
    if path[0] == "case":
        found = writes(subject, path[1])
        if found is None:
            return None
        for one in found:
            given = given_number(one)
            if given is None:
                return None
            points |= given if isinstance(given, set) else _of_field(given)
    if not points:
        return None
    return frozenset(numbers_around(points, asked.least, asked.most, whole=asked.type is FieldType.INTEGER))


def written_number(value: object) -> Fraction | None:
    """Return a number that is written; an exact decimal is kept as its text. None for what is no number."""
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Fraction(value)
    return Fraction(value) if isinstance(value, (int, Fraction)) and is_number(value) else None


@value
class FieldWrite:
    """A value an effect gives to a field of the case: of its own, or of the case that starts it."""

    workflow: Workflow
    step: Transition
    effect: Effect
    value: Any
    #: The case begins with it.
    at_first: bool = False


def writes(subject: MeaningInput, name: str) -> list[FieldWrite] | None:
    """Return all that is written into a field of the case; None where a case may begin with what no definition says."""
    own = subject.workflow
    begins = [one for one in own.start_then if one.kind == "set" and name in one.arguments["set"]]
    found = [
        FieldWrite(own, beginning(own), one, one.arguments["set"][name], at_first=True) for one in begins
    ]
    for entry in subject.ways.entries:
        if ("case", name) not in entry.facts:
            continue
        if entry.effect is None:
            if not begins:
                return None
            continue
        starter, given = subject.others[entry.starter or ""], entry.effect.arguments.get("with", {})
        step = next(one for one in starter.transitions if any(each is entry.effect for each in one.then))
        found.append(FieldWrite(starter, step, entry.effect, given[name], at_first=True))
    return [
        *found,
        *(
            FieldWrite(own, step, effect, effect.arguments["set"][name])
            for step in own.transitions
            for effect in step.then
            if effect.kind == "set" and name in effect.arguments["set"]
        ),
    ]


def beginning(workflow: Workflow) -> Transition:
    """Return the start of a case, as if it were a step: it fills in a form, and sets facts."""
    return Transition(id="", title="", sources=(), target=None, form=workflow.start_form)


def given_number(write: FieldWrite) -> set[Fraction] | Field | None:
    """Return the number that is written, or the question of a form whose answer is; None for what is worked out."""
    node = write.value.node if isinstance(write.value, Expression) else Literal(write.value)
    if isinstance(node, Literal):
        number = written_number(node.value)
        return None if number is None else {number}
    if not isinstance(node, Name) or node.path[0] not in ("form", "forms"):
        return None
    asked = fields_of(write.workflow, write.workflow.forms.get(write.step.form or ""))(node.path)
    return asked if asked is not None and asked.type in NUMBERS and asked.answered else None


def numbers_given(write: FieldWrite, every: AbstractSet[Fraction]) -> AbstractSet[Fraction]:
    """Return those of some numbers an effect can give to a field of the case."""
    given, workflow = given_number(write), write.workflow
    if isinstance(given, set):
        return given & every
    if given is None or not isinstance(write.value, Expression) or not isinstance(write.value.node, Name):
        return every
    path = write.value.node.path
    asked_by = [write.step] if path[0] == "form" else [*_filling(workflow, path[1])]
    return {
        one
        for one in every
        if allowed(given, one)
        and any(
            _can_be(workflow, filling, write.effect if filling is write.step else None, given, one)
            for filling in asked_by
        )
    }


def allowed(asked: Field, number: Fraction) -> bool:
    """Tell whether a number is within the bounds of a question, and whole where it has to be."""
    if asked.type is FieldType.INTEGER and number.denominator != 1:
        return False
    return not (
        (asked.least is not None and number < asked.least) or (asked.most is not None and number > asked.most)
    )


def _can_be(
    workflow: Workflow, filling: Transition, effect: Effect | None, asked: Field, number: Fraction
) -> bool:
    """Tell whether a question can be answered with a number where a step fills in its form."""
    form = workflow.forms.get(filling.form or "")
    nodes = [*conditions_of(workflow, filling), *(one.that.expression.node for one in asked.constraints)]
    if effect is not None and effect.when is not None:
        nodes.append(effect.when.expression.node)
    about = [
        one
        for one in nodes
        if any(isinstance(part, Name) and part.path == ("form", asked.name) for part in walked(one))
    ]
    return can_hold(about, fields_of(workflow, form, filling.sources), {f"form.{asked.name}": [number]})


def _filling(workflow: Workflow, form: str) -> Iterator[Transition]:
    if workflow.start_form == form:
        yield beginning(workflow)
    yield from (step for step in workflow.transitions if step.form == form)


def _own(path: Path, step: Transition) -> Path:
    """Return what a step calls a question: of the form it fills in ``form.NAME``."""
    return ("form", path[2]) if path[0] == "forms" and path[1] == step.form else path


def _of_field(asked: Field) -> set[Fraction]:
    """Return what tells apart the answers to a question: its bounds, and what its constraints compare it with."""
    bounds = {Fraction(one) for one in (asked.least, asked.most) if one is not None}
    own = (one.that.expression.node for one in asked.constraints)
    return bounds | {one for node in own for one in _compared(node, ("form", asked.name))}


def _compared(node: ExpressionNode, path: Path) -> Iterator[Fraction]:
    """Yield the numbers a condition compares a question with."""
    for part in walked(node):
        if isinstance(part, Compare):
            for one, other in ((part.left, part.right), (part.right, part.left)):
                if isinstance(one, Name) and one.path == path:
                    for written in other.items if isinstance(other, ListOf) else (other,):
                        if (
                            isinstance(written, Literal)
                            and isinstance(written.value, (int, Fraction))
                            and is_number(written.value)
                        ):
                            yield Fraction(written.value)
