"""Pieces of the templates of papers."""

from __future__ import annotations

import pytest

from engine.definition.parsing.paper_text import (
    PATH,
    TOKEN,
    groups_with_a_name,
    names_alone,
    only_asked,
    plain,
    texts_chosen,
    texts_listed,
)


def test_a_brace_in_a_text_ends_nothing() -> None:
    found = TOKEN.findall("{{ '}}' }}{% set a = '%}' -%}{# {{ b }} #}{{ \"it's\" }}{{ never")
    assert found == [(" '}}' ", ""), ("", " set a = '%}' -"), ("", ""), (' "it\'s" ', "")]


def test_texts_are_taken_out_and_names_in_brackets_are_dotted() -> None:
    assert plain("""shown["a"].b['c'] ~ 'd.e'""") == "earlier__.a.b.c ~      "
    assert plain("a.b") == "a.b"


@pytest.mark.parametrize(
    ("written", "asked"),
    [("not (a.b", True), ("c if a.b else d", True), ("a.b is none", True), ("a.b | default({}) is defined", True),
     ("a.b", False), ("a.b if c else d", False), ("d if c else a.b", False)],
)  # fmt: skip
def test_what_is_only_asked_about(written: str, asked: bool) -> None:
    place = next(one for one in PATH.finditer(written) if one[0] == "a.b")
    assert only_asked(written, place.start(), place.end()) is asked


@pytest.mark.parametrize(
    ("written", "alone"),
    [("a.b", True), ("a.b | default({}) if len(c) else {}", True), ("(a.b or c)", True), ("[a.b]", False),
     ("a.b | items", False), ("list(a.b)", False), ("a.b, c", False), ("a.b[c]", False)],
)  # fmt: skip
def test_a_choice_between_names(written: str, alone: bool) -> None:
    assert names_alone(written) is alone


def test_a_name_taken_of_a_parenthesis() -> None:
    assert list(groups_with_a_name("(a.b | default(c)).d + f(a).g")) == [(0, 17, "d")]


@pytest.mark.parametrize(
    ("written", "texts"),
    [
        ("'a'", ("a",)),
        ("'a' if x else \"b\"", ("a", "b")),
        ("x", None),
        ("'a' if x", ("a",)),
        ("x or 'a'", None),
    ],
)
def test_texts_one_of_which_is_chosen(written: str, texts: tuple[str, ...] | None) -> None:
    assert texts_chosen(written) == texts


def test_texts_a_loop_goes_through() -> None:
    assert texts_listed(" ['a', 'b'] ", 1) == (("a", "b"),)
    assert texts_listed("[('a', 1), ('b', 2)]", 2) == (("a", "b"), None)
    assert texts_listed("rows", 1) == texts_listed("['a', x]", 1) == texts_listed("('a')", 1) == (None,)
    assert texts_listed("[('a',)]", 2) == (None, None)
