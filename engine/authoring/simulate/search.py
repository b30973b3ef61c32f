"""Finding answers that pass: guess, ask the decision core, mend what it refuses, ask again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.authoring.simulate.answers import Choice, Guess, Setting, alternatives, blamed
from engine.authoring.simulate.question import ReadsOfSteps, question_of
from engine.kernel.refusal import Refusal, RefusalReason
from engine.lifecycle.case import Case
from engine.lifecycle.command import Advance
from engine.lifecycle.decide import decide
from engine.lifecycle.expressions.expression import EvaluationError, Expression, Logic
from engine.lifecycle.model.form import FieldType, Form
from engine.lifecycle.model.workflow import Transition
from engine.lifecycle.process import Process
from engine.synthetic import choice as chance

#: How many times the decision core is asked about one step of one case: at first, and once nobody ever found answers.
PATIENT, RESIGNED = 160, 12


@dataclass(frozen=True, slots=True)
class Climbed:
    """What a search came to that began with `chosen`: the best choices, the answers that pass, or why none do."""

    chosen: Mapping[str, Choice]
    best: Mapping[str, Choice]
    answers: Mapping[str, Any] | None
    reasons: tuple[RefusalReason, ...]


@dataclass(slots=True)
class Climbs:
    """The searches that were made, by everything they rest on (`question_of`): none is made a second time."""

    reads: ReadsOfSteps = field(default_factory=ReadsOfSteps)
    known: dict[tuple[object, ...], Climbed] = field(default_factory=dict)


@dataclass(slots=True)
class Memory:
    """What was found out about the steps of the workflows: choices that passed, and how often none did."""

    passed: dict[str, Mapping[str, Choice]] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    #: None where no two searches rest on the same, since each is by its own seed.
    climbs: Climbs | None = None


@dataclass(slots=True)
class Search:
    """The search for answers to one step of one case by one person."""

    process: Process
    case: Case
    command: Advance
    setting: Setting
    form: Form | None
    item_forms: tuple[Form, ...]
    seed: tuple[object, ...]
    number: int
    now: datetime
    #: Answers that are given whatever the others are: a step with them passes, or none does.
    insisted: Mapping[str, Any] = field(default_factory=dict)
    #: What the registers say against the people that answers name; the decision core does not read them.
    against_people: Callable[[Mapping[str, Any]], tuple[RefusalReason, ...]] | None = None
    #: The reasons why the best attempt failed.
    reasons: tuple[RefusalReason, ...] = ()
    #: Answers that were asked about, as text, and the reasons against them: none are asked about twice.
    _refused: dict[str, tuple[RefusalReason, ...]] = field(default_factory=dict)

    def run(self, memory: Memory) -> Mapping[str, Any] | None:
        """Return answers that pass; None where none were found, and `reasons` says why."""
        signing = self.case.signing.get(self.command.step)
        if self.form is None or (signing is not None and signing.signed):
            # Without a form, or with one that others have signed: there is nothing to be filled in.
            outcome = decide(self.process, self.case, self.command, self.now)
            self.reasons = outcome.reasons if isinstance(outcome, Refusal) else ()
            return None if isinstance(outcome, Refusal) else {}
        key = f"{self.case.workflow}.{self.command.step}"
        passed = memory.passed.get(key)
        again = 400 if self._has_outcomes() else 800
        if passed is not None and chance.happens_with_probability(again, *self.seed, "again"):
            answers = self._ask(passed, chance.happens_with_probability(300, *self.seed, "problems"))
            if answers is not None:
                return answers
        max_attempts = RESIGNED if passed is None and memory.failed.get(key, 0) >= 3 else PATIENT
        if passed and self._has_outcomes() and chance.happens_with_probability(500, *self.seed, "anew"):
            # What passed once always leads to the outcome it led to.
            passed = None
        chosen, answers = self._climb(passed or {}, max_attempts, memory.climbs)
        if answers is None:
            memory.failed[key] = memory.failed.get(key, 0) + 1
        else:
            memory.passed[key] = chosen
        return answers

    def _has_outcomes(self) -> bool:
        return len(self.process.steps(self.case.state).get(self.command.step, ())) > 1

    def _climb(
        self, chosen: Mapping[str, Choice], max_attempts: int, climbs: Climbs | None
    ) -> tuple[Mapping[str, Choice], Mapping[str, Any] | None]:
        problems = chance.happens_with_probability(300, *self.seed, "problems")
        answers = self._ask(chosen, problems)
        if answers is not None or self._is_beyond_answers():
            return chosen, answers
        if climbs is None:
            return self._climb_on(chosen, max_attempts, problems)
        key = (
            self.process,
            id(chosen) if chosen else None,
            max_attempts,
            *self.seed,
            self.number,
            self._question(climbs),
        )
        found = climbs.known.get(key)
        if found is None:
            best, answers = self._climb_on(chosen, max_attempts, problems)
            found = climbs.known[key] = Climbed(chosen, best, answers, self.reasons)
        self.reasons = found.reasons
        return found.best, found.answers

    def _question(self, climbs: Climbs) -> str:
        reads = climbs.reads.of(self.process, self.case.state, self.command.step, self.command.item_forms)
        return question_of(
            self.process, self.case, self.command, self.setting, self.item_forms, self.now, reads
        )

    def _climb_on(
        self, chosen: Mapping[str, Choice], max_attempts: int, problems: bool
    ) -> tuple[Mapping[str, Choice], Mapping[str, Any] | None]:
        """Mend choices that were just refused until they pass, or so many attempts were made."""
        assert self.form is not None  # noqa: S101 - narrows the type; `run` has looked
        best, best_reasons = chosen, self.reasons
        given: Mapping[str, Any] | None = None
        with_rows = bool(self.form.rows) or any(form.rows for form in self.item_forms)
        for attempt in range(max_attempts):
            part = (*self.seed, "climb", attempt)
            # What the best holds is filled in once, however often something is tried beside it.
            given = self._filled(best, False) if given is None else given
            tried, flipped = self._mend(best, given, best_reasons, part), problems
            if with_rows:
                flipped = chance.happens_with_probability(500, *part, "problems")
            answers = self._ask(tried, flipped)
            if answers is not None:
                return tried, answers
            # Sideways too: many conditions are met only by two answers that change together.
            if len(self.reasons) <= len(best_reasons) or chance.happens_with_probability(50, *part, "down"):
                best, best_reasons, problems, given = tried, self.reasons, flipped, None
        self.reasons = best_reasons
        return best, None

    def _is_beyond_answers(self) -> bool:
        """Tell whether every outcome of the step has a condition that is false whatever else is answered."""
        assert self.form is not None  # noqa: S101 - narrows the type; `run` has looked
        plain = (FieldType.BOOLEAN, FieldType.CHOICE)
        settled = {
            one.name: self.setting.settled[one.name]
            for one in self.form.fields
            if one.type in plain
            and one.name in self.setting.settled
            # What is insisted on is given even where the question might not be put.
            and (one.relevant is None or one.name in self.insisted)
        }
        scope = {**self.setting.scope, "form": settled}
        found = self.process.steps(self.case.state).get(self.command.step, ())
        return bool(found) and all(
            any(self._is_false(clause, settled, scope) for clause in _clauses(step)) for step in found
        )

    def _is_false(self, clause: Expression, settled: Mapping[str, Any], scope: Mapping[str, Any]) -> bool:
        """Tell whether a clause reads no answer, or only those that are settled, and is false."""
        assert self.form is not None  # noqa: S101 - narrows the type; `run` has looked
        for path in clause.names():
            if path[:2] == ("forms", self.form.id) or path == ("form",):
                return False
            if path[0] == "form" and path[1] not in settled:
                return False
        try:
            return clause.value(scope) is False
        except EvaluationError:
            return False

    def _mend(
        self,
        chosen: Mapping[str, Choice],
        given: Mapping[str, Any],
        reasons: tuple[RefusalReason, ...],
        part: tuple[object, ...],
    ) -> dict[str, Choice]:
        """Return choices with one changed. `given` are the answers they make."""
        assert self.form is not None  # noqa: S101 - narrows the type; `run` has looked
        fields, clauses = blamed(reasons, self.form, self.insisted)
        if not fields or chance.happens_with_probability(100, *part, "elsewhere"):
            # What has an example is left as it is unless a condition names it.
            fields = [f for f in self.form.fields if f.computed is None and f.example is None]
        if not fields:
            return dict(chosen)
        asked = fields[chance.between(0, len(fields) - 1, *part, "field")]
        choices = alternatives(asked, clauses, given, self.setting)
        made = dict(chosen)
        if (
            not asked.required
            and asked.name in made
            and chance.happens_with_probability(300, *part, "leave out")
        ):
            del made[asked.name]
        elif choices:
            made[asked.name] = choices[chance.between(0, len(choices) - 1, *part, "value")]
        return made

    def _filled(self, chosen: Mapping[str, Choice], problems: bool) -> dict[str, Any]:
        assert self.form is not None  # noqa: S101 - narrows the type; `run` has looked
        guess = Guess(self.setting, self.seed, self.number, chosen, problems)
        return {**guess.filled(self.form, self.item_forms), **self.insisted}

    def passes(self, answers: Mapping[str, Any]) -> bool:
        """Tell whether the step can be taken with these answers; where it cannot, `reasons` says why."""
        key = repr(answers)
        known = self._refused.get(key)
        if known is None:
            outcome = decide(self.process, self.case, replace(self.command, answers=answers), self.now)
            if isinstance(outcome, Refusal):
                known = outcome.reasons
            elif self.against_people is None or not (known := self.against_people(answers)):
                return True
            self._refused[key] = known
        self.reasons = known
        return False

    def _ask(self, chosen: Mapping[str, Choice], problems: bool) -> Mapping[str, Any] | None:
        answers = self._filled(chosen, problems)
        return answers if self.passes(answers) else None


def _clauses(step: Transition) -> Iterator[Expression]:
    """Yield what has to hold for a step to be taken: its conditions, each part that is joined by ``and`` for itself."""
    for condition in (step.when, *(requirement.that for requirement in step.require)):
        if condition is None:
            continue
        node = condition.expression.node
        if isinstance(node, Logic) and node.op == "and":
            yield from (Expression(condition.expression.source, part) for part in node.items)
        else:
            yield condition.expression
