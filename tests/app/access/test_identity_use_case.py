"""Use cases that are open to anyone, because nobody is known yet."""

from __future__ import annotations

import pytest

from engine.app.access.identity_use_case import before_access


def test_a_function_is_marked_with_its_use_case_and_stays_what_it_is() -> None:
    @before_access("identity.find")
    def double(number: int) -> int:
        return 2 * number

    assert double(21) == 42
    assert double.use_case == "identity.find"  # type: ignore[attr-defined]


@pytest.mark.parametrize("use_case", ["case.read", "definition.publish"])
def test_what_the_table_does_not_open_to_anyone_cannot_be_marked(use_case: str) -> None:
    with pytest.raises(ValueError, match=use_case):
        before_access(use_case)


def test_what_is_not_in_the_table_cannot_be_marked() -> None:
    with pytest.raises(KeyError):
        before_access("identity.guess")
