"""Every shipped form has a sheet, blank and filled, in the formats of papers."""

from __future__ import annotations

from document_factories import definitions

from engine.documents.form_sheet import FilledSheet, blank_sheet, filled_sheet
from engine.documents.paper.html_reading import read_paper
from engine.lifecycle.forms.in_words import AnsweredForm, AnswerLine


def test_every_form_has_a_blank_sheet_that_can_be_a_paper() -> None:
    forms = {form.id: form for workflow in definitions()[0].values() for form in workflow.forms.values()}
    assert len(forms) > 40
    for form in forms.values():
        text = blank_sheet(form, "示例局").decode()
        assert form.title in text
        assert all(row.title in text for row in form.rows)
        assert read_paper(text).blocks


def test_a_filled_sheet_says_what_changed() -> None:
    lines = (AnswerLine("结果", "<甲>"), AnswerLine("人数", "3人", True, "2人"))
    form = AnsweredForm("entry", "结果录入", lines, "insp-1", "2026-03-02", 2)
    text = filled_sheet(FilledSheet("inspection-1", "检查甲", [form]), "示例局").decode()
    assert "&lt;甲&gt;" in text
    assert "（原为：2人）" in text
    assert "内部编号 inspection-1" in text
    assert read_paper(text).blocks
