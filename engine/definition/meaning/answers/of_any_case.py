"""The fields a name in a step means: of its own case, of the case above, of cases below, and of the tasks side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.definition.meaning.domains import Path
from engine.definition.meaning.effect_reads import expressions_of, fields_named, names_shown
from engine.definition.meaning.subject import KnownOfAll, MeaningInput
from engine.lifecycle.effects import ABOVE
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.expressions.rows import EACH
from engine.lifecycle.model.form import Field
from engine.lifecycle.model.workflow import Effect, Transition, Workflow

#: A fact of a case: its workflow and its name.
FactOf = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Meant:
    """A field a name means, and the workflow whose case keeps it as a fact; None for an answer to a form."""

    asked: Field
    of: Workflow | None = None

    @property
    def fact(self) -> FactOf | None:
        """Return the fact of a case it is; None for an answer to a form."""
        return None if self.of is None else (self.of.id, self.asked.name)


def spelled(path: Path) -> str:
    """Return a name as people read it: of cases below, or of tasks side by side, without the word for each of them."""
    return ".".join(part for part in path if part != EACH)


def effects_of(workflow: Workflow) -> Iterator[Effect]:
    """Yield the effects of the steps of a workflow."""
    for step in workflow.transitions:
        yield from step.then


def started_by(workflow: Workflow) -> frozenset[str]:
    """Return the workflows one starts."""
    return frozenset(str(one.arguments["start"]) for one in effects_of(workflow) if one.kind == "start")


def above(workflow: Workflow, others: Mapping[str, Workflow]) -> list[Workflow]:
    """Return the workflows a case may stand below: those that start it, and any other where it does something to the case above."""
    below_any = any(effect.arguments.get(ABOVE) for effect in effects_of(workflow))
    return [
        one
        for one in others.values()
        if workflow.id in started_by(one) or (below_any and one.id != workflow.id)
    ]


def meant(workflow: Workflow, others: Mapping[str, Workflow], step: Transition, path: Path) -> list[Meant]:
    """Return the fields a name means in a step: of a whole form, case or row, every one of them."""
    root, rest = path[0], path[1:]
    if root == "parent":
        over = above(workflow, others)
        return [one for case in over for one in _facts(case, rest[:1]) if one.asked.to_children]
    if root == "children":
        child = others.get(rest[0]) if rest else None
        return [] if child is None else _of_child(child, rest[2:] if rest[1:2] == (EACH,) else rest[1:])
    if root == "branches":
        return _of_branches(workflow, rest)
    own = workflow if root == "case" else None
    return [Meant(asked, own) for asked in fields_named(workflow, step, path)]


def _facts(workflow: Workflow, name: Path) -> list[Meant]:
    """Return the facts of a case a name means; without one every one of them."""
    return [Meant(asked, workflow) for asked in workflow.fields.values() if not name or asked.name in name]


def _of_child(child: Workflow, rest: Path) -> list[Meant]:
    """Return the fields a name means of one case below."""
    if rest[:1] == ("forms",):
        return _answers(child, rest[1:2], rest[2:3])
    return _facts(child, rest[:1]) + ([] if rest else _answers(child, (), ()))


def _answers(workflow: Workflow, forms: Path, fields: Path) -> list[Meant]:
    """Return the questions of forms a workflow fills; without a name every one of them."""
    return [
        Meant(asked)
        for name, form in workflow.forms.items()
        if not forms or name in forms
        for asked in form.fields
        if not fields or asked.name in fields
    ]


def _of_branches(workflow: Workflow, rest: Path) -> list[Meant]:
    """Return the questions a name means of what tasks side by side were answered with."""
    if rest[1:2] not in ((), ("answers",)):
        return []
    named = {
        step.form
        for step in workflow.transitions
        if step.branch and step.form and (not rest or rest[0] in (EACH, step.id))
    }
    return _answers(workflow, tuple(sorted(named)), rest[2:3]) if named else []


def paths_shown(effect: Effect, expressions: Iterable[Expression]) -> Iterator[Path]:
    """Yield the names whose text is shown by an effect; of rows a start goes through each column as one of the rows."""
    each = effect.arguments.get("each")
    rows = list(names_shown([each])) if isinstance(each, Expression) else []
    for path in names_shown(expressions):
        if path[0] == "it" and rows:
            yield from ((*row, *path[1:]) for row in rows)
        else:
            yield path


def written(
    workflow: Workflow, others: Mapping[str, Workflow], effect: Effect, keys: tuple[str, ...]
) -> list[Meant]:
    """Return the facts an effect writes under its keys: of its own case, of the case above, or of the one it starts."""
    if len(keys) != 2 or keys[0] not in ("set", "with"):
        return []
    if keys[0] == "with":
        child = others.get(str(effect.arguments.get("start", "")))
        targets = [] if child is None else [child]
    else:
        targets = above(workflow, others) if effect.arguments.get(ABOVE) else [workflow]
    return [Meant(one.fields[keys[1]], one) for one in targets if keys[1] in one.fields]


def personal_facts(subject: MeaningInput) -> frozenset[FactOf]:
    """Return the facts of cases some step writes a personal answer into, worked out once for all that are loaded together."""
    known: KnownOfAll = subject.known
    if known.personal_facts is None:
        known.personal_facts = _personal_facts(subject.others)
    return known.personal_facts


def _personal_facts(others: Mapping[str, Workflow]) -> frozenset[FactOf]:
    found: set[FactOf] = set()
    waiting: list[tuple[list[FactOf], set[FactOf]]] = []
    for workflow in others.values():
        begins = Transition(id="start", title="", sources=(), target=None, form=workflow.start_form)
        steps = [(step, step.then) for step in workflow.transitions] + [(begins, workflow.start_then)]
        for step, then in steps:
            for effect in then:
                for keys, expressions in expressions_of(effect):
                    targets = [one.fact for one in written(workflow, others, effect, keys)]
                    facts = [one for one in targets if one is not None]
                    if not facts or not expressions:
                        continue
                    read = [
                        one
                        for path in paths_shown(effect, expressions)
                        for one in meant(workflow, others, step, path)
                    ]
                    if any(one.asked.personal for one in read):
                        found.update(facts)
                    else:
                        waiting.append((facts, {one.fact for one in read if one.fact is not None}))
    before = -1
    while before != len(found):
        before = len(found)
        for facts, sources in waiting:
            if sources & found:
                found.update(facts)
    return frozenset(found)
