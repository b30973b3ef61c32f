"""What is otherwise in a case once an answer is put right (更正): facts worked out from it, the way it has decided. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.lifecycle.command import ENGINE, Actor, TakenStep
from engine.lifecycle.effects import ABOVE
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.forms.facts_set import work_out
from engine.lifecycle.model.deadline import ClockRule
from engine.lifecycle.model.workflow import Effect, Transition
from engine.lifecycle.process import Process
from engine.lifecycle.scope import clock_readings, make_scope
from engine.lifecycle.verbs.correcting.changed_names import ChangedNames, Forms
from engine.lifecycle.verbs.correcting.decided_otherwise import (
    asked_otherwise,
    clocks_of_then,
    done_otherwise,
    taken_before,
    unmet_requirements,
)
from engine.value import value

_BY_ENGINE = Actor(ENGINE)


@value
class PutRight:
    """The answers of a case to all its forms as they are, and as they will be."""

    before: Forms
    after: Forms
    #: The question that is put right, as refusals call it.
    title: str = ""


@value
class Followed:
    """What follows when an answer is put right."""

    #: Facts that are otherwise.
    facts: Mapping[str, Any]
    #: The first step that would not have been taken, or have led elsewhere, and where (None: nowhere).
    elsewhere: tuple[Transition, str | None] | None = None
    #: The first step that has read the answer beside what is not known any more; "" for the start.
    unknown: Transition | str | None = None
    #: What else is in the way: what would have been asked, or done, otherwise.
    reasons: tuple[RefusalReason, ...] = ()


def follow_correction(
    process: Process, facts: Mapping[str, Any], taken: Sequence[TakenStep], put: PutRight
) -> Followed:
    """Return what is otherwise in a case with these `facts` once answers are put right.

    The steps that were `taken` set what they have worked out from answers that are not those of then once more, in their order,
    each in the case as it was then: with the answers as they are, and as they will be; so do those that read a fact which is
    otherwise. Where one does not come to what it did with the answers of then, it has read beside them what is not known any more
    (children, registers), and can only be taken again. So can one that would not have been taken so: another step before it, a branch
    that would have been asked for, a requirement, a question or an effect that reads what is otherwise.
    Raises EvaluationError where a fact cannot be worked out from the new answer.
    """
    present: dict[str, Any] = {}
    now: dict[str, Any] = {}
    elsewhere: tuple[Transition, str | None] | None = None
    unknown: Transition | str | None = None
    reasons: list[RefusalReason] = []
    for one in taken:
        step = _Replayed(process, one, put, present, now)
        for name, kept in one.fields.items():
            if name not in step.sets:
                present[name] = now[name] = kept
        if step.is_none:
            continue
        if elsewhere is None:
            elsewhere = step.elsewhere()
        before, certain = (None, True) if one.undone else step.taken_before()
        if before is not None and certain and elsewhere is None:
            elsewhere = before, before.target
        if not step.is_untouched and not step.follow(present, now) and unknown is None and not one.undone:
            unknown = step.way or ""
        if before is not None and not certain and unknown is None:
            unknown = before
        if not one.undone and not reasons:
            reasons, known = step.otherwise(put, present, now)
            unknown = unknown if known or unknown is not None else step.way or ""
    found = {
        name: kept
        for name, kept in now.items()
        if present.get(name) == facts.get(name) and kept != facts.get(name)
    }
    return Followed(found, elsewhere, unknown, tuple(reasons))


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
        then: Forms = {**one.before.forms, **({own: one.given} if own is not None else {})}
        is_now, will_be = (
            {
                name: known[name] if name in one.latest and name in known else answers
                for name, answers in then.items()
            }
            for known in (put.before, put.after)
        )
        kept = one.before.fields
        moved = {name for known in (present, now) for name, fact in known.items() if fact != kept.get(name)}
        reads = ChangedNames(process, then, (is_now, will_be), own, moved, one.source, one.before.clocks)
        self.is_none = reads.is_none
        self._asked = not one.undone and any(
            way.when is not None and reads.any(way.when) for way in self.ways
        )
        #: The facts it has set from what is otherwise; `ABOVE` for one of the case above.
        self.sets = reads.of_effects(self.effects)
        clock = workflow.clocks.get(self.way.on_expiry or "") if self.way and not one.undone else None
        self._clock = clock if clock is not None and any(map(reads.any, clock.read)) else None
        self.is_untouched = not self._asked and not self.sets and self._clock is None
        if self.is_none:
            return
        self._own, self._reads = own, reads
        self._moved = moved
        #: The answers before it was taken, as they were and as they will be.
        self._readings = (
            one.before.forms,
            {
                name: answers if name == own else will_be.get(name, answers)
                for name, answers in one.before.forms.items()
            },
        )
        self._then = self._scope(then, own, {})
        self._present = self._scope(is_now, own, present)
        self._now = self._scope(will_be, own, now)
        self._clocks = one.before.clocks
        if reads.clocks:
            self._clocks = clocks_of_then(process, one, reads.clocks, self._then, self._now)
            self._now = self._with_clocks(self._now)
        self._facts = dict(now)

    def _scope(self, forms: Forms, own: str | None, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the scope the step was taken in, as far as the history has it, with these answers and facts."""
        case = replace(self.one.before, forms=forms, fields={**self.one.before.fields, **facts})
        scope = make_scope(self.process, case, _BY_ENGINE, self.one.at, {})
        return {**scope, "form": forms[own] if own is not None else {}}

    def taken_before(self) -> tuple[Transition | None, bool]:
        """Return the step the engine would have taken before this one, and whether that is certain; None where there is none."""
        one = self.one
        if one.step is None:
            return None, True
        then, now = self._readings
        reads = ChangedNames(
            self.process, then, (now,), None, self._moved, one.before.state, one.before.clocks
        )
        if reads.is_none:
            return None, True
        found = taken_before(
            self.process,
            one,
            reads,
            self._scope(then, None, {}),
            self._with_clocks(self._scope(now, None, self._facts)),
            self._clocks,
        )
        return (None, True) if found is None else found

    def _with_clocks(self, scope: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a scope with the clocks counted from what is right."""
        case = replace(self.one.before, clocks=self._clocks)
        return {**scope, "clocks": clock_readings(self.process, case, self.one.at)}

    def otherwise(
        self, put: PutRight, present: Mapping[str, Any], now: Mapping[str, Any]
    ) -> tuple[list[RefusalReason], bool]:
        """Return why the step would not have been taken so with the right answers; and whether all it asked is known.

        `present` and `now` are the facts that are otherwise with what it has set.
        """
        way, one, reads = self.way, self.one, self._reads
        words: dict[str, Any] = {"title": put.title}
        hint = None
        if way is not None:
            words["step"] = way.title
            hint = say("请退回“{step}”之前的环节，改正后重办", step=way.title)
        found: list[RefusalReason] = []
        known = True
        if way is not None:
            found, known = unmet_requirements(way.require, reads, self._then, self._now)
        own = self._own
        if own is not None and put.before.get(own) == put.after.get(own):
            given: Forms = {own: one.given, **one.given.get("items", {})}
            for name in [each for each in given if each in self.process.workflow.forms]:
                form = self.process.form(name)
                scopes = ({**scope, "form": given[name]} for scope in (self._then, self._now))
                reasons, question = asked_otherwise(form, given[name], reads, *scopes)
                found += reasons
                if question is not None:
                    message = say(
                        "“{title}”更正后，《{form}》的“{other}”就不同了（要不要填、能填什么或算出什么），不能单独更正",
                        title=put.title,
                        form=form.title,
                        other=question.title,
                    )
                    found.append(RefusalReason("form", message, question.basis))
        after = (
            {**scope, "case": {**scope["case"], **one.fields, **facts}}
            for scope, facts in ((self._then, {}), (self._now, _of(now, self._moved | self.sets)))
        )
        effect = done_otherwise(self.effects, reads, *after)
        if effect is not None and way is None:
            message = say("“{title}”更正后，启动时要办的事（指派等）就不同了，不能单独更正", title=put.title)
            found.append(RefusalReason("state", message))
        elif effect is not None:
            message = say(
                "“{title}”更正后，“{step}”要办的事（指派、通知、启动下级件、制作文书等）就不同了，不能单独更正",
                **words,
            )
            found.append(RefusalReason("state", message))
        return [replace(one, hint=one.hint or hint) for one in found], known

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
        running = self._clocks.get(clock.id)
        return running is not None and running.due_at > self.one.at

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


def _way(ways: Iterable[Transition], one: TakenStep) -> Transition | None:
    """Return the way a step took; of several to one state the one that sets what was set."""
    fitting = [way for way in ways if way.target == one.target]
    return next(
        (way for way in fitting if _names(way.then) >= one.fields.keys()), fitting[0] if fitting else None
    )


def _of(facts: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: kept for name, kept in facts.items() if name in names}


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
