"""What becomes of a case that is moved, in one sentence."""

from __future__ import annotations

from dataclasses import replace

from bureau_factories import Bureau

from engine.web.words.migration import changed_answers, migration_verdict


def test_a_case_that_goes_says_from_where_to_where_and_one_that_stays_says_why() -> None:
    goes = {"before": {"title": "待办"}, "after": {"title": "待审"}, "reasons": []}
    assert str(migration_verdict(goes)) == "环节：待办 → 待审"
    stays = {"before": {"title": "待办"}, "after": None, "reasons": [{"message": "没有这个环节"}]}
    assert str(migration_verdict(stays)) == "留在原版：没有这个环节"


def test_changed_answers_are_called_by_the_titles_of_their_form_and_question() -> None:
    form = "form: note\ntitle: 记录\nfields:\n  - text: {title: 内容}\n"
    flow = """
workflow: errand
title: 差事
about: none
initial: open
start: {by: clerk}
fields:
  - size: {title: 大小}
states:
  open: {title: 待办, for: clerk, deadline: 3 days}
  closed: {title: 办结, final: true}
transitions:
  - {do: write, title: 记录, from: open, to: closed, form: note}
"""
    office = Bureau(form, flow)
    case = office.case(office.start("errand"))
    seen = office.explain(case.id, None)
    assert seen is not None
    workflow = seen.process.workflow
    marked = replace(
        case, to_review={"note.text": "unanswered", "case.size": "converted", "note.gone": "removed"}
    )
    assert [(title, str(what)) for title, what in changed_answers(workflow, marked)] == [
        ("记录 · 内容", "新增必填，尚未填"),
        ("大小", "换了写法"),
        ("note.gone", "新版不再问"),
    ]
    assert changed_answers(workflow, case) == []
