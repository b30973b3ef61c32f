"""Lists of choices."""

from __future__ import annotations

from xlsform_books import CHOICES, workbook

from engine.authoring.xlsform.choice_lists import read_choices
from engine.authoring.xlsform.headers import Labels
from engine.authoring.xlsform.sheets import read_sheets


def test_lists_keep_their_order_and_rows() -> None:
    sheet = read_sheets(workbook(survey=[["type"]], choices=CHOICES), [])["choices"]
    found = read_choices(sheet, Labels([], None), [])
    assert found["town"].texts == {"a": "甲镇", "b": "乙镇", "c": "丙镇"}
    assert found["town"].rows["b"].get("area") == "south"
    assert read_choices(None, Labels([], None), []) == {}
