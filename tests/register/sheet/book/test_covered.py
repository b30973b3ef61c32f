"""What is below a merged cell and holds something."""

from __future__ import annotations

import struct

import pytest
from book_files import record, shared_cell, xls

from engine.register.sheet.book.container import TooMuchError
from engine.register.sheet.book.covered import MOST, Merges, covered_columns, range_of
from engine.register.sheet.book.workbook import open_book
from engine.register.sheet.book.xml_pass import ElementCount
from engine.register.sheet.limits import MAX_COLUMNS, MAX_ROWS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A2:B5", (1, 4, 0, 1)),
        ("$b$5:$A$2", (1, 4, 0, 1)),
        ("C7", (6, 6, 2, 2)),
        ("A:A", None),
        ("", None),
        ("A1:B99999999", None),
        ("一1:B2", None),
    ],
)
def test_a_range(text: str, found: tuple[int, int, int, int] | None) -> None:
    assert range_of(text) == found


def test_which_places_are_covered() -> None:
    merges = Merges()
    assert not merges
    merges.take(1, 3, 0, 1)
    merges.take(5, 5, 2, 2)
    merges.take(7, MAX_ROWS, 0, 0)
    merges.take(6, MAX_ROWS - 1, 1, 1)
    assert [(r, c) for r in range(9) for c in range(4) if merges.cover(r, c)] == [
        *((1, 1), (2, 0), (2, 1), (3, 0), (3, 1), (7, 1), (8, 1)),
    ]


def test_there_are_bounds() -> None:
    merges = Merges()
    for row in range(MOST // (MAX_COLUMNS + 1)):
        merges.take(row % 9, MAX_ROWS - 1, 0, 16_383)
    with pytest.raises(TooMuchError):
        merges.take(1, MAX_ROWS - 1, 0, 16_383)


def test_a_worksheet() -> None:
    merges = Merges()
    merges.take(1, 2, 0, 0)
    merges.take(1, 2, 3, 3)
    sheet = (
        '<worksheet><sheetData><row r="2"><c r="A2"><v>1</v></c><c r="D2" t="inlineStr"><is><t>a</t></is></c></row>'
        '<row r="3"><c r="A3"><v>2</v></c><c r="B3"><v>5</v></c><c r="D3"><v> </v></c></row></sheetData></worksheet>'
    )
    assert covered_columns([sheet.encode()], merges, ElementCount(100)) == {0}
    unnumbered = "<x><row><c><v>1</v></c></row><row><c><v>1</v></c></row><row><c><v>2</v></c></row></x>"
    assert covered_columns([unnumbered.encode()], merges, ElementCount(100)) == {0}


def test_an_old_workbook() -> None:
    body = shared_cell(1, 0, 0) + shared_cell(2, 0, 1) + shared_cell(2, 1, 1)
    merged = record(0xE5, struct.pack("<5H", 1, 1, 2, 0, 0))
    data = xls({"名册": body + merged}, ["甲", "乙"])
    book = open_book(data)
    (sheet,) = book.sheets
    assert book.facts(sheet).unseen_columns == {0}
