"""What expressions read of a case, and what they ask about first."""

from __future__ import annotations

import pytest
from meaning_example import node, subject_of

from engine.definition.meaning.names_read import Fact, fact_of, facts_read, walked
from engine.lifecycle.expressions.expression import Name

WORKFLOW = subject_of().workflow


def test_every_node_below_is_walked_once() -> None:
    whole = node("form.a > 1 and not (form.b == 'x' or filled(form.c))")
    paths = [found.path for found in walked(whole) if isinstance(found, Name)]
    assert sorted(paths) == [("form", "a"), ("form", "b"), ("form", "c")]


@pytest.mark.parametrize(
    ("path", "fact"),
    [
        (("forms", "visit", "staff"), ("forms", "visit")),
        (("forms", "nothing", "staff"), None),
        (("case", "note"), ("case", "note")),
        (("case", "title"), None),
        (("case",), None),
        (("handlers",), ("parties", "handlers")),
        (("actor", "id"), None),
    ],
)
def test_what_a_name_reads(path: tuple[str, ...], fact: Fact | None) -> None:
    assert fact_of(path, WORKFLOW) == fact


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("forms.visit.staff > 1 and case.note == 'x'", {("forms", "visit"), ("case", "note")}),
        ("filled(case.note)", set()),
        ("empty(case.note) or case.note == 'x'", set()),
        ("filled(case.note) and case.seen", {("case", "seen")}),
        ("first_filled(case.note, 'x') == 'x'", set()),
        ("actor.id in handlers", {("parties", "handlers")}),
        ("case.title == 'x'", set()),
    ],
)
def test_what_is_asked_about_first_is_not_read(text: str, facts: set[Fact]) -> None:
    assert facts_read([node(text)], WORKFLOW) == facts
