"""How numbers and columns of a worksheet are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from engine.register.sheet.book.container import WorkbookContainerError
from engine.register.sheet.book.xlsx_sheet import column_of, integer, number_text


@given(st.integers(1, 16_384))
def test_letters_name_the_column_that_another_program_gives_them(number: int) -> None:
    assert column_of(get_column_letter(number)) == number - 1


@given(st.integers(0, 10**9 - 1))
def test_a_whole_number_is_what_its_digits_say(number: int) -> None:
    assert integer(str(number)) == number


@pytest.mark.parametrize("text", ["", "-1", "1.5", "x", "１２", "9" * 5000])
def test_what_is_no_whole_number_damages_the_sheet(text: str) -> None:
    with pytest.raises(WorkbookContainerError):
        integer(text)


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_numbers_of_fifteen_digits_are_written_with_all_of_them(number: int) -> None:
    assert number_text(number) == str(number)
