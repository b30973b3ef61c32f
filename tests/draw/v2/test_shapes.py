"""Shapes: exactly the keys and values of the protocol, and the place of what is wrong."""

from __future__ import annotations

import re

import pytest

from engine.draw.refused import DrawRefused
from engine.draw.v2 import shapes
from engine.language import say

SHAPE = {
    "a": shapes.number,
    "b": [{"c": shapes.filled}],
    "d": shapes.Maybe(shapes.flag),
    "e": shapes.Table(shapes.text),
}
GOOD = {"a": 1, "b": [{"c": "x"}], "d": None, "e": {"k": ""}}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({}, None),
        ({"d": True}, None),
        ({"a": True}, ".a"),
        ({"a": -1}, ".a"),
        ({"a": 10**9 + 1}, ".a"),
        ({"b": [{"c": "x"}, {"c": " "}]}, ".b[1].c"),
        ({"b": [{"c": "x", "z": 1}]}, ".b[0]"),
        ({"b": "text"}, ".b"),
        ({"d": 0}, ".d"),
        ({"e": {"k": "a\tb"}}, ".e.k"),
        ({"e": []}, ".e"),
        ({"x": 1}, "."),
    ],
)
def test_where_a_value_does_not_fit(change: dict[str, object], place: str | None) -> None:
    assert shapes.misfit(GOOD | change, SHAPE) == place


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("2026-02-28", True),
        ("2026-02-29", False),
        ("2026-2-28", False),
        (20260228, False),
        ("20260228", False),
    ],
)
def test_days(value: object, right: bool) -> None:
    assert shapes.day(value) is right


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("2026-03-02T01:00:00.000000Z", True),
        ("2026-03-02T24:00:00.000000Z", False),
        ("2026-13-02T01:00:00.000000Z", False),
        ("2026-03-02T01:00:00Z", False),
        ("2026-03-02T01:00:60.000000Z", False),
    ],
)
def test_instants(value: object, right: bool) -> None:
    assert shapes.instant(value) is right


def test_a_value_as_it_is_written_now_or_was_before() -> None:
    shape = {"body": shapes.Either({"new": shapes.number}, {"old": shapes.number})}
    assert shapes.misfit({"body": {"new": 1}}, shape) is None
    assert shapes.misfit({"body": {"old": 1}}, shape) is None
    for body in ({}, {"new": 1, "old": 1}, {"new": "1"}, {"old": "1"}, None):
        assert shapes.misfit({"body": body}, shape) is not None


def test_texts_and_words() -> None:
    assert shapes.text("x" * 2000)
    assert not shapes.text("x" * 2001)
    assert shapes.one_of("a", "b")("a")
    assert not shapes.one_of("a", "b")(1)
    assert shapes.matching(re.compile("[0-9]+"))("12")
    assert not shapes.matching(re.compile("[0-9]+"))("12\n")


def test_only_canonical_texts_are_read() -> None:
    assert shapes.read_shaped('{"a":1}', {"a": shapes.number}, say("承诺书")) == {"a": 1}
    for text in ('{"a": 1}', '{"a":1.0}', "{", '{"a":-1}', "[" * 100_000):
        with pytest.raises(DrawRefused, match="承诺书"):
            shapes.read_shaped(text, {"a": shapes.number}, say("承诺书"))
    assert shapes.canonical_bytes({"b": 1, "a": "某"}) == '{"a":"某","b":1}'.encode()
