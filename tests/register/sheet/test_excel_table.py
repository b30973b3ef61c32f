"""A register in a workbook: which sheet it is on, and what is wrong with the file."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from engine.register.profile import built_in
from engine.register.sheet.excel_table import read_workbook
from engine.register.sheet.grid import TableError
from engine.register.sheet.limits import MAX_SHEETS

PEOPLE = built_in("people")
GOOD = [["人员编号", "姓名"], ["p1", "甲"], [], ["p2", "乙"]]


def saved(sheets: dict[str, list[list[str]]], hidden: str = "") -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name == hidden else "visible"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def faults(data: bytes, sheet: str | None = None) -> list[str]:
    with pytest.raises(TableError) as caught:
        list(read_workbook(data, PEOPLE, sheet).rows)
    return [str(problem) for problem in caught.value.problems]


def test_the_only_sheet_is_read_with_the_numbers_of_excel() -> None:
    table = read_workbook(saved({"名册": GOOD}), PEOPLE)
    assert (table.header.row, table.header.columns, table.notes) == (1, ("id", "name"), ())
    assert table.ragged_is_wrong is False
    assert list(table.rows) == [(2, ["p1", "甲"]), (4, ["p2", "乙"])]


def test_the_visible_sheet_with_the_header_is_read_and_named() -> None:
    data = saved({"说明": [["填表说明"]], "名册": GOOD, "旧": GOOD}, hidden="旧")
    table = read_workbook(data, PEOPLE)
    assert [str(note) for note in table.notes] == ["读取工作表“名册”", "隐藏的工作表没有读：旧"]
    assert [str(note) for note in read_workbook(data, PEOPLE, "旧").notes] == [
        "读取工作表“旧”",
        "工作表“旧”是隐藏的",
    ]


def test_two_sheets_that_fit_and_names_that_do_not() -> None:
    data = saved({"甲": GOOD, "乙": GOOD, "丙": GOOD}, hidden="丙")
    assert faults(data) == ["2 个工作表都像工作人员：甲、乙 （提示：请指明一个工作表，或分成几个文件）"]
    assert faults(data, "丁") == ["没有名为“丁”的工作表 （提示：现有：甲、乙）"]


def test_what_is_wrong_is_said_of_every_sheet() -> None:
    found = faults(saved({"甲": [["说明"]], "乙": [["人员编号"]]}))
    assert found[0].startswith("工作表“甲”：前 1 行中没有工作人员的表头")
    assert found[1].startswith("第 1 行：工作表“乙”：缺少“姓名”列；表头有：人员编号")


def test_a_file_that_is_no_workbook_or_a_damaged_one() -> None:
    sentence = "文件不是完好的 Excel 工作簿（.xlsx）"
    data = saved({"名册": GOOD})
    assert faults(b"PK\x03\x04")[0].startswith(sentence)
    assert faults(data[: len(data) // 2])[0].startswith(sentence)
    # The first rows can be read; the damage comes later.
    many = saved({"名册": [GOOD[0], *([f"p{number}", "甲"] for number in range(9))]})
    place = many.index(b"xl/worksheets/sheet1.xml") + 60
    assert faults(many[:place] + b"\xff" * 40 + many[place + 40 :])[0].startswith(sentence)


def test_a_workbook_of_very_many_sheets_is_refused_before_they_are_looked_at() -> None:
    many = saved({f"s{number}": GOOD for number in range(MAX_SHEETS + 1)})
    with pytest.raises(TableError) as refused:
        read_workbook(many, PEOPLE)
    assert (
        str(refused.value.problems[0].message) == f"工作簿有 {MAX_SHEETS + 1} 个工作表，最多 {MAX_SHEETS} 个"
    )
