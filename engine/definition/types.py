"""Rough types of what expressions can name: enough to refuse nonsense, never a reason to refuse sense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from engine.definition.units import PLAIN, RATIO, Unit, added, unit_of
from engine.language import Message, say
from engine.lifecycle.expressions.expression import Literal
from engine.lifecycle.expressions.functions import MAX_PLACES
from engine.lifecycle.forms.exact_values import MONEY_PLACES
from engine.lifecycle.model.form import YES_NO_NA, Field, FieldType
from engine.value import value


class ValueKind(StrEnum):
    """What sort of value a name has."""

    #: Not known before the case runs; everything is allowed.
    ANY = "any"
    TEXT = "text"
    #: A whole number.
    NUMBER = "number"
    #: A decimal or a ratio: kept as text, compared as a fraction.
    EXACT = "exact"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    LIST = "list"
    RECORD = "record"


@value
class Type:
    """The type of a name or of a part of an expression."""

    kind: ValueKind
    #: TEXT: the codes it may be; None: any text.
    choices: Mapping[str, str] | None = None
    #: RECORD: what it holds.
    columns: Mapping[str, Type] = field(default_factory=dict)
    #: LIST: what its entries are.
    item: Type | None = None
    #: A field: what its value is kept under, where it is called otherwise.
    kept_as: str | None = None
    #: RECORD: holds more than is known here.
    open: bool = False
    #: NUMBER, EXACT: what is counted; None: not known, or a number as such (a literal takes the unit of the other side).
    unit: Unit | None = None
    #: EXACT: a quotient that has not been rounded. It may be compared, not kept.
    unrounded: bool = False
    #: EXACT: how many places after the point it has at most; None: not known.
    places: int | None = field(default=None, compare=False)
    #: TEXT: a time of day, written ``09:30``.
    time: bool = False

    @property
    def number(self) -> bool:
        """Tell whether it can be added to."""
        return self.kind in (ValueKind.NUMBER, ValueKind.EXACT)

    @property
    def most_places(self) -> int | None:
        """Return how many places after the point it may have; None where that is not known."""
        return 0 if self.kind is ValueKind.NUMBER else self.places

    @property
    def vague(self) -> bool:
        """Tell whether nothing is known of it."""
        return self.kind is ValueKind.ANY


ANY = Type(ValueKind.ANY)
TEXT = Type(ValueKind.TEXT)
NUMBER = Type(ValueKind.NUMBER)
EXACT = Type(ValueKind.EXACT)
BOOLEAN = Type(ValueKind.BOOLEAN)
#: A ratio.
SHARE = Type(ValueKind.EXACT, unit=RATIO)
DATE = Type(ValueKind.DATE)
DATETIME = Type(ValueKind.DATETIME)
TIME = Type(ValueKind.TEXT, time=True)


def list_of(item: Type) -> Type:
    """Return the type of a list of `item`."""
    return Type(ValueKind.LIST, item=item)


def record(columns: Mapping[str, Type], *, more: bool = False) -> Type:
    """Return the type of a record; with `more` it may hold other columns too."""
    return Type(ValueKind.RECORD, columns=columns, open=more)


def coded(choices: Mapping[str, str]) -> Type:
    """Return the type of a text that is one of `choices`."""
    return Type(ValueKind.TEXT, choices=choices)


def exact_number(text: str) -> Fraction:
    """Return the value of a number as written: ``5%``, ``1/20`` or ``0.05``."""
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def type_of_number(number: Fraction, unit: Unit | None = None) -> Type:
    """Return the type of a number that is written in an expression."""
    places = next((count for count in range(_MOST_WRITTEN) if 10**count % number.denominator == 0), None)
    return Type(ValueKind.EXACT, unit=unit, unrounded=places is None, places=places)


def type_of_literal(value: Any) -> Type:
    """Return the type of a value that is written in an expression."""
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, Fraction):
        return type_of_number(value)
    return NUMBER if isinstance(value, int) else TEXT


def written_number(text: str) -> tuple[Literal, Type]:
    """Return a number written as text, and its type."""
    number = exact_number(text)
    return Literal(number), type_of_number(number, RATIO if text.endswith("%") else None)


def places_after(op: str, a: Type, b: Type) -> int | None:
    """Return how many places the result of ``+ - * /`` may have; None where that is not known, as of a quotient."""
    own, other = a.most_places, b.most_places
    if own is None or other is None or op == "/":
        return None
    return own + other if op == "*" else max(own, other)


def one_of(kind: ValueKind, unit: Unit | None, a: Type, b: Type) -> Type:
    """Return the type of a number that is one of two."""
    return Type(kind, unit=unit, unrounded=a.unrounded or b.unrounded, places=places_after("+", a, b))


#: A number written in an expression has fewer places than this.
_MOST_WRITTEN = 40
#: Fields whose numbers have the unit their field says.
_COUNTED = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY)
FILE = record({"name": TEXT, "sha256": TEXT})

_SIMPLE: Mapping[FieldType, Type] = {
    FieldType.TEXT: TEXT,
    FieldType.LONG_TEXT: TEXT,
    FieldType.INTEGER: NUMBER,
    FieldType.DECIMAL: Type(ValueKind.EXACT, places=MAX_PLACES),
    FieldType.RATIO: Type(ValueKind.EXACT, unit=RATIO, places=MAX_PLACES + 2),
    FieldType.BOOLEAN: BOOLEAN,
    FieldType.DATE: DATE,
    FieldType.DATETIME: DATETIME,
    FieldType.PERSON: TEXT,
    FieldType.PERSONS: list_of(TEXT),
    FieldType.OBJECT: TEXT,
    FieldType.FILE: FILE,
    FieldType.FILES: list_of(FILE),
    FieldType.MONEY: Type(ValueKind.EXACT, places=MONEY_PLACES),
    FieldType.TIME: TIME,
    FieldType.YES_NO_NA: coded(YES_NO_NA),
    FieldType.PLACE: record({"latitude": EXACT, "longitude": EXACT, "address": TEXT}),
    FieldType.PHOTO: FILE,
    FieldType.PHOTOS: list_of(FILE),
    FieldType.SIGNATURE: FILE,
    FieldType.NOTE: ANY,
}


def can_be_kept(value: Type, into: Type) -> bool:
    """Tell whether a value can be kept in a field: never a reason to refuse what a text can hold."""
    if value.vague or into.vague or value.kind is into.kind:
        both = value.choices is not None and into.choices is not None
        return not both or not set(value.choices or ()).isdisjoint(into.choices or ())
    if value.number and into.number:
        return True
    days = (ValueKind.DATE, ValueKind.DATETIME)
    if into.kind in days:
        return value.kind in (*days, ValueKind.TEXT)
    if into.kind is ValueKind.TEXT and into.choices is None:
        return value.kind not in (ValueKind.LIST, ValueKind.RECORD)
    return False


def counts_alike(value: Type, into: Type) -> bool:
    """Tell whether a number may be kept as one that counts `into`: what has no known unit takes the field's.

    A ratio is a number without a unit, written in hundredths.
    """
    if not (value.number and into.number) or {value.unit, into.unit} <= {PLAIN, RATIO}:
        return True
    return added(value.unit, into.unit)[1]


def plain_type(asked: FieldType) -> Type | None:
    """Return the type of the answers to a field of this type, where it has no choices and no columns."""
    return _SIMPLE.get(asked)


def type_of(asked: Field) -> Type:
    """Return the type of the answers to a field."""
    found = _type_of(asked)
    return found if asked.alias is None else replace(found, kept_as=asked.name)


def _type_of(asked: Field) -> Type:
    if asked.type is FieldType.CHOICE:
        return coded(asked.choices) if asked.choices else TEXT
    if asked.type is FieldType.CHOICES:
        return list_of(coded(asked.choices) if asked.choices else TEXT)
    if asked.type is FieldType.LIST:
        if not asked.columns:
            return list_of(TEXT)
        return list_of(record({column.written: type_of(column) for column in asked.columns}))
    plain = _SIMPLE[asked.type]
    return replace(plain, unit=unit_of(asked.unit)) if asked.type in _COUNTED else plain


_CALLED: Mapping[ValueKind, Message] = {
    ValueKind.ANY: say("不定"),
    ValueKind.TEXT: say("文字"),
    ValueKind.NUMBER: say("整数"),
    ValueKind.EXACT: say("数值"),
    ValueKind.BOOLEAN: say("是或否"),
    ValueKind.DATE: say("日期"),
    ValueKind.DATETIME: say("时刻"),
    ValueKind.LIST: say("列表"),
    ValueKind.RECORD: say("一组栏目"),
}


def kind_name(kind: ValueKind) -> Message:
    """Return what people call a kind of value."""
    return _CALLED[kind]
