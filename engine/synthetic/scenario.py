"""The scenario of the demonstration year, as data: who does what when, how often things go wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from engine.lifecycle.expressions.expression import Expression


@dataclass(frozen=True, slots=True)
class EveryNth:
    """Which cases something happens to: every `every`-th, beginning with number `first`; all, when `every` is 1."""

    every: int = 1
    first: int = 1

    def come(self, number: int) -> bool:
        """Tell whether the case with this running number is chosen."""
        return number % self.every == self.first % self.every


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """What is answered in a field: one expression, or several that cases take one after another."""

    options: tuple[Expression, ...]

    def value(self, number: int, scope: Mapping[str, Any]) -> Any:
        """Return the answer of the case with this running number."""
        return self.options[number % len(self.options)].value(scope)


@dataclass(frozen=True, slots=True)
class Choice:
    """A step people take from a state, by every n-th case, if its condition holds."""

    step: str
    every: EveryNth = EveryNth()
    reason: str | None = None
    when: Expression | None = None
    #: The role that takes it, where several may.
    by: str | None = None
    #: Taken at most once in a case.
    once: bool = False


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How people treat the tasks of one state."""

    choices: tuple[Choice, ...] = ()
    #: Working days before somebody acts: at least, at most.
    delay: tuple[int, int] = (0, 1)
    #: Which cases wait `late_delay` instead.
    late: EveryNth | None = None
    late_delay: tuple[int, int] = (0, 0)
    #: In which cases check rows fail.
    problems: EveryNth | None = None
    #: Mistakes made first, and in which cases; each is refused and put right.
    mistakes: Mapping[str, EveryNth] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything the simulation is given beside the YAML of the processes."""

    start: str
    plan: Mapping[str, Any]
    habits: Mapping[str, Behaviour]
    forms: Mapping[str, Mapping[str, AnswerRule]] = field(default_factory=dict)
    registers: Mapping[str, int] = field(default_factory=dict)
    started: Sequence[Mapping[str, Any]] = ()
    #: "workflow.state" -> the step that closes it when nothing else is open
    year_end: Mapping[str, str] = field(default_factory=dict)
    #: "form.row" -> the article whoever inspected names as breached, where a wrong row has several duties in its basis
    articles: Mapping[str, str] = field(default_factory=dict)

    def habit(self, workflow: str, state: str) -> Behaviour:
        """Return how a state is treated: by its own entry, the workflow's, or the general one."""
        return (
            self.habits.get(f"{workflow}.{state}")
            or self.habits.get(workflow)
            or self.habits.get("default", Behaviour())
        )

    def answers(self, form: str) -> Mapping[str, AnswerRule]:
        """Return what the scenario says is answered in `form`."""
        return self.forms.get(form, {})


@cache
def shipped() -> Scenario:
    """Return the scenario that comes with the product."""
    from engine.yamltext.resource import read_resource

    return read(read_resource(Path(__file__).with_suffix(".yaml")))


def read(body: Mapping[str, Any]) -> Scenario:
    """Return the scenario `body` describes."""
    forms = {
        form: {name: _answer_rule(text) for name, text in (answers or {}).items()}
        for form, answers in body["forms"].items()
    }
    return Scenario(
        start=str(body["start"]),
        plan=body["plan"],
        habits={name: _habit(habit) for name, habit in body["habits"].items()},
        forms=forms,
        registers=body["registers"],
        started=tuple(body["started"]),
        year_end=body["year_end"],
        articles=body.get("articles", {}),
    )


def _expression(text: str) -> Expression:
    from engine.definition.expressions import parse_expression

    parsed = parse_expression(text, None)
    if parsed.expression is None:
        raise ValueError(f"{text}: {'; '.join(str(fault) for fault in parsed.faults)}")
    return parsed.expression


def _answer_rule(text: Any) -> AnswerRule:
    """Read an answer: an expression, or ``in_turn:`` with several."""
    if isinstance(text, Mapping):
        return AnswerRule(tuple(_expression(str(one)) for one in text["in_turn"]))
    return AnswerRule((_expression(str(text)),))


def _every_nth(body: Any) -> EveryNth | None:
    if body is None:
        return None
    every, first = body
    return EveryNth(int(every), int(first))


def _habit(body: Mapping[str, Any]) -> Behaviour:
    return Behaviour(
        choices=tuple(
            Choice(
                choice["step"],
                _every_nth(choice.get("every")) or EveryNth(),
                choice.get("reason"),
                _expression(choice["when"]) if "when" in choice else None,
                choice.get("by"),
                bool(choice.get("once")),
            )
            for choice in body.get("choices", ())
        ),
        delay=tuple(body.get("delay", (0, 1))),
        late=_every_nth(body.get("late")),
        late_delay=tuple(body.get("late_delay", (0, 0))),
        problems=_every_nth(body.get("problems")),
        mistakes={name: _every_nth(rule) or EveryNth() for name, rule in body.get("mistakes", {}).items()},
    )
