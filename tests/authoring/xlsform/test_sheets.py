"""The sheets of a workbook by header."""

from __future__ import annotations

import pytest
from xlsform_books import workbook

from engine.authoring.xlsform.cell_problem import CellProblem
from engine.authoring.xlsform.sheets import folded_header, letters, read_sheets


@pytest.mark.parametrize(("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_called_as_a_spreadsheet_does(place: int, name: str) -> None:
    assert letters(place) == name


def test_headers_are_compared_without_case_and_blanks() -> None:
    assert folded_header(" Label :: English (en) ") == "label::english_(en)"
    assert folded_header("List Name") == "list_name"


def test_rows_are_read_by_header_and_blank_ones_left_out() -> None:
    problems: list[CellProblem] = []
    data = workbook(Survey=[["type", "name", "type"], [None], ["text ", "x", "y"]], notes=[["a"]])
    sheet = read_sheets(data, problems)["survey"]
    (row,) = sheet.rows
    assert (row.number, row.get("type"), row.get("name"), row.get("nothing")) == (3, "text", "x", "")
    assert row.cell("name").column == "B"
    assert sorted(one.rule for one in problems) == ["duplicate-column", "sheet-ignored"]
