"""A sequence whose items are made anew each time one is asked for."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.register.sheet.made_anew import MadeAnew


class Doubled(MadeAnew[int, str]):
    """Numbers, twice as large and as texts; `made` says which were asked for."""

    def __init__(self, kept: Sequence[int]) -> None:
        super().__init__(kept)
        self.made: list[int] = []

    def _made(self, kept: int) -> str:
        self.made.append(kept)
        return str(2 * kept)

    def _of(self, kept: Sequence[int]) -> Doubled:
        return Doubled(kept)


def test_it_is_a_sequence_of_what_is_made() -> None:
    numbers = Doubled([1, 2, 3])
    assert len(numbers) == 3
    assert numbers.made == []
    assert (numbers[0], numbers[-1]) == ("2", "6")
    assert numbers.made == [1, 3]
    assert list(numbers) == ["2", "4", "6"]
    assert "4" in numbers
    assert repr(numbers) == "Doubled(['2', '4', '6'])"
    part = numbers[1:]
    assert isinstance(part, Doubled)
    assert part == ["4", "6"]
    with pytest.raises(IndexError):
        numbers[3]


def test_it_equals_what_has_equal_items_and_is_no_key() -> None:
    assert Doubled([1]) == ["2"]
    assert Doubled([1]) == Doubled([1])
    assert Doubled([1]) != ["2", "4"]
    assert Doubled([1]) != 2
    with pytest.raises(TypeError):
        hash(Doubled([1]))
