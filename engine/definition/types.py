"""Rough types of what expressions can name: enough to refuse nonsense, never a reason to refuse sense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from enum import StrEnum

from engine.definition.units import PLAIN, RATIO, Unit, added, unit_of
from engine.language import Message, say
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
    #: TEXT: a time of day, written ``09:30``.
    time: bool = False

    @property
    def number(self) -> bool:
        """Tell whether it can be added to."""
        return self.kind in (ValueKind.NUMBER, ValueKind.EXACT)

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


#: Fields whose numbers have the unit their field says.
_COUNTED = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY)
FILE = record({"name": TEXT, "sha256": TEXT})

_SIMPLE: Mapping[FieldType, Type] = {
    FieldType.TEXT: TEXT,
    FieldType.LONG_TEXT: TEXT,
    FieldType.INTEGER: NUMBER,
    FieldType.DECIMAL: EXACT,
    FieldType.RATIO: SHARE,
    FieldType.BOOLEAN: BOOLEAN,
    FieldType.DATE: DATE,
    FieldType.DATETIME: DATETIME,
    FieldType.PERSON: TEXT,
    FieldType.PERSONS: list_of(TEXT),
    FieldType.OBJECT: TEXT,
    FieldType.FILE: FILE,
    FieldType.FILES: list_of(FILE),
    FieldType.MONEY: EXACT,
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
