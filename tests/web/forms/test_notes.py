"""Notes of a form and of the forms of items are closed where their condition does not hold by what is typed."""

from __future__ import annotations

from engine.definition.library import load_files
from engine.web.forms.notes import closed_notes, has_conditional_notes

FORM = """
form: probe
title: 探针表
fields:
  - always: {title: 总有, type: note}
  - has: {title: 有无, type: boolean, optional: true}
  - remind: {title: 须知, type: note, when: form.has}
  - late: {title: 逾期须知, type: note, when: case_late}
"""


def test_a_note_is_closed_until_its_condition_holds() -> None:
    form = load_files({"probe.yaml": FORM.lstrip()}, partial=True).forms["probe"]
    item = load_files({"it.yaml": FORM.lstrip().replace("probe", "it", 1)}, partial=True).forms["it"]
    assert has_conditional_notes([form])
    scope = {"case_late": True}
    assert closed_notes(form, (item,), {}, scope) == {"remind", "items.it.remind"}
    given = {"has": "true", "items": {"it": {"has": "false"}}}
    assert closed_notes(form, (item,), given, {"case_late": False}) == {
        *("late", "items.it.late", "items.it.remind")
    }


def test_a_form_without_conditions_has_none() -> None:
    form = load_files(
        {"probe.yaml": "form: probe\ntitle: 表\nfields:\n  - a: {title: 说明, type: note}\n"}
    ).forms["probe"]
    assert not has_conditional_notes([form])
    assert closed_notes(form, (), {}, {}) == frozenset()
