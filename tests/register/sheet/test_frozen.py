"""Panes frozen after scrolling: what comes before them cannot be seen."""

from __future__ import annotations

import struct

import pytest
from book_files import record, rows_of_texts, shared_cell, xls, xlsx

from engine.register.sheet.book.workbook import open_book
from engine.register.sheet.frozen import FrozenPanes

ROWS = rows_of_texts([["甲", "乙", "丙", "丁"]] * 6)


def view(place: str, pane: str) -> bytes:
    """Return a workbook whose window begins at a place."""
    views = f'<sheetViews><sheetView workbookViewId="0"{place}>{pane}</sheetView></sheetViews>'
    return xlsx(f"{views}<sheetData>{ROWS}</sheetData>", data=False)


@pytest.mark.parametrize(
    ("place", "pane", "rows", "columns"),
    [
        (' topLeftCell="B3"', '<pane xSplit="2" ySplit="1" topLeftCell="D4" state="frozen"/>', [0, 1], [(0, 0)]),
        (' topLeftCell="A4"', '<pane ySplit="1" topLeftCell="A6" state="frozenSplit"/>', [0, 1, 2], []),
        (' topLeftCell="A4"', '<pane xSplit="1" state="frozen"/>', [], []),
        (' topLeftCell="D5"', "", [], []),
        (' topLeftCell="D5"', '<pane xSplit="900" ySplit="900" state="split"/>', [], []),
        ("", '<pane xSplit="1" ySplit="1" topLeftCell="C5" state="frozen"/>', [], []),
        (' topLeftCell="?"', '<pane ySplit="x" state="frozen"/>', [], []),
    ],
)  # fmt: skip
def test_what_a_window_of_a_workbook_never_shows(
    place: str, pane: str, rows: list[int], columns: list[tuple[int, int]]
) -> None:
    book = open_book(view(place, pane))
    facts = book.facts(book.sheets[0])
    assert (facts.hidden_rows, facts.hidden_columns) == (rows, columns)


def test_the_older_workbook_has_the_same_window() -> None:
    cells = b"".join(shared_cell(row, column, 0) for row in range(4) for column in range(3))
    for flags, rows, columns in ((0x8, [0, 1], [(0, 0)]), (0, [], [])):
        window = record(0x23E, struct.pack("<3H", flags, 2, 1) + bytes(12))
        pane = record(0x41, struct.pack("<4HB", 1, 1, 3, 2, 0) + bytes(1))
        book = open_book(xls({"一": cells + window + pane}, ["甲"]))
        facts = book.facts(book.sheets[0])
        assert (facts.hidden_rows, facts.hidden_columns) == (rows, columns)


def test_more_is_frozen_than_a_window_shows() -> None:
    panes = FrozenPanes(rows=400, columns=3)
    assert [list(one)[:2] for one in panes.hidden_rows()] == [[100, 101]]
    assert panes.hidden_columns() == []
