"""Groups that are folded up, and columns nothing is said about."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.register.sheet.book.range_groups import COLUMNS, RangeGroups, unsaid

Line = tuple[int, int, int, bool]


def folded(lines: Sequence[Line], *, after: bool) -> set[tuple[int, int]]:
    groups = RangeGroups()
    for first, last, level, is_folded in lines:
        groups.take(first, last, level, folded=is_folded)
    return set(groups.folded_up(after=after))


@pytest.mark.parametrize(
    ("lines", "after", "hidden"),
    [
        ([(1, 1, 1, False), (2, 2, 1, False), (3, 3, 0, True)], True, {(1, 1), (2, 2)}),
        # The sum stands before its group.
        ([(1, 1, 0, True), (2, 4, 2, False), (5, 5, 1, False)], False, {(2, 4), (5, 5)}),
        ([(1, 1, 0, True), (2, 4, 2, False)], True, set()),
        # An inner group alone is folded up.
        ([(1, 1, 1, False), (2, 2, 2, False), (3, 3, 1, True), (4, 4, 0, False)], True, {(2, 2)}),
        # A row of no group is between.
        ([(1, 1, 1, False), (3, 3, 1, False), (4, 4, 0, True)], True, {(3, 3)}),
        ([(1, 1, 1, False), (2, 2, 0, False)], True, set()),
        ([(1, 1, 1000, False), (2, 2, 999, True)], True, set()),
    ],
)
def test_a_group_beside_its_sum_is_folded_up(
    lines: Sequence[Line], after: bool, hidden: set[tuple[int, int]]
) -> None:
    assert folded(lines, after=after) == hidden


def test_columns_the_file_says_nothing_about() -> None:
    assert list(unsaid([])) == [(0, COLUMNS - 1)]
    assert list(unsaid([(4, 6), (0, 1), (5, 5)])) == [(2, 3), (7, COLUMNS - 1)]
    assert list(unsaid([(0, COLUMNS - 1)])) == []
