"""The condition under which a question is asked, in words."""

from __future__ import annotations

from engine.definition.condition_rows.asked_when import asked_when
from engine.definition.library import load_paths
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
        for asked in form.fields
        if asked.relevant
    ]
    assert len(words) > 30
    assert [text for text in words if "form." in text or "forms." in text or "_" in text] == []
