"""What is otherwise in a case once an answer is put right (更正): facts worked out from it, the way it has decided. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.lifecycle.command import ENGINE, Actor, TakenStep
from engine.lifecycle.deadlines.corrected_clocks import counted_from_corrected
from engine.lifecycle.effects import ABOVE
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import EvaluationError, Expression
from engine.lifecycle.forms.facts_set import work_out
from engine.lifecycle.model.deadline import ClockRule
from engine.lifecycle.model.form import Form
from engine.lifecycle.model.workflow import Effect, Transition, Workflow
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope
from engine.value import value

_BY_ENGINE = Actor(ENGINE)


@value
class PutRight:
    """The answers to one form as they are, as they will be, and the answers to all forms of the case."""

    form: Form
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    forms: Mapping[str, Mapping[str, Any]]

    @property
    def names(self) -> frozenset[str]:
        """Return the names, kept and written, of the questions whose answers change."""
        return frozenset(
            name
            for one in self.form.fields
            if self.before.get(one.name) != self.after.get(one.name)
            for name in (one.name, one.written)
        )


@value
class Followed:
    """What follows when an answer is put right."""

    #: Facts that are otherwise.
    facts: Mapping[str, Any]
    #: The first step that would not have been taken, or have led elsewhere, and where (None: nowhere).
    elsewhere: tuple[Transition, str | None] | None = None
    #: The first step that has read the answer beside what is not known any more; "" for the start.
    unknown: Transition | str | None = None


def follow_correction(
    process: Process, facts: Mapping[str, Any], taken: Sequence[TakenStep], put: PutRight
) -> Followed:
    """Return what is otherwise in a case with these `facts` once answers are put right.

    The steps that were `taken` set what they have worked out from them once more, in their order, each in the case as it was then,
    with the answers as they were and as they will be; so do those that read a fact which is otherwise. Where one does not come to
    what it did, it has read beside them what is not known any more (children, registers), and can only be taken again. Raises
    EvaluationError where a fact cannot be worked out from the new answer.
    """
    workflow = process.workflow
    was: dict[str, Any] = {}
    now: dict[str, Any] = {}
    elsewhere: tuple[Transition, str | None] | None = None
    unknown: Transition | str | None = None
    for one in taken:
        ways = _named(workflow, one)
        way = _way(ways, one)
        effects = workflow.start_then if one.step is None else way.then if way is not None else ()
        moved = {name for name in now if now[name] != was.get(name)}
        reads = _Reads(
            put, one, workflow.start_form if one.step is None else way.form if way else None, moved
        )
        asked = not one.undone and any(other.when is not None and reads.any(other.when) for other in ways)
        sets = reads.of_effects(effects)
        for name, kept in one.fields.items():
            if name not in sets:
                was[name] = now[name] = kept
        expired = (
            process.workflow.clocks.get(way.on_expiry or "") if way is not None and not one.undone else None
        )
        if expired is not None and not any(reads.any(expression) for expression in expired.read):
            expired = None
        if not asked and not sets and expired is None:
            continue
        old, new = (
            _scope(process, one, put, answers, known)
            for answers, known in ((put.before, was), (put.after, now))
        )
        lost = False
        if asked:
            chosen, other = _chosen(ways, old), _chosen(ways, new)
            lost = chosen is None or chosen.target != one.target
            leads = other.target if other is not None else None
            same = other is chosen or (other is not None and leads == one.target)
            if elsewhere is None and chosen is not None and not lost and not same:
                elsewhere = chosen, leads
        if (
            way is not None
            and expired is not None
            and elsewhere is None
            and _would_run(process, expired, one, old, new)
        ):
            elsewhere = way, None
        if sets and not _follow(workflow, effects, sets, one, (old, new), (was, now)):
            lost = True
        if lost and unknown is None and not one.undone:
            unknown = way or ""
    found = {
        name: kept
        for name, kept in now.items()
        if was.get(name) == facts.get(name) and kept != facts.get(name)
    }
    return Followed(found, elsewhere, unknown)


def _would_run(
    process: Process, clock: ClockRule, one: TakenStep, old: Mapping[str, Any], new: Mapping[str, Any]
) -> bool:
    """Tell whether a clock had not ended yet when a step was taken at its end, counted from what is right. Raises EvaluationError."""
    running = one.before.clocks.get(clock.id)
    if running is None:
        return False
    counted = counted_from_corrected(process, clock, running, old, new)
    return process.time.recount(clock, counted, one.before.clocks).due_at > one.at


def _follow(
    workflow: Workflow,
    effects: Iterable[Effect],
    sets: Collection[str],
    one: TakenStep,
    scopes: tuple[Mapping[str, Any], Mapping[str, Any]],
    known: tuple[dict[str, Any], dict[str, Any]],
) -> bool:
    """Let the facts that read an answer follow; tell whether they come to what was set. Raises EvaluationError for the new answer."""
    was, now = known
    try:
        old = _set(workflow, effects, sets, one, scopes[0])
        agree = ABOVE not in sets and all(old.get(name) == one.fields.get(name) for name in sets)
    except EvaluationError:
        agree = False
    new = _set(workflow, effects, sets, one, scopes[1]) if agree else {}
    for name in sets:
        if name in one.fields:
            was[name] = one.fields[name]
            now[name] = new.get(name, now.get(name)) if agree else one.fields[name]
        elif name in new:
            now[name] = new[name]
    return agree


class _Reads:
    """Tells what reads the answers that are put right, or a fact that is otherwise, at one step."""

    def __init__(self, put: PutRight, one: TakenStep, form: str | None, moved: Collection[str]) -> None:
        latest = put.form.id in one.latest
        self._form, self._moved = put.form.id, moved
        self._names = put.names if latest else frozenset()
        self._own = latest and form == put.form.id

    def any(self, what: Condition | Expression) -> bool:
        """Tell whether an expression does."""
        expressions: Iterable[Expression] = what.expressions() if isinstance(what, Condition) else (what,)
        return any(self._path(path) for expression in expressions for path in expression.names())

    def of_effects(self, effects: Iterable[Effect]) -> set[str]:
        """Return the facts that effects set from them, one from another; `ABOVE` for one of the case above."""
        found: set[str] = set()
        for effect in effects:
            if effect.kind != "set":
                continue
            chosen = effect.when is not None and self.any(effect.when)
            for name, expression in effect.arguments["set"].items():
                if chosen or (isinstance(expression, Expression) and self.any(expression)):
                    found.add(ABOVE if ABOVE in effect.arguments else name)
                    if ABOVE not in effect.arguments:
                        self._moved = {*self._moved, name}
        return found

    def _path(self, path: Sequence[str]) -> bool:
        if self._own and path[:1] == ("form",):
            return len(path) < 2 or path[1] in self._names
        if self._names and path[:2] == ("forms", self._form):
            return len(path) < 3 or path[2] in self._names
        return len(path) > 1 and path[0] == "case" and path[1] in self._moved


def _named(workflow: Workflow, one: TakenStep) -> list[Transition]:
    return [step for step in workflow.transitions if step.id == one.step and one.source in step.sources]


def _way(ways: Iterable[Transition], one: TakenStep) -> Transition | None:
    """Return the way a step took; of several to one state the one that sets what was set."""
    fitting = [way for way in ways if way.target == one.target]
    return next(
        (way for way in fitting if {*_names(way.then)} >= one.fields.keys()), next(iter(fitting), None)
    )


def _names(effects: Iterable[Effect]) -> Iterator[str]:
    for effect in effects:
        if effect.kind == "set" and ABOVE not in effect.arguments:
            yield from effect.arguments["set"]


def _scope(
    process: Process, one: TakenStep, put: PutRight, answers: Mapping[str, Any], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the scope a step was taken in, as far as the history has it, with these `answers` and `facts`."""
    forms = {
        name: put.forms[name] if name in one.latest else given for name, given in one.before.forms.items()
    }
    if put.form.id in one.latest:
        forms[put.form.id] = answers
    case = replace(one.before, forms=forms, fields={**one.before.fields, **facts})
    own = answers if one.given and put.form.id in one.latest and _is_of(process, one, put) else one.given
    return {**make_scope(process, case, _BY_ENGINE, one.at, {}), "form": own}


def _is_of(process: Process, one: TakenStep, put: PutRight) -> bool:
    workflow = process.workflow
    if one.step is None:
        return workflow.start_form == put.form.id
    return any(way.form == put.form.id for way in _named(workflow, one))


def _set(
    workflow: Workflow,
    effects: Iterable[Effect],
    sets: Collection[str],
    one: TakenStep,
    scope: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what effects set of `sets`; of the others they find what was set. Raises EvaluationError."""
    found: dict[str, Any] = {}
    for effect in effects:
        if effect.kind != "set" or ABOVE in effect.arguments:
            continue
        written = effect.arguments["set"]
        wanted = {name: expression for name, expression in written.items() if name in sets}
        values = {name: one.fields[name] for name in written if name not in sets and name in one.fields}
        if wanted and (effect.when is None or effect.when.holds(scope)):
            worked_out = work_out(wanted, scope, workflow.fields)
            found |= worked_out
            values |= worked_out
        scope = {**scope, "case": {**scope["case"], **values}}
    return found


def _chosen(ways: Iterable[Transition], scope: Mapping[str, Any]) -> Transition | None:
    try:
        return next((way for way in ways if way.when is None or way.when.holds(scope)), None)
    except EvaluationError:
        return None
