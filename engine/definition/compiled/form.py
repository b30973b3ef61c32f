"""A workflow and its bureau as plain values, and back.

A value is an array: what it is, and what it is made with. Texts, whole numbers, flags and nothing are themselves. Only the
classes of `CLASSES` are made, each by its own constructor; functions are found by their names among those of the language.
Nothing else can come of it, whatever it says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date, time
from enum import Enum
from fractions import Fraction
from functools import cache
from importlib import import_module
from typing import Any

from engine.language import DefinedText, Term
from engine.lifecycle.expressions.expression import Call
from engine.lifecycle.expressions.functions import FUNCTIONS

#: Module -> the classes of it that definitions are made of.
MODULES: Mapping[str, str] = {
    "engine.lifecycle.expressions.arithmetic": "Arithmetic",
    "engine.lifecycle.expressions.condition": "Condition",
    "engine.lifecycle.expressions.expression": "Compare Expression ListOf Literal Logic Name Not",
    "engine.lifecycle.expressions.rows": "Asked OverRows",
    "engine.lifecycle.expressions.template": "Template",
    "engine.lifecycle.measure_rules": "MeasureRule ReportColumn StatisticsColumn StatisticsGroup StatisticsTable"
    " SupervisionRow Tally",
    "engine.lifecycle.model.archive_rule": "ArchivePiece ArchiveRule RetentionRule",
    "engine.lifecycle.model.bureau": "Bureau DeadlinePolicy Role",
    "engine.lifecycle.model.calendar_start": "CalendarStart Cycle",
    "engine.lifecycle.model.deadline": "ClockRule Limit Reminder",
    "engine.lifecycle.model.draw_policy": "DrawPolicy SigningParty",
    "engine.lifecycle.model.form": "CheckRow Field FieldType Form Offer",
    "engine.lifecycle.model.overdue": "OverdueStep",
    "engine.lifecycle.model.paper_series": "PaperPolicy PaperSeries",
    "engine.lifecycle.model.people.incompatible": "IncompatibleRoles IncompatibleSteps",
    "engine.lifecycle.model.people.superiors": "Superiors",
    "engine.lifecycle.model.period_mark": "PeriodMark",
    "engine.lifecycle.model.requirement": "Requirement",
    "engine.lifecycle.model.untouched": "Untouched",
    "engine.lifecycle.model.workflow": "Effect Join Sign State Transition Verb Workflow",
    "engine.worktime.periods": "Beside OnDay Period PeriodUnit Roll Season YearDate",
}
#: Class -> its module.
CLASSES = {name: module for module, names in MODULES.items() for name in names.split()}


class NotPlainError(Exception):
    """A definition holds a value that has no plain form; it is read from its text each time."""


def plain(value: Any) -> Any:
    """Return a value as JSON has it. Raises NotPlainError."""
    kind = type(value)
    if value is None or kind in (str, int, bool):
        return value
    if kind is DefinedText:
        return ["d", str(value)]
    if kind is tuple:
        return ["(", *map(plain, value)]
    if kind is dict:
        return ["{", *(plain(one) for pair in value.items() for one in pair)]
    if kind is Call:
        if value.name not in FUNCTIONS or FUNCTIONS[value.name][0] is not value.function:
            raise NotPlainError(value.name)
        return ["call", value.name, *map(plain, value.arguments)]
    if kind.__name__ in CLASSES and kind is _class(kind.__name__):
        if isinstance(value, Enum):
            return [kind.__name__, value.value]
        return [kind.__name__, *_trimmed(value)]
    for mark, (other, _, written) in _OTHERS.items():
        if kind is other:
            return [mark, *written(value)]
    raise NotPlainError(kind.__qualname__)


def made(form: Any) -> Any:
    """Return the value a plain form is of. Raises ValueError, KeyError, TypeError for what is none."""
    if form.__class__ is not list:
        return form
    mark, *rest = form
    if mark == "d":
        return DefinedText(rest[0])
    if mark == "(":
        return tuple([made(one) if one.__class__ is list else one for one in rest])
    if mark == "{":
        values = [made(one) if one.__class__ is list else one for one in rest]
        return dict(zip(values[::2], values[1::2], strict=True))
    if mark == "call":
        name, *arguments = rest
        return Call(name, FUNCTIONS[name][0], tuple(map(made, arguments)))
    if mark in _OTHERS:
        return _OTHERS[mark][1](rest)
    cls, names = _constructor(mark)
    values = [made(one) if one.__class__ is list else one for one in rest]
    if names is None:
        return cls(*values)
    if len(values) > len(names):
        raise ValueError(mark)
    return cls(**dict(zip(names, values, strict=False)))


#: Mark -> the class, what makes one of the plain values, what gives those.
_OTHERS: Mapping[str, tuple[type, Callable[[list[Any]], Any], Callable[[Any], list[Any]]]] = {
    "[": (list, lambda rest: [made(one) for one in rest], lambda value: [plain(one) for one in value]),
    "set": (
        frozenset,
        lambda rest: frozenset(made(one) for one in rest),
        lambda value: sorted((plain(one) for one in value), key=repr),
    ),
    "term": (Term, lambda rest: Term(rest[0]), lambda value: [str(value)]),
    "/": (
        Fraction,
        lambda rest: Fraction(rest[0], rest[1]),
        lambda value: [value.numerator, value.denominator],
    ),
    "date": (date, lambda rest: date.fromisoformat(rest[0]), lambda value: [value.isoformat()]),
    "time": (time, lambda rest: time.fromisoformat(rest[0]), lambda value: [value.isoformat()]),
}


@cache
def _class(name: str) -> type:
    found: type = getattr(import_module(CLASSES[name]), name)
    return found


@cache
def _constructor(name: str) -> tuple[Any, tuple[str, ...] | None]:
    """Return a class, and the names its constructor is given; None where it is given values in their order."""
    cls: Any = _class(name)
    if issubclass(cls, Enum):
        return cls, None
    given = _given(cls)
    return cls, tuple(one.name for one in given) if any(one.kw_only for one in given) else None


@cache
def _given(cls: type) -> tuple[Field[Any], ...]:
    whose: Any = cls
    return tuple(one for one in fields(whose) if one.init)


def _trimmed(value: Any) -> list[Any]:
    """Return what a value is made with; without those at the end that are so anyhow."""
    kind: type = type(value)
    given = list(_given(kind))
    while given and _is_default(given[-1], getattr(value, given[-1].name)):
        given.pop()
    return [plain(getattr(value, one.name)) for one in given]


def _is_default(of: Field[Any], found: Any) -> bool:
    if of.default is not MISSING:
        default: Any = of.default
    elif of.default_factory is not MISSING:
        default = of.default_factory()
    else:
        return False
    return type(found) is type(default) and bool(found == default)
