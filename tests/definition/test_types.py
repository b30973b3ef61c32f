"""The rough types of answers and names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.definition.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    EXACT,
    FILE,
    NUMBER,
    SHARE,
    TEXT,
    Type,
    ValueKind,
    can_be_kept,
    coded,
    counts_alike,
    kind_name,
    list_of,
    plain_type,
    record,
    type_of,
)
from engine.definition.units import PLAIN, unit_of
from engine.lifecycle.model.form import Field, FieldType

CHOICES = {"a": "甲"}


def asked(kind: FieldType, **more: object) -> Field:
    return Field(name="x", title="x", type=kind, **more)  # type: ignore[arg-type]  # the fields of a field


def test_makers_of_types() -> None:
    assert list_of(TEXT) == Type(ValueKind.LIST, item=TEXT)
    assert record({"a": TEXT}).open is False
    assert record({"a": TEXT}, more=True) == Type(ValueKind.RECORD, columns={"a": TEXT}, open=True)
    assert coded(CHOICES) == Type(ValueKind.TEXT, choices=CHOICES)


def test_what_can_be_added_to_and_what_is_not_known() -> None:
    kinds = {kind for kind in ValueKind if Type(kind).number}
    assert kinds == {ValueKind.NUMBER, ValueKind.EXACT}
    assert {kind for kind in ValueKind if Type(kind).vague} == {ValueKind.ANY}


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (asked(FieldType.TEXT), TEXT),
        (asked(FieldType.INTEGER), replace(NUMBER, unit=PLAIN)),
        (asked(FieldType.DECIMAL, unit="元"), replace(EXACT, unit=unit_of("元"))),
        (asked(FieldType.RATIO), SHARE),
        (asked(FieldType.BOOLEAN), BOOLEAN),
        (asked(FieldType.DATE), DATE),
        (asked(FieldType.DATETIME), DATETIME),
        (asked(FieldType.PERSONS), list_of(TEXT)),
        (asked(FieldType.FILES), list_of(FILE)),
        (asked(FieldType.CHOICE, choices=CHOICES), coded(CHOICES)),
        (asked(FieldType.CHOICE), TEXT),
        (asked(FieldType.CHOICES, choices=CHOICES), list_of(coded(CHOICES))),
        (asked(FieldType.CHOICES), list_of(TEXT)),
        (asked(FieldType.LIST), list_of(TEXT)),
        (
            asked(FieldType.LIST, columns=(Field(name="due", title="x", type=FieldType.DATE),)),
            list_of(record({"due": DATE})),
        ),
    ],
)
def test_the_type_of_the_answers_to_a_field(field: Field, expected: Type) -> None:
    assert type_of(field) == expected


def test_only_fields_with_choices_or_columns_have_no_plain_type() -> None:
    without = {kind for kind in FieldType if plain_type(kind) is None}
    assert without == {FieldType.CHOICE, FieldType.CHOICES, FieldType.LIST}
    assert plain_type(FieldType.DATE) is DATE


def test_people_have_a_word_for_every_kind() -> None:
    words = [str(kind_name(kind)) for kind in ValueKind]
    assert len(set(words)) == len(words)
    assert str(kind_name(ANY.kind)) == "不定"
    assert str(kind_name(BOOLEAN.kind)) == "是或否"


OF_A, OF_B = coded({"a": "甲"}), coded({"b": "乙"})


@pytest.mark.parametrize(
    ("value", "into"),
    [
        (ANY, DATE),
        (DATE, ANY),
        (OF_A, OF_A),
        (NUMBER, EXACT),
        (DATETIME, DATE),
        (TEXT, OF_A),
        (DATE, TEXT),
        (OF_A, TEXT),
    ],
)
def test_what_can_be_kept_in_a_field(value: Type, into: Type) -> None:
    assert can_be_kept(value, into)


@pytest.mark.parametrize(
    ("value", "into"),
    [
        (DATE, OF_A),
        (OF_B, OF_A),
        (NUMBER, DATE),
        (BOOLEAN, NUMBER),
        (TEXT, BOOLEAN),
        (list_of(TEXT), TEXT),
        (TEXT, list_of(TEXT)),
    ],
)
def test_what_cannot_be_kept_in_a_field(value: Type, into: Type) -> None:
    assert not can_be_kept(value, into)


def test_a_kept_number_counts_what_the_field_counts() -> None:
    yuan, person = replace(EXACT, unit=unit_of("元")), replace(NUMBER, unit=unit_of("人"))
    assert counts_alike(yuan, yuan)
    assert counts_alike(NUMBER, yuan)
    assert counts_alike(TEXT, person)
    assert counts_alike(replace(EXACT, unit=PLAIN), SHARE)
    assert not counts_alike(person, yuan)
    assert not counts_alike(replace(EXACT, unit=PLAIN), yuan)
