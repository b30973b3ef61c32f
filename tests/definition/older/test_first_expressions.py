"""Expressions of the first language mean today what they meant then, also where a value is missing."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from engine.definition.expressions import parse_expression
from engine.definition.older.first_expressions import (
    as_it_was,
    condition_today,
    expression_today,
    read,
    template_today,
)
from engine.lifecycle.expressions.expression import Expression, Name
from engine.yamltext.nodes import ScalarNode

A, B = Name(("a",)), Name(("b",))


@pytest.mark.parametrize(
    ("op", "meant"),
    [
        ("!=", lambda a, b: a != b),
        ("not in", lambda a, b: b is None or a not in b),
        ("in", lambda a, b: b is not None and a is not None and a in b),
    ],
)
def test_missing_values_compare_as_they_did(op: str, meant: Any) -> None:
    rights = (None, [1], [2]) if "in" in op else (None, 1, 2)
    for a, b in itertools.product((None, 1), rights):
        if op == "!=" and a is b is None:
            # Both missing: never compared by what was shipped.
            continue
        assert Expression("", as_it_was(A, op, B)).value({"a": a, "b": b}) is meant(a, b), (a, b)


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("form.a == 1", "form.a == 1"),
        ("form.a != 'x' and b", "not (form.a == 'x') and b"),
        ("x | collect('id') | length", "length(collect(x, it.id))"),
        ("a == none or b != none", "empty(a) or filled(b)"),
        ("a !=", "a !="),
        ("f(a != b)", "f(a != b)"),
    ],
)
def test_expressions_are_written_as_today(old: str, today: str) -> None:
    assert expression_today(old) == today
    if today != old:
        assert parse_expression(today, None).faults == []
        assert expression_today(today) == today


def test_where_nothing_is_missing_an_author_keeps_the_shorter_words() -> None:
    assert expression_today("a != 1", missing=False) == "a != 1"
    assert expression_today("a != collect(r, 'id')", missing=False) == "a != collect(r, it.id)"
    assert template_today("{{ collect(r, 'id') }}，{{ a }}") == "{{ collect(r, it.id) }}，{{ a }}"


def test_what_is_no_expression_is_none() -> None:
    assert read("a ==", True) is None
    assert read("(" * 400, True) is None
    assert condition_today(ScalarNode(1, 1, 1, 5, "a == 1", "a == 1")) == "a == 1"
