"""What is needed to say for which answers no step of a state can be taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import ceil, floor

from engine.definition.meaning.answers.number_bounds import NUMBERS
from engine.definition.meaning.answers.numbers_there import given_number, writes
from engine.definition.meaning.domains import FieldOf, Path
from engine.definition.meaning.fields_known import STATE, fields_of
from engine.definition.meaning.names_read import walked
from engine.definition.meaning.subject import MeaningInput
from engine.lifecycle.expressions.expression import Expression, ExpressionNode, Literal, Name
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.lifecycle.model.workflow import Workflow

#: What changes while a case stays where it is.
CHANGES = (
    "today",
    "clocks",
    "children",
    "branches",
    "parent",
    "draw",
    "registers",
    "kpi",
    "of_subject",
    "targets",
    "subject",
    "actor",
    "reason",
)


def changes_by_itself(node: ExpressionNode) -> bool:
    """Tell whether what a condition reads may become another though nobody does anything to the case."""
    return any(isinstance(part, Name) and part.path[0] in CHANGES for part in walked(node))


def may_change(subject: MeaningInput, state: str, node: ExpressionNode) -> bool:
    """Tell whether what a condition reads may become another while the case stays in the state."""
    return changes_by_itself(node) or may_be_written(subject, state, node)


def may_be_written(subject: MeaningInput, state: str, node: ExpressionNode) -> bool:
    """Tell whether a step that leaves the case in the state writes what a condition reads."""
    written: set[tuple[str, str]] = set()
    for number, step in subject.leaving(state):
        if step.target in (None, state):
            written |= subject.ways.written[number][0]
    for part in walked(node):
        if not isinstance(part, Name):
            continue
        root = part.path[0]
        if ("parties", root) in written:
            return True
        if len(part.path) > 1 and (root, part.path[1]) in written:
            return True
    return False


def number_bounds(subject: MeaningInput, asked: Field) -> tuple[int | None, int | None]:
    """Return between what a number of the case is: its own bounds, and those of all that steps write into it."""
    found = writes(subject, asked.name)
    if found is None:
        return asked.least, asked.most
    least, most = list[int | None](), list[int | None]()
    for write in found:
        given = given_number(write)
        if isinstance(given, Field):
            ends: tuple[int | None, int | None] = given.least, given.most
        else:
            ends = (None, None) if given is None else (floor(min(given)), ceil(max(given)))
        least.append(ends[0])
        most.append(ends[1])
    low = [one for one in least if one is not None]
    high = [one for one in most if one is not None]
    return (
        _within(max, asked.least, min(low) if low and len(low) == len(least) else None),
        _within(min, asked.most, max(high) if high and len(high) == len(most) else None),
    )


def _within(closer: Callable[[int, int], int], own: int | None, written: int | None) -> int | None:
    if own is None or written is None:
        return written if own is None else own
    return closer(own, written)


def fields_kept(subject: MeaningInput, form: Form | None) -> FieldOf:
    """Return what finds the field of a name; a text of the case that only steps write is a choice of what they write."""
    plainly = fields_of(subject.workflow, form)
    found: dict[Path, Field | None] = {}

    def field_of(path: Path) -> Field | None:
        if path not in found:
            asked = plainly(path)
            if asked is not None and asked.type is FieldType.TEXT and path[0] == "case":
                values = texts_kept(subject, path[1])
                if values:
                    asked = replace(asked, type=FieldType.CHOICE, choices={value: value for value in values})
            elif asked is not None and asked.type in NUMBERS and path[0] == "case":
                least, most = number_bounds(subject, asked)
                asked = replace(asked, least=least, most=most)
            found[path] = asked
        return found[path]

    return field_of


def texts_kept(subject: MeaningInput, name: str, of: Workflow | None = None) -> list[str] | None:
    """Return the texts that are written into a field of the case, or of a case `of` another workflow; None where one of them is not known, or none is written."""
    if of is not None:
        return _texts_kept(subject, name, of)
    if name not in subject.texts:
        subject.texts[name] = _texts_kept(subject, name, None)
    return subject.texts[name]


def _texts_kept(subject: MeaningInput, name: str, of: Workflow | None) -> list[str] | None:
    values: list[str] = []
    workflow = of or subject.workflow
    if any(("case", name) in entry.facts for entry in subject.ways_of(workflow).entries):
        return None
    for step in workflow.transitions:
        field_of = fields_of(workflow, workflow.forms.get(step.form or ""))
        for effect in step.then:
            if effect.kind != "set" or name not in effect.arguments["set"]:
                continue
            value = effect.arguments["set"][name]
            node = value.node if isinstance(value, Expression) else None
            if isinstance(node, Literal) and isinstance(node.value, str):
                values.append(node.value)
                continue
            if isinstance(node, Name) and node.path == STATE:
                values += step.sources
                continue
            asked = field_of(node.path) if isinstance(node, Name) else None
            if asked is None or asked.type is not FieldType.CHOICE or not asked.choices:
                return None
            values += asked.choices
    return values or None
