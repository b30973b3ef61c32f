"""What is otherwise in a case once an answer is put right (更正): facts worked out from it, the way it has decided. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from engine.lifecycle.command import TakenStep
from engine.lifecycle.effects import ABOVE
from engine.lifecycle.expressions.expression import ZONE, EvaluationError
from engine.lifecycle.forms.facts_set import work_out
from engine.lifecycle.model.workflow import Effect, Transition, Workflow
from engine.lifecycle.scope import local_day
from engine.value import value


@value
class Followed:
    """What follows when an answer is put right."""

    #: Facts that are otherwise.
    facts: Mapping[str, Any]
    #: The first step that would not have been taken, or have led elsewhere, and where (None: nowhere).
    elsewhere: tuple[Transition, str | None] | None = None


def follow_correction(
    workflow: Workflow,
    facts: Mapping[str, Any],
    taken: Sequence[TakenStep],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> Followed:
    """Return what is otherwise with the answers of the scope `after` than with those of `before`.

    The steps that were `taken` set theirs once more, in their order, with the one and with the other. What they do not come to
    with `before` was not worked out from the answers as they stand: it stays, and so does what others have set since. Raises
    EvaluationError where a fact cannot be worked out from the new answer.
    """
    was: dict[str, Any] = {}
    now: dict[str, Any] = {}
    elsewhere: tuple[Transition, str | None] | None = None
    for one in taken:
        effects = _effects(workflow, one)
        form = _form(workflow, one)
        if elsewhere is None and not one.undone:
            elsewhere = _elsewhere(
                workflow,
                one,
                _scope(workflow, before, one, form, was),
                _scope(workflow, after, one, form, now),
            )
        try:
            old = _set(workflow, effects, _scope(workflow, before, one, form, was))
        except EvaluationError:
            # What it read then is not known any more.
            old, effects = {}, ()
        new = _set(workflow, effects, _scope(workflow, after, one, form, now))
        for name, kept in one.fields.items():
            follows = name in old and old[name] == kept
            now[name] = new.get(name, now.get(name)) if follows else kept
            was[name] = kept
        now |= {name: found for name, found in new.items() if name not in old and name not in one.fields}
    moved = {
        name: found
        for name, found in now.items()
        if was.get(name) == facts.get(name) and found != facts.get(name)
    }
    return Followed(moved, elsewhere)


def _elsewhere(
    workflow: Workflow, one: TakenStep, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Transition, str | None] | None:
    """Return the way a step took, and the state it leads to after the correction, if that is another; None: it is the same, or not known."""
    ways = [step for step in workflow.transitions if step.id == one.step and one.source in step.sources]
    if all(way.when is None for way in ways):
        return None
    old, new = _chosen(ways, before), _chosen(ways, after)
    if old is None or old.target != one.target or new is old:
        return None
    if new is not None and new.target == one.target:
        return None
    return old, new.target if new is not None else None


def _chosen(ways: Iterable[Transition], scope: Mapping[str, Any]) -> Transition | None:
    try:
        return next((way for way in ways if way.when is None or way.when.holds(scope)), None)
    except EvaluationError:
        return None


def _effects(workflow: Workflow, one: TakenStep) -> tuple[Effect, ...]:
    """Return the effects of a step that was taken; of several of its name, of the one that sets what was set."""
    if one.step is None:
        return workflow.start_then
    every = [step.then for step in _of(workflow, one)]
    return next((then for then in every if _names(then) >= one.fields.keys()), every[0] if every else ())


def _of(workflow: Workflow, one: TakenStep) -> Iterator[Transition]:
    for step in workflow.transitions:
        if step.id == one.step and one.source in step.sources and step.target == one.target:
            yield step


def _form(workflow: Workflow, one: TakenStep) -> str | None:
    if one.step is None:
        return workflow.start_form
    return next((step.form for step in _of(workflow, one)), None)


def _names(effects: Iterable[Effect]) -> set[str]:
    return {name for effect in effects if _own(effect) for name in effect.arguments["set"]}


def _own(effect: Effect) -> bool:
    """Tell whether an effect sets facts of the case itself, and not of the one above it."""
    return effect.kind == "set" and ABOVE not in effect.arguments


def _scope(
    workflow: Workflow, scope: Mapping[str, Any], one: TakenStep, form: str | None, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the scope the step was taken in, as far as it is known: its own answers, its day, the facts until then."""
    known = {key: found for key, found in scope["case"].items() if key not in workflow.fields}
    answers = scope["forms"].get(form, {}) if form is not None else {}
    return {**scope, "case": {**known, **facts}, "form": answers, "today": local_day(one.at, scope[ZONE])}


def _set(workflow: Workflow, effects: Iterable[Effect], scope: Mapping[str, Any]) -> dict[str, Any]:
    """Return what effects set, as a step does. Raises EvaluationError."""
    found: dict[str, Any] = {}
    for effect in effects:
        if not _own(effect) or (effect.when is not None and not effect.when.holds(scope)):
            continue
        values = work_out(effect.arguments["set"], scope, workflow.fields)
        scope = {**scope, "case": {**scope["case"], **values}}
        found |= values
    return found
