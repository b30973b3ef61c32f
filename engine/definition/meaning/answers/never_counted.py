"""Counts of a bureau that stay at nothing: no case is ever so, what they read is never written, or nothing of the kind is published."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.definition.meaning.answers.values_there import ValuesThere
from engine.definition.meaning.domains import FieldOf, Path
from engine.definition.meaning.fields_known import STATE, fields_of
from engine.definition.meaning.gaps import fields_kept, number_bounds
from engine.definition.meaning.names_read import fact_of, walked
from engine.definition.meaning.starters import can_hold
from engine.definition.meaning.subject import MeaningInput
from engine.language import Message, say
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import ExpressionNode, Logic, Name
from engine.lifecycle.expressions.source_text import source_text
from engine.lifecycle.measure_rules import MeasureRule, StatisticsTable, SupervisionRow, Tally
from engine.lifecycle.model.form import FieldType
from engine.lifecycle.model.workflow import Workflow


@dataclass(frozen=True, slots=True)
class CountsNothing:
    """A count that stays at nothing: of which rule, and why."""

    rule: MeasureRule | SupervisionRow | StatisticsTable
    #: The condition that never holds; None: another key of the count says it.
    where: ExpressionNode | None
    why: Message
    #: It is what the other side of a ratio is divided by.
    divides: bool = False


def never_counted(
    rules: Iterable[MeasureRule | SupervisionRow | StatisticsTable],
    subjects: Mapping[str, MeaningInput],
    workflows: Collection[str] = (),
) -> Iterator[CountsNothing]:
    """Yield the counts that can never be anything but nothing; of two sides of a measure the first that is.

    `workflows` are all there are: where some are not sound, it is not known what is published.
    """
    others = next(iter(subjects.values())).others if subjects else {}
    published = _published(others) if others and others.keys() >= set(workflows) else None
    for rule in rules:
        if isinstance(rule, MeasureRule):
            found = _of_measure(rule, subjects, published)
            if found is not None:
                yield found
        elif isinstance(rule, SupervisionRow):
            subject = subjects.get(rule.of) if rule.counted == "cases" else None
            if subject is not None and rule.where is not None:
                for node, why in _never(subject, rule.where):
                    yield CountsNothing(rule, node, why)
        else:
            divided_by = {column.whole for column in rule.columns.values() if column.part}
            subject = subjects.get(rule.workflow)
            for column in rule.columns.values() if subject is not None else ():
                if column.where is not None and subject is not None:
                    for node, why in _never(subject, column.where):
                        yield CountsNothing(rule, node, why, column.id in divided_by)


def _of_measure(
    rule: MeasureRule, subjects: Mapping[str, MeaningInput], published: frozenset[str] | None
) -> CountsNothing | None:
    for side in (rule.whole, rule.part):
        if side is None:
            continue
        for node, why in _of_tally(side, subjects, published):
            return CountsNothing(rule, node, why, side is rule.whole)
    return None


def _of_tally(
    side: Tally, subjects: Mapping[str, MeaningInput], published: frozenset[str] | None
) -> Iterator[tuple[ExpressionNode | None, Message]]:
    if side.publications is not None:
        if published is not None and side.publications not in published:
            yield None, say("没有哪一步公示“{kind}”", kind=side.publications)
        return
    subject = subjects.get(side.workflow or "")
    if subject is None:
        return
    workflow = subject.workflow
    set_there = _set_somewhere(subject)
    known = [form for form in side.forms if form in workflow.forms]
    if known and len(known) == len(side.forms) and not any(("forms", form) in set_there for form in known):
        yield None, say("流程“{workflow}”没有哪一步填这些表单", workflow=workflow.title)
    if side.field is not None and side.field in workflow.fields:
        there = _values(subject, ("case", side.field))
        if ("case", side.field) not in set_there:
            yield None, say("没有哪一步记下“{name}”", name=workflow.fields[side.field].title)
        elif there is not None and True not in there:
            yield None, say("“{name}”从来不记为“是”", name=workflow.fields[side.field].title)
    if side.of is not None:
        yield from ((None, why) for why in _nothing_added(side, subject))
    if side.where is not None:
        yield from _never(subject, side.where)


def _nothing_added(side: Tally, subject: MeaningInput) -> Iterator[Message]:
    """Yield why what is added up is nothing, or is not there."""
    node = side.of.node if side.of is not None else None
    if not isinstance(node, Name):
        return
    fact = fact_of(node.path, subject.workflow)
    if fact is not None and fact not in _set_somewhere(subject):
        yield say("没有哪一步记下“{name}”", name=source_text(node))
        return
    asked = fields_of(subject.workflow, None)(node.path)
    if side.reckoning in ("sum", "max") and asked is not None:
        bounds = number_bounds(subject, asked) if node.path[0] == "case" else (asked.least, asked.most)
        if bounds == (0, 0):
            yield say("“{name}”总是 0", name=source_text(node))


def _never(subject: MeaningInput, where: Condition) -> Iterator[tuple[ExpressionNode, Message]]:
    """Yield the part of a condition that is true of no case, or the whole; of one that is true of none by itself nothing is said here."""
    whole = where.expression.node
    field_of = _fields(subject)
    for node in (*(whole.items if isinstance(whole, Logic) and whole.op == "and" else ()), whole):
        known, unset = _known(subject, node)
        if can_hold([node], field_of, known):
            continue
        if unset:
            yield node, say("没有哪一步记下“{names}”", names=unset)
        else:
            yield node, say("“{condition}”对哪一件都不成立", condition=source_text(node))
        return


def _fields(subject: MeaningInput) -> FieldOf:
    kept = fields_kept(subject, None)
    states = fields_of(subject.workflow, None, subject.ways.may().keys())
    return lambda path: states(path) if path == STATE else kept(path)


def _known(subject: MeaningInput, node: ExpressionNode) -> tuple[dict[str, list[object]], list[str]]:
    """Return the answers there can be to what a condition reads, and what of it no step writes."""
    known: dict[str, list[object]] = {}
    unset: list[str] = []
    paths = {part.path for part in walked(node) if isinstance(part, Name)}
    for path in sorted(paths):
        fact = fact_of(path, subject.workflow)
        if fact is None:
            continue
        name = ".".join(path)
        if fact not in _set_somewhere(subject):
            known[name] = [None]
            unset.append(name)
            continue
        there = _values(subject, path)
        if there is not None:
            known[name] = [*sorted(there - {None}, key=str), *([None] if None in there else [])]
    return known, unset


def _values(subject: MeaningInput, path: Path) -> frozenset[object] | None:
    """Return the answers to a question in any state; None of numbers, which are distinguished by what steps compare."""
    asked = fields_of(subject.workflow, None)(path)
    if asked is None or asked.type not in (FieldType.CHOICE, FieldType.BOOLEAN, FieldType.TEXT):
        return None
    return ValuesThere.of(subject).before(path, list(subject.ways.may()))


def _set_somewhere(subject: MeaningInput) -> frozenset[tuple[str, str]]:
    return frozenset().union(*subject.ways.may().values())


def _published(workflows: Mapping[str, Workflow]) -> frozenset[str]:
    return frozenset(
        str(effect.arguments["publish"])
        for workflow in workflows.values()
        for step in workflow.transitions
        for effect in step.then
        if effect.kind == "publish"
    )
