"""What is known of a case by who started it, and of the people a step is for: each is looked at alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from engine.definition.meaning.domains import AnswerSets, FieldOf, Questions
from engine.definition.meaning.fields_known import fields_of, never_missing
from engine.definition.meaning.names_read import facts_read
from engine.definition.meaning.ways import Entry, written_somewhere
from engine.lifecycle.expressions.expression import Expression, ExpressionNode, Literal, Name
from engine.lifecycle.model.form import FieldType
from engine.lifecycle.model.workflow import Effect, Transition, Workflow

#: The text of a question -> the answers that remain.
Known = Mapping[str, Sequence[Any]]
#: Whether the one who acts is the one who started the case; a case the engine started has no such person.
ACTOR_STARTED = "actor.id ? case.opened_by"


def can_hold(nodes: Iterable[ExpressionNode], field_of: FieldOf, known: Known) -> bool:
    """Tell whether some conditions can hold together where some answers are known; where it cannot be said, they can."""
    questions = Questions(field_of, never_missing)
    nodes = list(nodes)
    for node in nodes:
        questions.look_at(node)
    questions.settle()
    for key, answers in known.items():
        if (question := questions.found.get(key)) is not None:
            numbers = any(isinstance(one, Fraction) for one in question.answers)
            question.answers = [
                Fraction(one) if numbers and isinstance(one, int) and not isinstance(one, bool) else one
                for one in answers
            ]
    sets = _together(questions, nodes)
    return sets is None or bool(sets[1])


def answers_left(
    nodes: Iterable[ExpressionNode], field_of: FieldOf, key: str, answers: Iterable[Any]
) -> frozenset[Any]:
    """Return the answers to a question with which some conditions can hold together; all where it cannot be said."""
    questions = Questions(field_of, never_missing)
    nodes = list(nodes)
    for node in nodes:
        questions.look_at(node)
    question = questions.found.get(key)
    possible = frozenset(answers)
    if question is None:
        return possible
    questions.settle()
    question.answers = list(possible)
    sets = _together(questions, nodes)
    return possible if sets is None else sets[0].answers(key, sets[1])


def _together(questions: Questions, nodes: Sequence[ExpressionNode]) -> tuple[AnswerSets, int] | None:
    """Return the sets of answers, and the one with which all of some conditions hold; None where there are too many."""
    if not questions.few(len(nodes)):
        return None
    sets = AnswerSets(questions)
    together = sets.every
    for node in nodes:
        together &= sets.of(node)[0]
    return sets, together


def conditions_of(workflow: Workflow, step: Transition) -> list[ExpressionNode]:
    """Return what must hold for a step to be taken: its own conditions and those of its form."""
    form = workflow.forms.get(step.form or "")
    own = [one.expression.node for one in step.conditions]
    return own + ([one.that.expression.node for one in form.constraints] if form is not None else [])


def known_of_entry(workflow: Workflow, entry: Entry, others: Mapping[str, Workflow]) -> dict[str, list[Any]]:
    """Return what is known of a case that begins by one entry, as long as it runs."""
    if entry.effect is None:
        found: dict[str, list[Any]] = {"case.parent": [None]}
        if not workflow.start_by:
            found[ACTOR_STARTED] = [-1, 1]
        return found
    starter = others[entry.starter or ""]
    step = next(one for one in starter.transitions if any(each is entry.effect for each in one.then))
    found = {ACTOR_STARTED: [-1, 1]} if step.by_engine else {}
    written = written_somewhere(workflow)
    for name, value in entry.effect.arguments.get("with", {}).items():
        values = values_given(starter, step, entry.effect, value)
        if values and name in workflow.fields and ("case", name) not in written:
            found[f"case.{name}"] = values
    asked = _only_asked_for(workflow)
    for kind, name in asked:
        if kind == "case" and (kind, name) not in written | entry.facts:
            found[f"case.{name}"] = [None]
    return found


def _only_asked_for(workflow: Workflow) -> set[tuple[str, str]]:
    """Return the fields of a case no condition reads without asking first whether they are filled in."""
    nodes = [node for step in workflow.transitions for node in conditions_of(workflow, step)]
    return {("case", name) for name in workflow.fields} - facts_read(nodes, workflow)


def values_given(workflow: Workflow, step: Transition, effect: Effect, value: object) -> list[Any]:
    """Return the values an effect of a step can give to a field, as far as they are few; none where they are not known."""
    node = value.node if isinstance(value, Expression) else None
    if value is not None and not isinstance(value, Expression):
        return [value] if isinstance(value, (bool, str, int)) else []
    if isinstance(node, Literal):
        return [node.value] if isinstance(node.value, (bool, str, int)) else []
    field_of = fields_of(workflow, workflow.forms.get(step.form or ""), step.sources)
    asked = field_of(node.path) if isinstance(node, Name) else None
    if asked is None or not isinstance(node, Name) or asked.type not in (FieldType.CHOICE, FieldType.BOOLEAN):
        return []
    nodes = conditions_of(workflow, step)
    if effect.when is not None:
        nodes.append(effect.when.expression.node)
    possible = list(asked.choices) if asked.type is FieldType.CHOICE else [True, False]
    return [one for one in possible if can_hold(nodes, field_of, {".".join(node.path): [one]})]


def known_of_people(workflow: Workflow, name: str) -> dict[str, list[Any]]:
    """Return what is known of one who takes a step as one of a party, or as holder of a role."""
    if name in workflow.superiors:
        return {}
    if name in workflow.parties:
        return {f"? actor.id in collect({name}, it.id)": [True]}
    return {f"{name!r} in actor.roles": [True]}
