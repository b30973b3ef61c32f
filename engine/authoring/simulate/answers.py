"""Answers for a rehearsal: guessed from the types of the fields, then mended until the conditions are met.

Conditions are taken as they come. A guess that is refused names, in its reasons, the fields it depends on and the
values they are compared with; changing those, one at a time, and keeping what is refused for fewer reasons finds
answers to nearly every form a section writes (a hill climb with sideways steps).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any

from engine.kernel.refusal import RefusalReason
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.synthetic import choice as chance
from engine.synthetic.form_filler import Filler
from engine.synthetic.scenario import Scenario

#: The scenario of a rehearsal says nothing.
_NOTHING_SAID = Scenario(start="", plan={}, habits={})

#: Days from today that a date in a form may have.
_DAYS = (0, 1, -1, 2, 3, -3, 5, -5, 7, 10, -10, 15, 20, 30, -30, 60, 90, -90)
_HOURS = (0, -1, 1, -24, 24, -72, 72, 240)
_TEXTS = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_NUMBERS = re.compile(r"(?<![\w.])-?\d{1,9}(?![\w.])")
_PATHS = re.compile(r"\b(forms|case)\.(\w+)(?:\.(\w+))?")
#: Words by which a condition keeps people apart from those of a party.
_APART = re.compile(r"\bdisjoint\(|\bnot\b")
_FIELDS = re.compile(r"\bforms?\.(?:\w+\.)?(\w+)")


@dataclass(frozen=True, slots=True)
class Setting:
    """What whoever fills a form in can look at."""

    scope: Mapping[str, Any]
    #: The local time.
    now: datetime
    #: People a form may name, those of the case first.
    people: tuple[str, ...]
    #: Answers nobody chooses: what a lottery has drawn, by the name of the field.
    settled: Mapping[str, Any] = field(default_factory=dict)
    #: Where nothing says how many people are meant, everybody is named as often as two: what is asked for later may be
    #: that some were among them.
    crowds: bool = False
    #: People who are named for no party of the case: they were recused.
    barred: frozenset[str] = frozenset()


Choice = Callable[[Setting], Any]


class Guess(Filler):
    """One way to fill a form in. What `chosen` holds is taken; the rest follows from types and examples."""

    def __init__(
        self,
        setting: Setting,
        seed: Sequence[object],
        number: int,
        chosen: Mapping[str, Choice],
        problems: bool,
    ) -> None:
        super().__init__(_NOTHING_SAID, setting.scope, setting.now, seed, number)
        self.setting = setting
        self.chosen = chosen
        self.problems = problems

    def filled(self, form: Form, item_forms: Sequence[Form]) -> dict[str, Any]:
        """Return the answers."""
        return self.fill(form, item_forms, self.problems)

    def given_answer(self, form: Form, asked: Field, scope: Mapping[str, Any]) -> Any:
        """Return what was chosen for a field; None where nothing was."""
        if asked.name in self.setting.settled:
            return self.setting.settled[asked.name]
        choose = self.chosen.get(asked.name)
        return None if choose is None else choose(self.setting)

    def value(self, asked: Field, row: int = 0) -> Any:
        """Return a value of the type of a field."""
        part = (*self.seed, asked.name, row)
        if asked.example is not None:
            return asked.example
        if asked.type is FieldType.BOOLEAN:
            return chance.happens_with_probability(750, *part)
        if asked.type is FieldType.CHOICE and asked.choices:
            return list(asked.choices)[chance.between(0, len(asked.choices) - 1, *part)]
        if asked.type is FieldType.PERSONS:
            for party in _parties(self.setting):
                return members(party)(self.setting)
            count = None if self.setting.crowds and chance.happens_with_probability(500, *part) else 2
            return list(self.setting.people[:count]) or super().value(asked, row)
        return super().value(asked, row)


def day(ahead: int) -> Choice:
    """Return a choice that is so many days from whatever day it is then."""
    return lambda at: (date.fromisoformat(str(at.scope["today"])) + timedelta(days=ahead)).isoformat()


def instant(hours: int) -> Choice:
    """Return a choice that is so many hours from now, whenever that is."""
    return lambda at: (at.now.replace(microsecond=0) + timedelta(hours=hours)).isoformat()


def person(place: int) -> Choice:
    """Return a choice of one of the people, by their place among them."""
    return lambda at: at.people[place % len(at.people)] if at.people else None


def first_of(people: int | None) -> Choice:
    """Return the choice of the first few people, of all when None."""
    return lambda at: list(at.people[:people])


def beside(people: int) -> Choice:
    """Return the choice of the first few people who are in no party of the case and do not fill the form in."""

    def choose(at: Setting) -> list[str]:
        known = {one for party in _parties(at) for one in members(party)(at)} | {at.scope["actor"]["id"]}
        return [one for one in at.people if one not in known][:people]

    return choose


def members(party: str) -> Choice:
    """Return the choice of everybody in a party of the case who may be named for one."""
    return lambda at: [str(one["id"]) for one in at.scope.get(party, ()) if one["id"] not in at.barred]


def _parties(setting: Setting) -> list[str]:
    """Return the names in a scope that are groups of people."""
    return [
        name
        for name, held in setting.scope.items()
        if isinstance(held, list) and held and all(isinstance(one, Mapping) and "id" in one for one in held)
    ]


def _always(value: Any) -> Choice:
    return lambda at: value


def _earlier(root: str, name: str, inner: str) -> Choice:
    """Return the choice of what an earlier form, or the case, holds."""

    def choose(at: Setting) -> Any:
        found: Any = at.scope.get(root, {}).get(name)
        return found.get(inner) if inner and isinstance(found, Mapping) else None if inner else found

    return choose


def _paths(asked: Field, clauses: str, setting: Setting) -> list[tuple[str, str, str]]:
    """Return where earlier answers stand that a field may have to equal: named in clauses, or of the same name."""
    named = _PATHS.findall(clauses)
    alike = [
        ("forms", form, asked.name) for form, held in setting.scope["forms"].items() if asked.name in held
    ]
    return list(dict.fromkeys([*named, *alike]))


def blamed(
    reasons: Iterable[RefusalReason], form: Form, insisted: Collection[str] = ()
) -> tuple[list[Field], str]:
    """Return the fields of `form` that reasons speak of, and the clauses that were false, as one text.

    Where a reason is about an answer that is `insisted` on, what may be wrong is whether its question is put.
    """
    conditions = {
        one.name: one.relevant.expression.source
        for one in form.fields
        if one.name in insisted and one.relevant is not None
    }
    said = [((reason.field or "").split(".")[0], reason.clause or "") for reason in reasons]
    clauses = "\n".join(clause or conditions.get(name, "") for name, clause in said)
    names = {name for name, _ in said if name not in insisted} | set(_FIELDS.findall(clauses))
    return [asked for asked in form.fields if asked.name in names and asked.answered], clauses


def alternatives(asked: Field, clauses: str, answers: Mapping[str, Any], setting: Setting) -> list[Choice]:
    """Return values worth trying for a field: of its type, near those its conditions name, like other answers."""
    example = [] if asked.example is None else [_always(asked.example)]
    example += [_earlier(*path) for path in _paths(asked, clauses, setting)]
    match asked.type:
        case FieldType.DATE:
            return [*example, *map(day, _DAYS)]
        case FieldType.DATETIME:
            return [*example, *map(instant, _HOURS)]
        case FieldType.PERSON:
            named = [one for value in answers.values() if isinstance(value, list) for one in value]
            others = [_always(one) for one in named if isinstance(one, str)]
            return [*example, *map(person, range(min(len(setting.people), 6))), *others]
        case FieldType.PERSONS:
            others = [beside(2)] if _APART.search(clauses) else []
            return [*example, *map(members, _parties(setting)), *map(first_of, (2, None, 3, 1)), *others]
        case FieldType.LIST if asked.columns:
            return [*example, *_tables(asked, clauses, answers, setting)]
    found = _values(asked, clauses, answers, setting)
    return [*example, *(_always(value) for value in found if value not in ("", [], None))]


def _values(asked: Field, clauses: str, answers: Mapping[str, Any], setting: Setting) -> list[Any]:
    numbers = [int(found) for found in _NUMBERS.findall(clauses)]
    texts = [one or other for one, other in _TEXTS.findall(clauses)]
    whole = sorted({n + step for n in (*numbers, 0, 1, 10) for step in (-1, 0, 1, 2) if n + step >= 0})
    codes, people = list(asked.choices), list(setting.people)
    match asked.type:
        case FieldType.BOOLEAN:
            return [True, False]
        case FieldType.CHOICE:
            return codes
        case FieldType.CHOICES:
            together = [code for code in codes if code not in asked.exclusive]
            return [*([code] for code in codes), together, together[:2]]
        case FieldType.INTEGER:
            return [*whole, *(n for n in (asked.least, asked.most) if n is not None)]
        case FieldType.YES_NO_NA:
            return codes
        case FieldType.DECIMAL | FieldType.MONEY:
            return [str(n) for n in whole]
        case FieldType.RATIO:
            return ["5%", "10%", "50%", "100%", "1%", *(f"{n}%" for n in whole if n <= 100)]
        case FieldType.LIST:
            return [[text] for text in texts]
        case FieldType.TEXT | FieldType.LONG_TEXT:
            others = [value for value in answers.values() if isinstance(value, str)]
            return [*texts, *others, str(setting.scope["subject"].get("id") or ""), *people[:2]]
    return []


def _tables(asked: Field, clauses: str, answers: Mapping[str, Any], setting: Setting) -> list[Choice]:
    """Return choices of a table of a few rows; the rows of a table differ where their columns can.

    An example is kept but for one column at a time, which holds another value in every row. A table is made when it is
    chosen, for most are not.
    """
    example = asked.example
    if isinstance(example, list) and all(isinstance(row, Mapping) for row in example):
        return [
            _made_once(partial(_with_column, example, column.name, choose, setting))
            for column in asked.columns
            if column.type not in (FieldType.TEXT, FieldType.LONG_TEXT)
            for choose in alternatives(column, clauses, answers, setting)
        ]
    least = max(asked.least or 1, 1)
    return [
        _made_once(partial(_table, asked, clauses, answers, setting, variant, size))
        for variant in range(5)
        for size in range(least, least + 3)
    ]


def _made_once(make: Callable[[], Any]) -> Choice:
    """Return the choice of a value that is made when it is first asked for, and stays."""
    kept = cache(make)
    return lambda at: kept()


def _with_column(
    rows: Sequence[Mapping[str, Any]], name: str, choose: Choice, setting: Setting
) -> list[dict[str, Any]]:
    return [{**row, name: choose(setting)} for row in rows]


def _table(
    asked: Field, clauses: str, answers: Mapping[str, Any], setting: Setting, variant: int, size: int
) -> list[dict[str, Any]]:
    """Return a table of so many rows. In the last variant, what happened on several days happened on those up to today."""
    rows: list[dict[str, Any]] = [{} for _ in range(size)]
    for column in asked.columns:
        if not column.required and not variant % 2:
            continue
        choices = alternatives(column, clauses, answers, setting)
        for number, row in enumerate(rows):
            choose = choices[(number + variant) % len(choices)] if choices else None
            if variant == 4 and column.type is FieldType.DATE:
                choose = day(number + 1 - size)
            row[column.name] = choose(setting) if choose else f"{column.title}{number + 1}"
    return rows
