"""Answers a step reads that nobody can have given: the question is asked in another case only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.definition.meaning.answers.values_there import Answers, ValuesThere, names_in
from engine.definition.meaning.effect_reads import expressions_of
from engine.definition.meaning.fields_known import fields_of
from engine.definition.meaning.names_read import MISSING_IS_FINE, walked
from engine.definition.meaning.starters import answers_left, can_hold
from engine.lifecycle.expressions.expression import Call, Expression, ExpressionNode, Name
from engine.lifecycle.expressions.rows import Asked
from engine.lifecycle.model.form import Field
from engine.lifecycle.model.workflow import Effect


@dataclass(frozen=True, slots=True)
class NeverAsked:
    """A question that is never asked where its answer is read."""

    #: The effect that reads it, and the keys it is under; None: a condition.
    effect: Effect | None
    keys: tuple[str, ...]
    expression: Expression
    field: Field


def never_asked(values: ValuesThere, number: int) -> Iterator[NeverAsked]:
    """Yield what a step reads of questions that are not asked when it is taken."""
    step = values.subject.workflow.transitions[number]
    for condition in step.conditions:
        for asked in _read(values, number, condition.expression, [], own=("form",)):
            yield NeverAsked(None, (), condition.expression, asked)
    for effect in step.then:
        when = [effect.when.expression.node] if effect.when is not None else []
        for keys, expressions in expressions_of(effect):
            for expression in expressions:
                for asked in _read(values, number, expression, when, own=("form", "forms")):
                    yield NeverAsked(effect, keys, expression, asked)


def _read(
    values: ValuesThere,
    number: int,
    expression: Expression,
    when: Sequence[ExpressionNode],
    own: Sequence[str],
) -> Iterator[Field]:
    """Yield the fields an expression reads and never finds; the answers of the step's own form have the roots `own`."""
    workflow = values.subject.workflow
    step = workflow.transitions[number]
    for path in sorted(set(values.subject.paths(expression))):
        form = step.form if path[0] == "form" else path[1] if path[0] == "forms" and path[1:] else None
        if form is None or form not in workflow.forms or (form == step.form and path[0] not in own):
            continue
        asked = workflow.forms[form].field(path[-1]) if len(path) == (2 if path[0] == "form" else 3) else None
        if asked is None or asked.relevant is None or path not in _read_for_sure(expression.node):
            continue
        relevant = asked.relevant.expression.node
        field_of = fields_of(workflow, workflow.forms[form], step.sources)
        if form == step.form:
            asked_for = names_in([relevant], step)
            nodes = [one for one in (*values.conditions(number), *when) if asked_for & names_in([one], step)]
            never = (
                bool(nodes)
                and not can_hold([relevant, *nodes], field_of, {})
                and can_hold(nodes, field_of, {})
            )
        else:
            known = {}
            for part in walked(relevant):
                if isinstance(part, Name) and len(part.path) == 2 and part.path[0] == "form":
                    there = _there(values, number, ("forms", form, part.path[1]), when)
                    if there:
                        known[".".join(part.path)] = sorted(there, key=str)
            never = bool(known) and not can_hold([relevant], field_of, known)
        if never:
            yield asked


def _there(
    values: ValuesThere, number: int, path: tuple[str, str, str], when: Sequence[ExpressionNode]
) -> Answers | None:
    """Return the answers there can be to a question of another form when the step is taken; None where they are not known."""
    workflow = values.subject.workflow
    step = workflow.transitions[number]
    there = values.before(path, step.sources)
    if there is None:
        return None
    field_of = fields_of(workflow, workflow.forms.get(step.form or ""), step.sources)
    nodes = [one for one in (*values.conditions(number), *when) if path in names_in([one], step)]
    return answers_left(nodes, field_of, ".".join(path), there - {None})


def _read_for_sure(node: ExpressionNode) -> set[tuple[str, ...]]:
    """Return the answers an expression reads and does not ask about first."""
    found, asked = set(), set()
    for part in walked(node):
        if isinstance(part, Name) and (part.path[0], len(part.path)) in (("form", 2), ("forms", 3)):
            found.add(part.path)
        elif isinstance(part, Asked) or (isinstance(part, Call) and part.name in MISSING_IS_FINE):
            asked |= {one.path for one in walked(part) if isinstance(one, Name)}
    return found - asked
