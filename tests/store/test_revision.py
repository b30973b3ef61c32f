"""Which revisions of the tables a program can work on."""

from __future__ import annotations

import pytest

from engine.store.revision import EXPECTED, MOVED, order, works_on


@pytest.mark.parametrize(
    ("seen", "expected", "works"),
    [
        ("0002", "0002", True),
        ("0002.1", "0002", True),
        ("0002", "0002.1", False),
        ("0003", "0002", False),
        ("", "0002", False),
    ],
)
def test_a_newer_one_of_the_same_number_is_worked_on(seen: str, expected: str, works: bool) -> None:
    assert works_on(seen, expected) is works


def test_they_are_numbers_but_for_what_has_moved() -> None:
    assert order("0002.1") == (2, 1)
    assert order(EXPECTED) > (0,)
    with pytest.raises(ValueError, match="moved"):
        order(MOVED)
