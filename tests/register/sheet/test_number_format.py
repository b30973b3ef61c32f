"""What a cell shows by its number format."""

from __future__ import annotations

import pytest

from engine.register.sheet.number_format import ShownCells, ShownColumn, number_format, shows_date


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "G/通用格式",
        "0",
        "#",
        "0.00",
        "#,##0.00",
        "¥#,##0.00",
        "[$¥-804]#,##0",
        "0.00_);[Red](0.00)",
        '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
        "@",
        "0;;;@",
        ";;;",
        "0.00E+00",
        "# ?/?",
        "yyyy-mm-dd",
        'yyyy"年"m"月"',
        "0" * 300,
        "",
    ],
)
def test_a_format_that_shows_what_a_cell_holds_is_none_of_those(code: str) -> None:
    assert number_format(code) is None


@pytest.mark.parametrize(
    ("code", "held", "shown"),
    [
        ("000000", "123", "000123"),
        ("000000", "1234567", "1234567"),
        ("000000", "-5", "-000005"),
        ('"示例"0"号"', "7", "示例7号"),
        ("京0000", "7", "京0007"),
        ("\\A000", "7", "A007"),
        ("000-0000", "102345", "010-2345"),
        ("000-0000", "12345678901", "01234567-8901"[1:]),
        ('0000"-"00"-"00', "20240305", "2024-03-05"),
        ("0%", "0.5", "50%"),
        ("0.0%", "0.0555", "5.6%"),
        ("0,", "12000", "12"),
        ("#,##0,", "12345678", "12,346"),
        ("00.0", "1.55", "01.6"),
        ("00.0#", "1.5", "01.5"),
        ('0.00"元"', "1234.5", "1234.50元"),
        ('"是";;"否"', "1", "是"),
        ('"是";;"否"', "0", "否"),
        ('[>=1000]"大"0;"小"0', "1000", "大1000"),
        ('[>=1000]"大"0;"小"0', "999", "小999"),
        ('0;"亏"0', "-3", "亏3"),
        ('0;"亏"0', "3", "3"),
        ('General"号"', "12.7", "12.7号"),
        ('"示例"@', "7", "示例7"),
    ],
)
def test_how_a_number_is_shown(code: str, held: str, shown: str) -> None:
    found = number_format(code)
    assert found is not None
    assert found.known
    assert found.number(held) == shown


@pytest.mark.parametrize("held", ["9.11301E+17", "inf", "nan", "x", ""])
def test_a_number_that_lost_digits_is_shown_as_nothing_else(held: str) -> None:
    found = number_format("000000")
    assert found is not None
    assert found.number(held) is None


def test_numbers_in_chinese_are_not_understood() -> None:
    found = number_format("[DBNum1]0")
    assert found is not None
    assert (found.known, found.number("123")) == (False, None)


def test_how_a_text_is_shown() -> None:
    found = number_format('"示例"@"公司"')
    assert found is not None
    assert found.text("甲") == "示例甲公司"
    plain = number_format("000")
    assert plain is not None
    assert plain.text("甲") == "甲"


def test_long_formats_and_long_numbers_end() -> None:
    found = number_format("0." + "0" * 39 + '"x"')
    assert found is not None
    assert found.number("123456789012345") is None


def test_dates() -> None:
    assert [shows_date(code) for code in ("yyyy", '0"day"', "[h]:mm", "0;yyyy")] == [True, False, True, False]


def test_runs_of_a_column() -> None:
    column = ShownColumn()
    assert [column.take(row, number) for row, number in ((5, 0), (6, 0), (8, 0), (9, 1), (2, 0))] == [
        True,
        False,
        True,
        True,
        True,
    ]
    assert [column.at(row) for row in range(1, 11)] == [None, 0, None, None, 0, 0, None, 0, 1, None]


def test_the_cells_of_a_sheet() -> None:
    formats = [found for code in ("000", "[DBNum1]0") if (found := number_format(code)) is not None]
    cells = ShownCells(formats)
    for row, number in ((1, 1), (2, 0), (3, 0)):
        cells.take(row, 4, number)
    assert (cells.count, cells.first, cells.unknown, cells.first_unknown) == (2, (2, 0), 1, (1, 1))
    assert [cells.text(row, 4, 7.0, "7") for row in (1, 2, 9)] == ["7", "007", "7"]
    assert cells.text(2, 4, "七", "七") == "七"
