"""Which keys each part of a file has: the tables hold together, and follow the tables of the lifecycle."""

from __future__ import annotations

import pytest

from engine.definition import keywords
from engine.definition.grammar import SHAPES, KeySpec, ValueShape
from engine.lifecycle.model.overdue import OVERDUE_KEYS
from engine.lifecycle.verbs.table import APPROVABLE, DECLARED


@pytest.mark.parametrize("shape", SHAPES)
def test_every_key_is_whole(shape: str) -> None:
    for name, key in SHAPES[shape].items():
        assert name in keywords.KEYS, (shape, name)
        assert (key.words is not None) is (key.form is ValueShape.WORD), (shape, name)
        if key.form in (ValueShape.PART, ValueShape.PARTS):
            # A code list has no keys but the author's own.
            assert key.of in SHAPES or key.of in ("code list", "column group"), (shape, name)
        if key.form in (ValueShape.LIST, ValueShape.FIELDS):
            assert key.of in SHAPES, (shape, name)


@pytest.mark.parametrize("word", DECLARED)
def test_a_verb_has_the_keys_of_its_row(word: str) -> None:
    own = {name: key.required for name, key in (DECLARED[word].keys or {}).items()}
    shared = {"by": False, "basis": False, "require": False} | (
        {"approve": False} if word in APPROVABLE else {}
    )
    assert {name: key.required for name, key in SHAPES[word].items()} == shared | own
    assert SHAPES["verbs"][word] == KeySpec(ValueShape.PART, of=word)


def test_keys_are_written_as_what_they_hold() -> None:
    assert SHAPES["extend"]["max"].form is ValueShape.PERIOD
    assert SHAPES["extend"]["times"].form is ValueShape.INTEGER
    assert SHAPES["extend"]["clock"].form is ValueShape.NAME
    assert SHAPES["suspend"]["pauses"].form is ValueShape.NAMES
    assert SHAPES["void"]["with_children"].form is ValueShape.BOOLEAN


def test_steps_of_being_late_have_the_keys_of_their_table() -> None:
    assert set(SHAPES["overdue"]) == set(OVERDUE_KEYS)
    assert SHAPES["overdue"]["reassign"] == KeySpec(ValueShape.NAME)


def test_what_a_file_cannot_do_without() -> None:
    required = {shape: [name for name, key in keys.items() if key.required] for shape, keys in SHAPES.items()}
    assert required["workflow"] == ["workflow", "title", "about", "states"]
    assert required["form"] == ["form", "title"]
    assert required["bureau"] == ["bureau", "title", "timezone", "notify_at", "sections", "roles"]
    assert required["site"] == ["site", "pages"]
    assert required["requirement"] == ["that", "else"]
