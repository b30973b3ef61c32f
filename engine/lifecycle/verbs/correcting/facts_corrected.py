"""What is otherwise in a case once an answer is put right (更正): facts worked out from it, the way it has decided. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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
from engine.lifecycle.model.workflow import Effect, Transition
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope
from engine.value import value

_BY_ENGINE = Actor(ENGINE)
#: form -> its answers
_Forms = Mapping[str, Mapping[str, Any]]


@value
class PutRight:
    """The answers of a case to all its forms as they are, and as they will be."""

    before: _Forms
    after: _Forms


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

    The steps that were `taken` set what they have worked out from answers that are not those of then once more, in their order,
    each in the case as it was then: with the answers as they are, and as they will be; so do those that read a fact which is
    otherwise. Where one does not come to what it did with the answers of then, it has read beside them what is not known any more
    (children, registers), and can only be taken again. Raises EvaluationError where a fact cannot be worked out from the new answer.
    """
    present: dict[str, Any] = {}
    now: dict[str, Any] = {}
    elsewhere: tuple[Transition, str | None] | None = None
    unknown: Transition | str | None = None
    for one in taken:
        step = _Replayed(process, one, put, present, now)
        for name, kept in one.fields.items():
            if name not in step.sets:
                present[name] = now[name] = kept
        if step.is_untouched:
            continue
        elsewhere = elsewhere or step.elsewhere()
        if not step.follow(present, now) and unknown is None and not one.undone:
            unknown = step.way or ""
    found = {
        name: kept
        for name, kept in now.items()
        if present.get(name) == facts.get(name) and kept != facts.get(name)
    }
    return Followed(found, elsewhere, unknown)


class _Replayed:
    """One step that was taken: what of it reads answers or facts that are otherwise, and what it comes to with them."""

    def __init__(
        self,
        process: Process,
        one: TakenStep,
        put: PutRight,
        present: Mapping[str, Any],
        now: Mapping[str, Any],
    ) -> None:
        workflow = process.workflow
        self.process, self.one = process, one
        self.ways = [way for way in workflow.transitions if way.id == one.step and one.source in way.sources]
        self.way = _way(self.ways, one)
        self.effects = workflow.start_then if one.step is None else self.way.then if self.way else ()
        own = workflow.start_form if one.step is None else self.way.form if self.way else None
        then: _Forms = {**one.before.forms, **({own: one.given} if own is not None else {})}
        is_now, will_be = (
            {
                name: known[name] if name in one.latest and name in known else answers
                for name, answers in then.items()
            }
            for known in (put.before, put.after)
        )
        kept = one.before.fields
        moved = {name for known in (present, now) for name, fact in known.items() if fact != kept.get(name)}
        reads = _ChangedNames(process, then, (is_now, will_be), own, moved)
        self._asked = not one.undone and any(
            way.when is not None and reads.any(way.when) for way in self.ways
        )
        #: The facts it has set from what is otherwise; `ABOVE` for one of the case above.
        self.sets = reads.of_effects(self.effects)
        clock = workflow.clocks.get(self.way.on_expiry or "") if self.way and not one.undone else None
        self._clock = clock if clock is not None and any(map(reads.any, clock.read)) else None
        self.is_untouched = not self._asked and not self.sets and self._clock is None
        if not self.is_untouched:
            self._then = self._scope(then, own, {})
            self._present = self._scope(is_now, own, present)
            self._now = self._scope(will_be, own, now)

    def _scope(self, forms: _Forms, own: str | None, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the scope the step was taken in, as far as the history has it, with these answers and facts."""
        case = replace(self.one.before, forms=forms, fields={**self.one.before.fields, **facts})
        scope = make_scope(self.process, case, _BY_ENGINE, self.one.at, {})
        return {**scope, "form": forms[own] if own is not None else {}}

    def elsewhere(self) -> tuple[Transition, str | None] | None:
        """Return the way it took and where it would lead instead (None: it would not be taken); None where it leads there.

        Raises EvaluationError.
        """
        if self._clock is not None and self.way is not None and self._would_run(self._clock):
            return self.way, None
        chosen = _chosen(self.ways, self._then) if self._asked else None
        if chosen is None or chosen.target != self.one.target:
            return None
        other = _chosen(self.ways, self._now)
        if other is chosen or (other is not None and other.target == self.one.target):
            return None
        return chosen, other.target if other is not None else None

    def _would_run(self, clock: ClockRule) -> bool:
        """Tell whether the clock whose end took the step had not ended yet, counted from what is right."""
        running = self.one.before.clocks.get(clock.id)
        if running is None:
            return False
        counted = counted_from_corrected(self.process, clock, running, self._then, self._now)
        return self.process.time.recount(clock, counted, self.one.before.clocks).due_at > self.one.at

    def follow(self, present: dict[str, Any], now: dict[str, Any]) -> bool:
        """Let the facts that read what is otherwise follow; tell whether all it did is known.

        Raises EvaluationError where a fact cannot be worked out from the new answer.
        """
        chosen = _chosen(self.ways, self._then) if self._asked else None
        known = not self._asked or (chosen is not None and chosen.target == self.one.target)
        if not self.sets:
            return known
        try:
            then, is_now = self._set(self._then), self._set(self._present)
        except EvaluationError:
            agree = False
        else:
            agree = ABOVE not in self.sets and all(
                then.get(name) == self.one.fields.get(name) for name in self.sets
            )
        if not agree:
            own = {name: kept for name, kept in self.one.fields.items() if name in self.sets}
            present |= own
            now |= own
            return False
        for chain, found in ((present, is_now), (now, self._set(self._now))):
            for name in self.sets:
                if name in found or name in self.one.fields:
                    # What it sets no more is as it was before the step.
                    chain[name] = found.get(name, chain.get(name, self.one.before.fields.get(name)))
        return known

    def _set(self, scope: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the effects set of `sets`; of other facts they find what was set. Raises EvaluationError."""
        found: dict[str, Any] = {}
        for effect in self.effects:
            if effect.kind != "set" or ABOVE in effect.arguments:
                continue
            written = effect.arguments["set"]
            wanted = {name: expression for name, expression in written.items() if name in self.sets}
            values = {
                name: self.one.fields[name]
                for name in written
                if name not in self.sets and name in self.one.fields
            }
            if wanted and (effect.when is None or effect.when.holds(scope)):
                worked_out = work_out(wanted, scope, self.process.workflow.fields)
                found |= worked_out
                values |= worked_out
            scope = {**scope, "case": {**scope["case"], **values}}
        return found


class _ChangedNames:
    """Tells what reads an answer that is not that of then, or a fact that is otherwise, at one step."""

    def __init__(
        self,
        process: Process,
        then: _Forms,
        others: Collection[_Forms],
        own: str | None,
        moved: Collection[str],
    ) -> None:
        self._own, self._moved = own, set(moved)
        self._names = {
            name: _different(process.workflow.forms.get(name), answers, [other[name] for other in others])
            for name, answers in then.items()
        }

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
                if not chosen and not (isinstance(expression, Expression) and self.any(expression)):
                    continue
                if ABOVE in effect.arguments:
                    found.add(ABOVE)
                else:
                    found.add(name)
                    self._moved.add(name)
        return found

    def _path(self, path: Sequence[str]) -> bool:
        if path[:1] == ("form",):
            names = self._names.get(self._own or "", frozenset())
            return bool(names) and (len(path) < 2 or path[1] in names)
        if path[:1] == ("forms",):
            names = self._names.get(path[1], frozenset()) if len(path) > 1 else frozenset()
            return bool(names) and (len(path) < 3 or path[2] in names)
        return len(path) > 1 and path[0] == "case" and path[1] in self._moved


def _different(
    form: Form | None, then: Mapping[str, Any], others: Iterable[Mapping[str, Any]]
) -> frozenset[str]:
    """Return the names, kept and written, of the questions that are answered otherwise than then."""
    found = {name for other in others for name in {*then, *other} if then.get(name) != other.get(name)}
    written = {one.written for one in form.fields if one.name in found} if form is not None else set()
    return frozenset(found | written)


def _way(ways: Iterable[Transition], one: TakenStep) -> Transition | None:
    """Return the way a step took; of several to one state the one that sets what was set."""
    fitting = [way for way in ways if way.target == one.target]
    return next(
        (way for way in fitting if _names(way.then) >= one.fields.keys()), fitting[0] if fitting else None
    )


def _names(effects: Iterable[Effect]) -> set[str]:
    return {
        name
        for effect in effects
        if effect.kind == "set" and ABOVE not in effect.arguments
        for name in effect.arguments["set"]
    }


def _chosen(ways: Iterable[Transition], scope: Mapping[str, Any]) -> Transition | None:
    try:
        return next((way for way in ways if way.when is None or way.when.holds(scope)), None)
    except EvaluationError:
        return None
