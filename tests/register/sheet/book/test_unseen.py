"""Formats and sizes that keep a cell from being shown."""

from __future__ import annotations

import pytest

from engine.register.sheet.book.unseen import (
    CHARACTER,
    UnseenStyles,
    format_hides,
    is_no_size,
    is_too_low,
    is_too_narrow,
)


@pytest.mark.parametrize(
    ("code", "numbers", "texts"),
    [
        (";;;", True, True),
        ('[White]"";"";"";""', True, True),
        (";;", True, False),
        (";;;@", True, False),
        ("0;-0;0;", False, True),
        ('0;-0;0;"略"', False, True),
        # Zeros left out, ordinary formats, dates.
        ("General", False, False),
        ("0;;", False, False),
        ("0.00_);[Red](0.00)", False, False),
        ('_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', False, False),
        ('yyyy"年"m"月";@', False, False),
        ("General;;;@", False, False),
        ("", False, False),
    ],
)
def test_a_format_hides_what_it_shows_nothing_of(code: str, numbers: bool, texts: bool) -> None:
    assert format_hides(code) == (numbers, texts)


@pytest.mark.parametrize("size", ["0", "1", "0pt", "1PT", "0.5pt", "0.3mm", "0%", " 0em "])
def test_letters_nobody_can_read(size: str) -> None:
    assert is_no_size(size)


@pytest.mark.parametrize("size", ["1.5", "2", "6pt", "1mm", "50%", "", "x", "1" * 5000])
def test_letters_that_are_small_and_there(size: str) -> None:
    assert not is_no_size(size)


@pytest.mark.parametrize("size", ["0", "0.00000000000", "0E0", "-1", "0.75", "3.9", "1mm", ".5", "1."])
def test_rows_too_low_to_be_read(size: str) -> None:
    assert is_too_low(size)


@pytest.mark.parametrize("size", ["4", "12.75", "5mm", "", "auto", "NaN"])
def test_rows_that_can_be_read(size: str) -> None:
    assert not is_too_low(size)


def test_columns_too_narrow_to_be_read() -> None:
    assert is_too_narrow("0.5", CHARACTER)
    assert not is_too_narrow("0.6", CHARACTER)
    assert is_too_narrow("1mm", CHARACTER)
    assert not is_too_narrow("2mm")


def test_styles_that_hide_nothing_are_not_asked_about() -> None:
    assert UnseenStyles().if_any() is None
    for some in (UnseenStyles(numbers={"1"}), UnseenStyles(texts={"1"}), UnseenStyles(shared={1})):
        assert some.if_any() is some
