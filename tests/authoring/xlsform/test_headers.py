"""Columns under their usual names, and labels of one language."""

from __future__ import annotations

from xlsform_books import workbook

from engine.authoring.xlsform.headers import Labels, known_header, unread, with_usual_headers
from engine.authoring.xlsform.sheets import read_sheets


def test_other_spellings() -> None:
    assert known_header("relevance", "survey") == "relevant"
    assert known_header("bind:relevant", "survey") == "relevant"
    assert known_header("caption:english", "survey") == "label::english"
    assert known_header("value", "choices") == "name"
    assert known_header("title", "settings") == "form_title"


def test_labels_come_in_the_language_chosen_else_without_one() -> None:
    data = workbook(
        survey=[["type", "label", "label::中文", "hint::English"], ["text", "a", "甲", "h"], ["text", "b"]]
    )
    sheet = with_usual_headers(read_sheets(data, [])["survey"], "survey")
    labels = Labels([sheet], None)
    assert labels.text(sheet.rows[0], "label") == ("甲", "label::中文")
    assert labels.text(sheet.rows[1], "label") == ("b", "label")
    assert labels.text(sheet.rows[0], "hint") == ("h", "hint::english")
    assert [one.rule for one in unread(sheet, "survey", labels)] == ["other-language"]
    assert Labels([sheet], "fr").unknown
