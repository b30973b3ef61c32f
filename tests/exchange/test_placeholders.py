"""The superior's own workbook: names replaced, unknown ones listed, nothing written by half."""

from __future__ import annotations

import io
import zipfile
from fractions import Fraction

import openpyxl
import pytest

from engine.exchange.placeholders import fill_workbook
from engine.exchange.table_file import ExchangeFileError

VALUES: dict[str, str | int | Fraction] = {"coverage": "5.00%", "coverage.part": 30, "bureau": "=示例局"}


def book(*cells: object) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for place, cell in enumerate(cells, 1):
        sheet.cell(place, 2).value = cell
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def cells(data: bytes) -> list[object]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return [cell.value for row in sheet.iter_rows(min_col=2, max_col=2) for cell in row]


def test_names_become_values_and_the_rest_stays() -> None:
    found = fill_workbook(
        book("占比", "{{coverage}}", "{{ coverage.part }}", "共 {{coverage.part}} 户", "{{bureau}}"), VALUES
    )
    assert found.content is not None
    assert cells(found.content) == ["占比", "5.00%", 30, "共 30 户", "=示例局"]
    assert (found.filled, found.unknown) == (4, ())


def test_refused_person_are_listed_with_their_cells_and_nothing_is_written() -> None:
    found = fill_workbook(book("{{coverag}}", "{{coverage}}", "{{甲}}"), VALUES)
    assert found.content is None
    assert [(one.cell, one.name) for one in found.unknown] == [("B1", "coverag"), ("B3", "甲")]
    assert "coverage" in str(found.unknown[0])


def test_a_workbook_without_names_is_not_written() -> None:
    assert fill_workbook(book("占比"), VALUES).content is None


@pytest.mark.parametrize("data", [b"", b"PK", b"a,b\n1,2", b"\xd0\xcf\x11\xe0" + b"0" * 600])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(ExchangeFileError):
        fill_workbook(data, VALUES)


def test_a_workbook_with_a_broken_part_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book("{{coverage}}"))) as whole, zipfile.ZipFile(made, "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, b"no xml" if name == "docProps/core.xml" else whole.read(name))
    with pytest.raises(ExchangeFileError):
        fill_workbook(made.getvalue(), {"coverage": 1})


def test_a_part_that_cannot_be_unpacked_is_refused() -> None:
    book = openpyxl.Workbook()
    out = io.BytesIO()
    book.save(out)
    made = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            if name == "docProps/app.xml":
                new.writestr(name, old.read(name), zipfile.ZIP_BZIP2)
            else:
                new.writestr(name, old.read(name))
    data = made.getvalue()
    with pytest.raises(ExchangeFileError):
        fill_workbook(data.replace(b"BZh9", b"BZhx"), {"coverage": "5%"})
