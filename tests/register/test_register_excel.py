"""Reading workbooks: sheets, headers over two rows, dates, numbers, formulas, damage."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook as Writer

from engine.register.import_result import ImportResult, read_register
from engine.register.sheet.book.container import TooMuchError
from engine.register.sheet.book.workbook import open_book, rows_of
from tests.examples import examples

CODE = "1" + "0" * 16 + "Y"
HEAD = ["统一社会信用代码", "企业名称", "成立日期", "职工人数"]


def save(tmp_path: Path, sheets: Mapping[str, Any], merged: Sequence[str] = ()) -> Path:
    book = Writer()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
    path = tmp_path / "register.xlsx"
    book.save(path)
    book.close()
    return path


def read(path: Path, sheet: str | None = None) -> ImportResult:
    return read_register("objects", path, sheet=sheet)


def faults(reading: ImportResult) -> str:
    return "\n".join(map(str, reading.faults))


def test_dates_and_numbers(tmp_path: Path) -> None:
    row = [CODE, "示例甲公司", datetime(2024, 4, 20), 35.0]  # noqa: DTZ001 - a cell has no time zone
    reading = read(save(tmp_path, {"名录": [HEAD, row]}))
    assert reading.ok
    assert reading.importable()[0].data == {
        "registered_on": "2024-04-20",
        "employees": 35,
        "status": "active",
    }


def test_a_serial_number_is_a_date_only_in_a_date_cell(tmp_path: Path) -> None:
    reading = read(save(tmp_path, {"名录": [HEAD, [CODE, "示例甲公司", 45402, 35]]}))
    (problem,) = reading.problems
    assert (problem.row, problem.column, problem.seen) == (2, "成立日期", "45402")
    assert "日期序号" in str(problem)


def test_a_code_that_lost_its_digits(tmp_path: Path) -> None:
    reading = read(save(tmp_path, {"名录": [HEAD, [911301001044098800, "示例甲公司", None, None]]}))
    (problem,) = reading.problems
    assert problem.seen == "9.11301E+17"
    assert "末几位已经丢失" in str(problem)


def test_formulas_are_refused(tmp_path: Path) -> None:
    reading = read(save(tmp_path, {"名录": [HEAD, [CODE, '="示例"&"甲公司"', None, "=1+1"]]}))
    assert [(problem.row, problem.column) for problem in reading.problems] == [
        (2, "企业名称"),
        (2, "职工人数"),
    ]
    assert all("不接受公式" in str(problem) for problem in reading.problems)


def test_errors_of_excel_are_refused(tmp_path: Path) -> None:
    reading = read(save(tmp_path, {"名录": [HEAD, [CODE, "#REF!", None, None]]}))
    assert "计算错误" in str(reading.problems[0])


def test_merged_header_over_two_rows(tmp_path: Path) -> None:
    rows = [
        ["检查对象名录", None, None, None, None, None],
        ["统一社会信用代码", "企业名称", "信用风险等级", None, "联系方式", None],
        [None, None, "等级", "评定日期", "联系人", "联系电话"],
        [CODE, "示例甲公司", "B级", "2024年1月5日", "联络员01", 13800000000],
    ]
    reading = read(save(tmp_path, {"名录": rows}, ["A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:F2"]))
    assert reading.ok, [*map(str, reading.faults), *map(str, reading.problems)]
    data = reading.importable()[0].data
    assert data["ratings"] == [
        {"scheme": "credit", "class": "B", "date": "2024-01-05", "source": "register.xlsx"}
    ]
    assert (data["contact"], data["phone"]) == ("联络员01", "13800000000")


def test_the_sheet_with_the_header_is_read(tmp_path: Path) -> None:
    sheets = {"说明": [["请填写第二页"]], "名录": [HEAD, [CODE, "示例甲公司", None, None]]}
    reading = read(save(tmp_path, sheets))
    assert reading.ok
    assert "名录" in str(reading.notes[0])


def test_two_sheets_that_fit_must_be_told_apart(tmp_path: Path) -> None:
    rows = [HEAD, [CODE, "示例甲公司", None, None]]
    path = save(tmp_path, {"一季度": rows, "二季度": rows})
    assert "2 个工作表都像检查对象名录库：一季度、二季度" in faults(read(path))
    assert read(path, "二季度").ok
    assert "没有名为“三季度”的工作表" in faults(read(path, "三季度"))


def test_hidden_sheets_are_passed_over(tmp_path: Path) -> None:
    book = Writer()
    for name in ("去年", "名录"):
        sheet = book.create_sheet(name)
        sheet.append(HEAD)
        sheet.append([CODE, name, None, None])
    book["去年"].sheet_state = "hidden"
    book.save(tmp_path / "register.xlsx")
    assert [entry.name for entry in read(tmp_path / "register.xlsx").importable()] == ["名录"]


def test_row_numbers_are_those_of_excel(tmp_path: Path) -> None:
    book = Writer()
    sheet = book.active
    for place, title in enumerate(HEAD, 1):
        sheet.cell(3, place, title)
    sheet.cell(9, 1, "坏")
    sheet.cell(9, 2, "示例甲公司")
    book.save(tmp_path / "register.xlsx")
    assert [problem.row for problem in read(tmp_path / "register.xlsx").problems] == [9]


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK"])
def test_what_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "register.xlsx"
    path.write_bytes(content)
    assert "另存为" in faults(read(path))


def test_every_cut_of_a_workbook_is_a_sentence(tmp_path: Path) -> None:
    path = save(tmp_path, {"名录": [HEAD, [CODE, "示例甲公司", None, None]]})
    whole = path.read_bytes()
    for end in range(2, len(whole), 97):
        path.write_bytes(whole[:end])
        assert "完好" in faults(read(path))


def test_other_zips_and_entities_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "bb">]><workbook>&b;</workbook>')
    assert "完好" in faults(read(path))


def test_shared_strings_rich_text_and_readings(tmp_path: Path) -> None:
    # Written as Excel writes it; openpyxl writes texts into the cells instead.
    parts = {
        "_rels/.rels": '<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<x:workbook xmlns:x="x" xmlns:r="r"><x:sheets><x:sheet name="名录" sheetId="1" r:id="r1"/></x:sheets></x:workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="/xl/s.xml"/>'
        '<Relationship Id="r2" Type="x/sharedStrings" Target="t.xml"/><Relationship Id="r3" Type="x/styles" Target="st.xml"/></Relationships>',
        "xl/t.xml": "<sst><si><t>甲</t></si><si><r><t>乙</t></r> <r><t>丙</t></r><rPh><t>yi</t></rPh></si></sst>",
        "xl/st.xml": '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/>'
        '<numFmt numFmtId="171" formatCode="0.00&quot;days&quot;;[Red]0"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="31"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>',
        "xl/s.xml": '<x:worksheet xmlns:x="x"><x:sheetData><x:row r="2"><x:c r="B2" t="s"><x:v>1</x:v></x:c><x:c t="s"><x:v>0</x:v></x:c>'
        '<x:c r="E2" s="1"><x:v>45402</x:v></x:c><x:c r="F2" s="2"><x:v>45402.5</x:v></x:c><x:c r="G2" s="3"><x:v>45402</x:v></x:c>'
        '<x:c r="H2"><x:f>A1</x:f><x:v>3</x:v></x:c><x:c r="I2" t="b"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>',
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    assert rows_in(data.getvalue()) == [
        (2, ["", "乙丙", "甲", "", "2024-04-20", "2024-04-20 12:00:00", "45402.00days", "3", "TRUE"])
    ]


def rows_in(data: bytes) -> list[tuple[int, list[str]]]:
    book = open_book(data)
    return list(rows_of(book, book.sheets[0], book.facts(book.sheets[0])))


def test_a_bomb_is_not_unpacked() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 40_000_000)
    with pytest.raises(TooMuchError):
        open_book(data.getvalue())


@settings(max_examples=examples(25, 300), deadline=None)
@given(st.data())
def test_no_damage_inside_a_workbook_is_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp()
    path = save(folder, {"名录": [HEAD, [CODE, "示例甲公司", date(2024, 1, 1), 3]]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(
        st.sampled_from([name for name in parts if name.startswith("xl/") and "theme" not in name])
    )
    place = data.draw(st.integers(0, len(parts[name]) - 1))
    parts[name] = parts[name][:place] + data.draw(st.binary(max_size=3)) + parts[name][place + 1 :]
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    reading = read(path)
    assert all(str(problem) for problem in (*reading.faults, *reading.problems))


CELLS = st.one_of(
    st.none(),
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=8
    ).filter(lambda text: not text.startswith("=") and text.strip() == text),
    st.integers(-(10**14), 10**14),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2100, 1, 1)),
)


@settings(max_examples=examples(20, 300), deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=6))
def test_what_another_program_writes_is_what_is_read(rows: list[list[Any]]) -> None:
    book = Writer()
    for row in rows:
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    got = dict(rows_in(data.getvalue()))
    for number, row in enumerate(rows, 1):
        cells = got.get(number, [])
        for place, value in enumerate(row):
            seen = cells[place] if place < len(cells) else ""
            assert seen == shown(value)


def shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value.isoformat() if isinstance(value, date) else str(value)
