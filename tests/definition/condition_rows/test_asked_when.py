"""The condition under which a question is asked, in words."""

from __future__ import annotations

from engine.definition.condition_rows.asked_when import asked_when
from engine.definition.library import load_files, load_paths
from engine.definition.resources import forms_dir, workflows_dir

FORMS = load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")]).forms


def said(form: str, field: str) -> str:
    shown = FORMS[form]
    asked = next(one for one in shown.fields if one.name == field)
    return asked_when(shown, asked, FORMS.values())


def test_questions_are_called_by_their_titles_and_codes_by_their_texts() -> None:
    assert said("paper_service", "consent") == "“送达方式” 是 电子送达"
    assert said("library_report", "claimed_items") == "“哪一库” 是 抽查事项清单"
    assert said("follow_up_result", "sanction_basis") == "“联合惩戒”不含不实施"
    assert said("result_entry", "problem_list").startswith("“检查结果”至少有其中一项：发现问题待后续处理、")


def test_what_is_always_asked_has_no_condition() -> None:
    assert said("paper_service", "delivered_by") == ""


def test_no_condition_of_a_shipped_form_shows_a_name_of_the_language() -> None:
    words = [
        asked_when(form, asked, FORMS.values())
        for form in FORMS.values()
        for field in form.fields
        for asked in (field, *field.columns)
        if asked.relevant
    ]
    assert len(words) > 30
    assert [
        text for text in words if "form." in text or "forms." in text or "it." in text or "_" in text
    ] == []


def test_a_column_is_asked_by_the_titles_of_its_row() -> None:
    text = """form: f
title: 表
fields:
  - kind: {title: 种类}
  - list:
      title: 清单
      columns:
        - what: {title: 事实}
        - why: {title: 原因, when: "it.what == '欠薪' and form.kind == '甲'"}
"""
    form = load_files({"f.yaml": text}).forms["f"]
    why = form.fields[1].columns[1]
    assert asked_when(form, why) == "“事实” 是 欠薪，并且“种类” 是 甲"
