"""Texts the counts of a bureau compare a field of a case with, and no step ever writes into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.definition.meaning.gaps import texts_kept
from engine.definition.meaning.names_read import walked
from engine.definition.meaning.subject import MeaningInput
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import (
    Compare,
    Expression,
    ExpressionNode,
    ListOf,
    Literal,
    Logic,
    Name,
)
from engine.lifecycle.measure_rules import MeasureRule, StatisticsTable, SupervisionRow
from engine.lifecycle.model.form import Field, FieldType
from engine.yamltext.nodes import Node


def never_written(
    rules: Iterable[MeasureRule | SupervisionRow | StatisticsTable],
    written: Mapping[int, tuple[Any, Node]],
    subjects: Mapping[str, MeaningInput],
) -> Iterator[tuple[Node, Field, str, list[str]]]:
    """Yield where a count compares a field with a text, the field, the text, and the texts that are written into it."""
    places = places_of(written)
    for workflow, condition in _conditions(rules):
        subject = subjects.get(workflow)
        whole = condition.expression.node
        for part in (whole, *_joined(whole)) if subject is not None else ():
            place = places.get(id(part))
            if place is not None and subject is not None:
                yield from ((place, *found) for found in _unknown(subject, part))
                if part is whole:
                    break


def _conditions(
    rules: Iterable[MeasureRule | SupervisionRow | StatisticsTable],
) -> Iterator[tuple[str, Condition]]:
    for rule in rules:
        if isinstance(rule, MeasureRule):
            found = [(side.cases, side.where) for side in (rule.part, rule.whole) if side is not None]
        elif isinstance(rule, SupervisionRow):
            found = [(rule.of, rule.where)]
        else:
            columns = rule.columns.values()
            found = [(rule.workflow, one) for column in columns for one in (column.where, column.of_item)]
        yield from ((name, where) for name, where in found if name is not None and where is not None)


def places_of(written: Mapping[int, tuple[Any, Node]]) -> dict[int, Node]:
    """Return where conditions are written, and where the parts of two that are joined are."""
    return {
        id(part): place
        for made, place in written.values()
        if isinstance(made, Expression)
        for part in (made.node, *_joined(made.node))
    }


def _joined(node: ExpressionNode) -> tuple[ExpressionNode, ...]:
    return node.items if isinstance(node, Logic) else ()


def _unknown(subject: MeaningInput, node: ExpressionNode) -> Iterator[tuple[Field, str, list[str]]]:
    for path, text in compared_texts(node):
        asked = subject.workflow.fields.get(path[1]) if path[0] == "case" and len(path) == 2 else None
        if asked is not None and asked.type is FieldType.TEXT and text:
            known = texts_kept(subject, asked.name)
            if known is not None and text not in known:
                yield asked, text, known


def compared_texts(node: ExpressionNode) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the names that are compared with texts, and each text."""
    for part in walked(node):
        if isinstance(part, Compare):
            for one, other in ((part.left, part.right), (part.right, part.left)):
                if isinstance(one, Name):
                    for text in other.items if isinstance(other, ListOf) else (other,):
                        if isinstance(text, Literal) and isinstance(text.value, str):
                            yield one.path, text.value
