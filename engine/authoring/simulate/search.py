"""Finding answers that pass: guess, ask the decision core, mend what it refuses, ask again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.authoring.simulate.answers import Choice, Guess, Setting, alternatives, blamed
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


@dataclass(slots=True)
class Memory:
    """What was found out about the steps of the workflows: choices that passed, and how often none did."""

    passed: dict[str, Mapping[str, Choice]] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)


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
    #: The reasons why the best attempt failed.
    reasons: tuple[RefusalReason, ...] = ()

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
        chosen, answers = self._climb(passed or {}, max_attempts)
        if answers is None:
            memory.failed[key] = memory.failed.get(key, 0) + 1
        else:
            memory.passed[key] = chosen
        return answers

    def _has_outcomes(self) -> bool:
        return len(self.process.steps(self.case.state).get(self.command.step, ())) > 1

    def _climb(
        self, chosen: Mapping[str, Choice], max_attempts: int
    ) -> tuple[Mapping[str, Choice], Mapping[str, Any] | None]:
        assert self.form is not None  # noqa: S101 - narrows the type; `run` has looked
        problems = chance.happens_with_probability(300, *self.seed, "problems")
        best = chosen
        answers = self._ask(best, problems)
        best_reasons = self.reasons
        if answers is None and self._is_beyond_answers():
            return best, None
        for attempt in range(max_attempts):
            if answers is not None:
                break
            part = (*self.seed, "climb", attempt)
            tried, flipped = self._mend(best, best_reasons, part), problems
            if self.form.rows or any(form.rows for form in self.item_forms):
                flipped = chance.happens_with_probability(500, *part, "problems")
            answers = self._ask(tried, flipped)
            # Sideways too: many conditions are met only by two answers that change together.
            if (
                answers is not None
                or len(self.reasons) <= len(best_reasons)
                or chance.happens_with_probability(50, *part, "down")
            ):
                best, best_reasons, problems = tried, self.reasons, flipped
        if answers is None:
            self.reasons = best_reasons
        return best, answers

    def _is_beyond_answers(self) -> bool:
        """Tell whether every outcome of the step has a condition that is false whatever else is answered."""
        assert self.form is not None  # noqa: S101 - narrows the type; `run` has looked
        plain = (FieldType.BOOLEAN, FieldType.CHOICE)
        settled = {
            one.name: self.setting.settled[one.name]
            for one in self.form.fields
            if one.relevant is None and one.type in plain and one.name in self.setting.settled
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
        self, chosen: Mapping[str, Choice], reasons: tuple[RefusalReason, ...], part: tuple[object, ...]
    ) -> dict[str, Choice]:
        assert self.form is not None  # noqa: S101 - narrows the type; `run` has looked
        fields, clauses = blamed(reasons, self.form)
        if not fields or chance.happens_with_probability(100, *part, "elsewhere"):
            # What has an example is left as it is unless a condition names it.
            fields = [f for f in self.form.fields if f.computed is None and f.example is None]
        if not fields:
            return dict(chosen)
        asked = fields[chance.between(0, len(fields) - 1, *part, "field")]
        given = self._filled(chosen, False)
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
        return Guess(self.setting, self.seed, self.number, chosen, problems).filled(
            self.form, self.item_forms
        )

    def _ask(self, chosen: Mapping[str, Choice], problems: bool) -> Mapping[str, Any] | None:
        answers = self._filled(chosen, problems)
        outcome = decide(self.process, self.case, replace(self.command, answers=answers), self.now)
        if isinstance(outcome, Refusal):
            self.reasons = outcome.reasons
            return None
        return answers


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
