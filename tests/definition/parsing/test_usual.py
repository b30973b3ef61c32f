"""Expressions in the usual way: read as Jinja2 reads them, or left to it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, nodes
from jinja2.exceptions import TemplateError
from shipped_conditions import shipped_conditions

from engine.definition.parsing.usual import read_usual

_JINJA = Environment(autoescape=False)  # noqa: S701 - only its parser is used


def _by_jinja(source: str) -> nodes.Node | None:
    try:
        body = _JINJA.parse("{{ " + source.strip() + "\n}}").body
    except (TemplateError, RecursionError):
        return None
    if len(body) != 1 or not isinstance(body[0], nodes.Output) or len(body[0].nodes) != 1:
        return None
    return body[0].nodes[0]


def test_every_shipped_condition_is_read_as_by_jinja() -> None:
    texts = {text for _, text in shipped_conditions()}
    usual = {text: node for text in texts if (node := read_usual(text)) is not None}
    assert {text for text, node in usual.items() if node != _by_jinja(text)} == set()
    assert len(usual) >= 0.95 * len(texts)


@pytest.mark.parametrize(
    "source",
    [
        "not a.b in ['x', \"y\"] and -count(rows, it.n > 3) <= 2 * (c - d) / 4 or e == true",
        "a < b <= c",
        "not not a",
        "a not in []",
        "f()(g).h",
        "a . b",
        "none",
        "- - 2 + 3",
        "'（一）' == a.或",
        "a and b or c and not d",
        "a.in",
    ],
)
def test_usual_texts(source: str) -> None:
    assert read_usual(source) is not None
    assert read_usual(source) == _by_jinja(source)


@pytest.mark.parametrize(
    "source",
    [
        "a | length",
        "0.5",
        "a[0]",
        "(a, b)",
        "a is b",
        "a if b else c",
        "'a\\'b'",
        "a ==",
        "a b",
        "f(x=1)",
        "007",
        "",
        "[a,]",
    ],
)
def test_what_is_unusual_is_left_to_jinja(source: str) -> None:
    assert read_usual(source) is None


_PIECES = ["a", "form.b", "it", "not", "in", "and", "or", "is", "if", "true", "None", "7", "0", "'x'", '"和"', "==", "!=", "<", "<=", ">", ">=", "(", ")", "[", "]", ",", ".", "+", "-", "*", "/", "f(", "|", "~", "1.5", "！"]  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.sampled_from(_PIECES), max_size=9), st.sampled_from([" ", ""]))
def test_any_row_of_pieces(pieces: list[str], between: str) -> None:
    """What is read is what Jinja2 reads; what Jinja2 refuses is not read."""
    source = between.join(pieces)
    found = read_usual(source)
    assert found is None or found == _by_jinja(source)
