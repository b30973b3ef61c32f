"""A file is opened by its content, whatever its name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from engine.register.profile import built_in
from engine.register.sheet import open_table as module
from engine.register.sheet.grid import TableError
from engine.register.sheet.open_table import open_table

PEOPLE = built_in("people")
TEXT = "人员编号,姓名\np1,甲\n"


def fault(path: Path) -> str:
    with pytest.raises(TableError) as caught:
        open_table(path, PEOPLE)
    (problem,) = caught.value.problems
    return str(problem)


def test_a_text_table_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_text(TEXT, encoding="gb18030")
    assert list(open_table(path, PEOPLE).rows) == [(2, ["p1", "甲"])]
    english = tmp_path / "en.csv"
    english.write_text("id,name\np1,甲\n", encoding="gb18030")
    assert list(open_table(english, PEOPLE, encoding="gbk").rows) == [(2, ["p1", "甲"])]
    assert list(open_table(english, replace(PEOPLE, encoding="gbk")).rows) == [(2, ["p1", "甲"])]


def test_a_workbook_whatever_its_name_and_the_sheet_that_is_asked_for(tmp_path: Path) -> None:
    book = Workbook()
    for name in ("甲", "乙"):
        sheet = book.create_sheet(name)
        sheet.append(["人员编号", "姓名"])
        sheet.append(["p1", name])
    path = tmp_path / "名册.csv"
    with path.open("wb") as file:
        book.save(file)
    assert list(open_table(path, PEOPLE, sheet="乙").rows) == [(2, ["p1", "乙"])]
    assert list(open_table(path, replace(PEOPLE, sheet="甲")).rows) == [(2, ["p1", "甲"])]
    assert fault(path).startswith("2 个工作表都像工作人员：甲、乙")


def test_old_workbooks_missing_files_and_huge_ones_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(100))
    assert fault(path).startswith("文件不是完好的旧版 Excel 工作簿（.xls）")
    assert fault(tmp_path / "none.csv").startswith("none.csv：打不开文件：")
    monkeypatch.setattr(module, "MAX_BYTES", 103)
    assert fault(path) == "文件有 0 MB，超过 0 MB"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:html="http://www.w3.org/TR/REC-html40"><Table/>', "XML 表格"),
        ('<?xml version="1.0"?><ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><html/>'.encode("utf-16"), "XML 表格"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n<html><table>", "MHTML"),
        (b"From: <Saved by Blink>\r\nSubject: x\r\nMIME-version: 1.0\r\nContent-Type: multipart/related;\r\n", "MHTML"),
        (b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"><table/>', ".fods"),
        (b"%PDF-1.7\n", "PDF"),
        (b"MZ\0PK\x03\x04\x14\0PK\x05\x06\0", "文件开头多出 3 个字节"),
    ],
)  # fmt: skip
def test_what_looks_like_a_text_or_a_page_and_is_neither_is_named(
    tmp_path: Path, content: bytes, what: str
) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    assert what in fault(path)


def test_a_page_that_excel_saved_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    rows = "<tr><td>人员编号<td>姓名</tr><tr><td>p1<td>甲</tr>"
    path.write_text(
        f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><meta charset=utf-8><table>{rows}</table></html>'
    )
    assert list(open_table(path, PEOPLE).rows) == [(2, ["p1", "甲"])]


def test_what_has_no_size_is_read_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 2_000_000)
    assert fault(Path("/dev/zero")) == "文件超过 2 MB"
