"""The escape of the standard is undone by one rule, wherever a workbook holds text."""

from __future__ import annotations

import pytest
from book_files import read, text_cell, xlsx
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.register.sheet.book.escapes import holds_escape, spelled_out, unescaped
from engine.register.sheet.book.workbook import open_book

SHOWN = [
    ("甲_x000D_乙", "甲\r乙"),
    ("_x4E00_号", "一号"),
    ("_x4e00_", "一"),
    ("_x005F_x4E00_", "_x4E00_"),
    ("_x005f_x000D_", "_x000D_"),
    ("_x005F_x005F_x000D_", "_x005F\r"),
    ("_xD83D__xDE00_", "😀"),
    ("_x4E00__x4E8C_", "一二"),
    # Half a character, no character, not four digits, a capital X.
    ("_xD83D_", "_xD83D_"),
    ("_xDE00__xD83D_", "_xDE00__xD83D_"),
    ("_xFFFE_", "_xFFFE_"),
    ("_xZZZZ_ _x41_ _X0041_", "_xZZZZ_ _x41_ _X0041_"),
]


def everywhere(text: str) -> list[str]:
    """Return what is read where `text` stands: a cell, a shared text, the result of a formula, the name of a sheet."""
    rows = f'<row r="1"><c t="s"><v>0</v></c>{text_cell(text)}<c t="str"><f>A1</f><v>{text}</v></c><c><v>1</v></c></row>'
    data = xlsx(rows, strings=f"<si><t xml:space='preserve'>{text}</t></si>", name=text)
    ((_, cells),) = read(data)
    return [*cells[:3], open_book(data).sheets[0].name]


@pytest.mark.parametrize(("text", "shown"), SHOWN)
def test_an_escape_is_undone_once_everywhere(text: str, shown: str) -> None:
    assert unescaped(text) == shown
    assert everywhere(text) == [shown] * 4


@settings(max_examples=25)
@given(
    st.lists(
        st.sampled_from(
            ["_x", "_x005F_", "_x005f", "4E00_", "_", "x000A_", "D83D_", "_xDE00_", "甲", "7", "_xFFFF_"]
        ),
        max_size=6,
    )
)
def test_all_places_have_one_rule(pieces: list[str]) -> None:
    text = "甲" + "".join(pieces) + "乙"
    assert everywhere(text) == [unescaped(text)] * 4


def test_the_reader_of_values_is_left_what_it_undoes() -> None:
    assert spelled_out(b"_x4E00__x000D__x005F_x4E00_") == "一_x000D__x005F_x4E00_".encode()
    assert holds_escape("a_x0041_")
    assert not holds_escape("a_xy")


def test_a_sheet_in_several_blocks() -> None:
    rows = "".join(f"<row>{text_cell(f'{number}_x4E00_')}</row>" for number in range(31_000))
    assert read(xlsx(rows))[-1] == (31_000, ["30999一"])
