"""What the search for answers to a step rests on: two searches that rest on the same come to the same.

A case holds much that a step does not look at. What was answered in forms before and what its facts are counts only where
something of the step, of its form or of a clock names it, or where a question is called the same (a guess may take over what
was answered there); everything else the case, the scope and the setting hold counts whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.authoring.simulate.answers import Setting
from engine.lifecycle.case import Case
from engine.lifecycle.command import Advance
from engine.lifecycle.expressions.expression import CALENDAR, ZONE
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.lifecycle.process import Process, expressions_in
from engine.lifecycle.scope import clock_readings

#: Of a case: what is looked at part by part below, and what no decision looks at.
_NOT_WHOLE = frozenset({"fields", "forms", "clocks", "signing"})
_NEVER_ASKED = frozenset({"rev", "head", "entered_at", "opened_at", "last_at", "copies", "personal"})
#: Of a scope: what is looked at part by part below, and what is the same for all cases of a process.
_APART = frozenset({"case", "forms", "clocks", "targets", CALENDAR, ZONE})
_ABSENT = "-"

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reads:
    """What a step, its forms and the clocks may look at of what was entered on a case."""

    #: Names beginning with ``case`` or ``forms``, of each the first three parts.
    paths: tuple[Path, ...]
    #: Names of questions and columns, whose answers in other forms may be taken over.
    questions: frozenset[str]
    #: The time of day counts too, not only the day.
    by_the_second: bool


@dataclass(slots=True)
class ReadsOfSteps:
    """Works out once for each step what it may look at."""

    known: dict[tuple[Any, ...], Reads] = field(default_factory=dict)

    def of(self, process: Process, state: str, step: str, item_forms: tuple[str, ...]) -> Reads:
        """Return what `step` from `state` may look at where it asks for `item_forms` too."""
        key = (process, state, step, item_forms)
        found = self.known.get(key)
        if found is None:
            steps = process.steps(state).get(step, ())
            forms = [process.form(one.form) for one in steps if one.form]
            forms += [process.form(name) for name in item_forms]
            found = self.known[key] = _reads((steps, forms, process.clocks), forms)
        return found


def _reads(parts: object, forms: Iterable[Form]) -> Reads:
    paths = {path[:3] for one in expressions_in(parts) for path in one.names()}
    asked = [one for form in forms for field_ in form.fields for one in (field_, *_inside(field_))]
    return Reads(
        tuple(sorted(path for path in paths if path[0] in ("case", "forms"))),
        frozenset(one.name for one in asked),
        any(one.type is FieldType.DATETIME for one in asked),
    )


def _inside(asked: Field) -> Iterator[Field]:
    for column in asked.columns:
        yield column
        yield from _inside(column)


def question_of(
    process: Process,
    case: Case,
    command: Advance,
    setting: Setting,
    item_forms: Iterable[Form],
    now: datetime,
    reads: Reads,
) -> str:
    """Return as text everything that what comes of a search may rest on, apart from its seed and what it begins with."""
    scope = setting.scope
    whole = {
        name: getattr(case, name)
        for name in case.__dataclass_fields__
        if name not in _NOT_WHOLE and name not in _NEVER_ASKED
    }
    clocks = [
        (name, one["due_on"], one["late"], name in case.clocks and case.clocks[name].paused_at is not None)
        for name, one in sorted(clock_readings(process, case, now).items())
    ]
    return repr(
        (
            whole,
            case.signing.get(command.step),
            (command.step, command.actor, command.reason, command.item_forms, command.holders),
            command.facts.get("people"),
            {name: value for name, value in scope.items() if name not in _APART},
            clocks,
            [(path, _value(scope, path)) for path in reads.paths],
            list(_alike(scope["forms"], reads.questions)),
            [tuple(row.id for row in form.rows) for form in item_forms],
            setting.people,
            setting.settled,
            setting.crowds,
            now if reads.by_the_second else setting.now.date(),
        )
    )


def _value(scope: Mapping[str, Any], path: Path) -> Any:
    """Return what is looked up under a name; where a part of it is missing, how far it goes."""
    found: Any = scope
    for depth, part in enumerate(path):
        if not isinstance(found, Mapping):
            return found
        if part not in found:
            return (_ABSENT, depth)
        found = found[part]
    return found


def _alike(
    forms: Mapping[str, Mapping[str, Any]], questions: frozenset[str]
) -> Iterator[tuple[str, str, Any]]:
    for form, answers in sorted(forms.items()):
        for name in sorted(questions.intersection(answers)):
            yield form, name, answers[name]
