"""Judgements on conditions: always, never, all at once, one covered by those before it, none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from engine.definition.meaning.answers.number_bounds import NUMBERS
from engine.definition.meaning.domains import AnswerSets, FieldOf, MayBeMissing, Path, Questions
from engine.definition.meaning.fields_known import never_missing
from engine.language import Message, say
from engine.lifecycle.expressions.expression import ExpressionNode, Literal, Logic, Not
from engine.lifecycle.model.form import FieldType
from engine.value import value


def verdict(node: ExpressionNode, field_of: FieldOf) -> bool | None:
    """Return True for a condition that always holds, False for one that never does, None for all others."""
    questions = Questions(field_of, never_missing)
    questions.look_at(node)
    if not questions.found:
        return questions.says(node, {})
    questions.settle()
    if not _worth_trying(questions) or not questions.few(1):
        return None
    sets = AnswerSets(questions)
    holds, missing = sets.of(node)
    if holds == sets.every:
        return True
    return None if holds or missing else False


def constant_part(node: ExpressionNode, field_of: FieldOf) -> tuple[ExpressionNode, bool] | None:
    """Return the first part of a condition that is constant by itself, and what it is; None where there is none."""
    if isinstance(node, Not):
        return constant_part(node.item, field_of)
    if not isinstance(node, Logic):
        return None
    for part in node.items:
        said = None if isinstance(part, Literal) else verdict(part, field_of)
        if said is not None:
            return part, said
        within = constant_part(part, field_of)
        if within is not None:
            return within
    return None


def _worth_trying(questions: Questions) -> bool:
    """Tell whether a condition can be constant: something is looked at twice, or has one answer, or bounds."""
    return any(
        question.seen > 1 or len(question.answers) < 2 or not _plain(question.answers)
        for question in questions.found.values()
    )


def _plain(answers: Sequence[Any]) -> bool:
    return not isinstance(answers[0], Fraction)


def contradiction(nodes: Sequence[ExpressionNode], field_of: FieldOf) -> bool:
    """Tell whether some conditions can never hold together, though each can alone."""
    for group in _over_the_same([part for node in nodes for part in _clauses(node)], field_of):
        if len(group) < 2:
            continue
        questions = Questions(field_of, never_missing)
        for part in group:
            questions.look_at(part)
        if questions.few(len(group)):
            sets = AnswerSets(questions)
            together = sets.every
            for part in group:
                together &= sets.of(part)[0]
            if not together:
                return True
    return False


def _over_the_same(parts: Sequence[ExpressionNode], field_of: FieldOf) -> list[list[ExpressionNode]]:
    """Return conditions in groups: those that look at one thing are together, and what they look at besides."""
    looked_at: dict[str, list[int]] = {}
    keys: list[list[str]] = []
    for number, part in enumerate(parts):
        own = Questions(field_of, never_missing)
        own.look_at(part)
        keys.append(list(own.found))
        for key in own.found:
            looked_at.setdefault(key, []).append(number)
    groups, seen = [], set[int]()
    for first in range(len(parts)):
        members, waiting = [], [first]
        while waiting:
            number = waiting.pop()
            if number not in seen:
                seen.add(number)
                members.append(number)
                waiting += (other for key in keys[number] for other in looked_at.pop(key, ()))
        if members:
            groups.append([parts[number] for number in sorted(members)])
    return groups


def covered(node: ExpressionNode, before: Sequence[ExpressionNode], field_of: FieldOf) -> bool:
    """Tell whether a condition holds only where one of those `before` it does."""
    questions = Questions(field_of, never_missing)
    for one in (*before, node):
        questions.look_at(one)
    if not questions.found or not questions.few(1):
        return False
    sets = AnswerSets(questions)
    left = sets.of(node)[0]
    for one in before:
        left &= ~sets.of(one)[0]
    return not left


def gap(
    nodes: Sequence[ExpressionNode], field_of: FieldOf, may_be_missing: MayBeMissing
) -> Mapping[str, Any] | None:
    """Return answers for which none of some conditions holds; None where there are none, or it cannot be said.

    Conditions over things that are not understood are not judged: two of them may leave nothing open between them.
    """
    found = gap_of_steps([[node] for node in nodes], field_of, may_be_missing)
    return None if found is None else found.answers


@value
class Gap:
    """Answers for which no step can be taken."""

    answers: Mapping[str, Any]
    #: It is surely one: the numbers among the answers can come about, or it is one whatever they are.
    sure: bool


def gap_of_steps(
    steps: Sequence[Sequence[ExpressionNode | None]],
    field_of: FieldOf,
    may_be_missing: MayBeMissing,
    there: Callable[[Path], frozenset[Any] | None] = lambda _: None,
) -> Gap | None:
    """Return answers for which none of some steps can be taken; None where there are none, or it cannot be said.

    A step is the conditions of its outcomes in their order, None for the outcome that is left when no other holds: a condition
    without an answer is not false, it keeps the whole step from being taken. `there` gives the answers a question can have.
    """
    questions = Questions(field_of, may_be_missing)
    for outcomes in steps:
        for node in outcomes:
            if node is not None:
                questions.look_at(node)
    conditions = sum(len(outcomes) for outcomes in steps)
    questions.settle()
    followed = _only_those_there(questions, there)
    if not questions.few(conditions) or sum(question.opaque for question in questions.found.values()) > 1:
        return None
    sets = AnswerSets(questions)
    left = sets.every
    for outcomes in steps:
        left &= ~_taken(sets, outcomes)
    if not left:
        return None
    numbers = [key for key, one in questions.found.items() if key not in followed and _numeric(one.answers)]
    sure = sets.whatever(numbers, left)
    return Gap(sets.first(sure or left), bool(sure))


def _only_those_there(questions: Questions, there: Callable[[Path], frozenset[Any] | None]) -> set[str]:
    """Leave of each question the answers there can be; return the questions they are known of."""
    known = set()
    for key, question in questions.found.items():
        path = tuple(key.split("."))
        possible = there(path) if question.names == {path} else None
        if possible is None:
            continue
        known.add(key)
        missing = [None] if None in question.answers else []
        if _numeric(question.answers):
            kept: list[Any] = sorted(one for one in possible if one is not None)
        else:
            kept = [one for one in question.answers if one is not None and one in possible]
        question.answers = [*kept, *missing] or question.answers
    return known


def _numeric(answers: Sequence[Any]) -> bool:
    return any(isinstance(one, Fraction) for one in answers)


def _taken(sets: AnswerSets, outcomes: Sequence[ExpressionNode | None]) -> int:
    """Return for which answers a step can be taken."""
    taken, asked = 0, sets.every
    for node in outcomes:
        holds, missing = (sets.every, 0) if node is None else sets.of(node)
        taken |= asked & holds
        asked &= ~(holds | missing)
    return taken


def example(
    answers: Mapping[str, Any], field_of: FieldOf, words: Mapping[str, Message] | None = None
) -> Message:
    """Return answers in words, for a person: ``form.route 为 '…'``; `words` has those for questions that are no names."""
    known = words or {}
    return say(
        "{answers}",
        answers=[known.get(key) or _answer(key, value, field_of) for key, value in answers.items()],
    )


def _answer(key: str, value: Any, field_of: FieldOf) -> Message:
    if (found := _order_said(key, value, field_of)) is not None:
        return found
    asked = field_of(tuple(key.split(".")))
    name = key.lstrip("? ")
    if value is None:
        return say("{name} 没有填", name=name)
    if value is True or value is False:
        return say("{name} 为“是”", name=name) if value else say("{name} 为“否”", name=name)
    if asked is not None and asked.type is FieldType.CHOICE and value in asked.choices:
        return say("{name} 为“{value}”", name=name, value=asked.choices[value])
    return say("{name} 为“{value}”", name=name, value=value)


def _order_said(key: str, value: Any, field_of: FieldOf) -> Message | None:
    """Return which of two numbers is the smaller, in words; None where no two numbers are compared."""
    names = key.split(" ? ")
    fields = [field_of(tuple(name.split("."))) for name in names]
    if len(names) != 2 or any(one is None or one.type not in NUMBERS for one in fields):
        return None
    if value == 0:
        return say("{one} 等于 {other}", one=names[0], other=names[1])
    if value < 0:
        return say("{one} 小于 {other}", one=names[0], other=names[1])
    return say("{one} 大于 {other}", one=names[0], other=names[1])


def _clauses(node: ExpressionNode) -> tuple[ExpressionNode, ...]:
    return node.items if isinstance(node, Logic) and node.op == "and" else (node,)
