"""What is counted of a sheet: filled rows, the rectangle around filled cells, bytes of text; each with its bound."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.register.sheet.book.container import TooMuchError, WorkbookContainerError
from engine.register.sheet.book.facts import Extent, SheetFacts, TextCount
from engine.register.sheet.limits import MAX_CELL_LENGTH, MAX_COLUMNS, MAX_ROWS, Limits

SMALL = Limits(unpacked=0, elements=0, places=12, text=10, rows=3)


def refused(extent: Extent, *cells: tuple[int, int, int]) -> str:
    """Return the bound at which cells (row, column, bytes) are refused, or nothing."""
    try:
        for cell in cells:
            extent.take(*cell)
    except TooMuchError as problem:
        return problem.what
    return ""


def test_a_column_is_hidden_by_the_range_it_is_in() -> None:
    facts = SheetFacts(hidden_columns=[(1, 2), (5, 5)])
    assert [column for column in range(8) if facts.column_hidden(column)] == [1, 2, 5]


def test_each_bound_is_met_exactly() -> None:
    assert refused(Extent(SMALL), (0, 0, 1), (1, 0, 1), (2, 3, 1)) == ""
    assert refused(Extent(SMALL), (0, 0, 1), (1, 0, 1), (2, 0, 1), (3, 0, 1)) == "rows"
    assert refused(Extent(SMALL), (0, 11, 1)) == ""
    assert refused(Extent(SMALL), (0, 12, 1)) == "places"
    assert refused(Extent(SMALL), (0, 0, 5), (0, 1, 5)) == ""
    assert refused(Extent(SMALL), (0, 0, 5), (0, 1, 6)) == "text"
    wide = replace(SMALL, places=10**9)
    assert refused(Extent(wide), (0, MAX_COLUMNS - 1, 1)) == ""
    assert refused(Extent(wide), (0, MAX_COLUMNS, 1)) == "columns"
    assert refused(Extent(SMALL), (0, 0, 4 * MAX_CELL_LENGTH + 1)) == "cell"


@pytest.mark.parametrize("cell", [(-1, 0, 0), (0, -1, 0), (MAX_ROWS, 0, 0), (0, 16_384, 0)])
def test_a_place_no_sheet_has_is_damage(cell: tuple[int, int, int]) -> None:
    with pytest.raises(WorkbookContainerError) as found:
        Extent(SMALL).take(*cell)
    assert not isinstance(found.value, TooMuchError)


def test_places_of_sheets_read_together_count_together() -> None:
    extent = Extent(replace(SMALL, rows=9, text=99))
    extent.take(1, 2, 1)
    extent.next_sheet()
    assert refused(extent, (1, 2, 1)) == ""
    extent.next_sheet()
    assert refused(extent, (0, 0, 1)) == "places"


def counted(extent: Extent) -> dict[str, object]:
    """Return what an extent has counted, the bytes of its texts too."""
    found = dict(vars(extent))
    return {**found, "_texts": vars(found["_texts"])}


def test_the_texts_of_sheets_that_are_looked_through_one_by_one_count_together() -> None:
    texts = TextCount(SMALL)
    assert refused(Extent(SMALL, texts), (0, 0, 5)) == ""
    assert refused(Extent(SMALL, texts), (0, 0, 5)) == ""
    assert refused(Extent(SMALL, texts), (0, 0, 1)) == "text"
    # What is counted of one file has nothing to do with another.
    assert refused(Extent(SMALL), (0, 0, 5)) == ""


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=8))
def test_a_row_at_once_counts_as_its_cells_do(cells: list[tuple[int, int]]) -> None:
    """The order within a row does not matter; a row that comes back later counts again."""
    limits = Limits(unpacked=0, elements=0, places=25, text=99, rows=99)
    one, other = Extent(limits), Extent(limits)
    for row, column in cells:
        one.take(row, 0, 1)
        one.take(row, column, 1)
        other.take_row(row, 0, column, 2)
    assert counted(one) == counted(other)
