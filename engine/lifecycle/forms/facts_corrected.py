"""Which facts of a case are otherwise once an answer they were worked out from is put right (更正). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from engine.lifecycle.command import TakenStep
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.forms.facts_set import work_out
from engine.lifecycle.model.workflow import Effect, Transition, Workflow
from engine.lifecycle.scope import ZONE, local_day


def corrected_facts(
    workflow: Workflow,
    facts: Mapping[str, Any],
    taken: Sequence[TakenStep],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the facts that are otherwise with the answers of the scope `after` than with those of `before`.

    The steps that were `taken` set theirs once more, in their order, with the one and with the other. What they do not come to
    with `before` was not worked out from the answers as they stand: it stays, and so does what others have set since. Raises
    EvaluationError where a fact cannot be worked out from the new answer.
    """
    was: dict[str, Any] = {}
    now: dict[str, Any] = {}
    for one in taken:
        effects = _effects(workflow, one)
        form = _form(workflow, one)
        try:
            old = _set(workflow, effects, _scope(workflow, before, one, form, was))
        except EvaluationError:
            # What it read then is not known any more.
            old, effects = {}, ()
        new = _set(workflow, effects, _scope(workflow, after, one, form, now))
        for name, value in one.fields.items():
            follows = name in old and old[name] == value
            now[name] = new.get(name, now.get(name)) if follows else value
            was[name] = value
        now |= {name: value for name, value in new.items() if name not in old and name not in one.fields}
    return {
        name: value
        for name, value in now.items()
        if was.get(name) == facts.get(name) and value != facts.get(name)
    }


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
    return {name for effect in effects if effect.kind == "set" for name in effect.arguments["set"]}


def _scope(
    workflow: Workflow, scope: Mapping[str, Any], one: TakenStep, form: str | None, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the scope the step was taken in, as far as it is known: its own answers, its day, the facts until then."""
    known = {key: value for key, value in scope["case"].items() if key not in workflow.fields}
    answers = scope["forms"].get(form, {}) if form is not None else {}
    return {**scope, "case": {**known, **facts}, "form": answers, "today": local_day(one.at, scope[ZONE])}


def _set(workflow: Workflow, effects: Iterable[Effect], scope: Mapping[str, Any]) -> dict[str, Any]:
    """Return what effects set, as a step does. Raises EvaluationError."""
    found: dict[str, Any] = {}
    for effect in effects:
        if effect.kind != "set" or (effect.when is not None and not effect.when.holds(scope)):
            continue
        values = work_out(effect.arguments["set"], scope, workflow.fields)
        scope = {**scope, "case": {**scope["case"], **values}}
        found |= values
    return found
