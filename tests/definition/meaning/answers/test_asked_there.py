"""An answer that is read is one to a question that may have been asked by then."""

from __future__ import annotations

import pytest
from definition_examples import FILE, FILES, workflow_text
from meaning_example import subject_of

from engine.definition.library import load_files
from engine.definition.meaning.answers.asked_there import never_asked
from engine.definition.meaning.answers.values_there import ValuesThere
from engine.definition.rules.read_before_written import RULE

FORM = """\
form: sorting
title: 分办
fields:
  - kind: {title: 去向, choices: {own: 自办, other: 转办}}
  - office: {title: 接收单位, when: form.kind == 'other'}
  - term: {title: 期限, type: date, when: form.kind == 'own'}
"""
CASE = """\
fields:
  - office: {title: 单位}
states:
  open: {title: 待办, for: clerk}
  own: {title: 自办, for: clerk}
  moved: {title: 转办, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - do: sort
    title: 分办
    from: open
    form: sorting
    to:
      - own: form.kind == 'own'
      - else: moved
        then: [{set: {office: VALUE}}]
  - do: finish
    title: 办结
    from: [STATE]
    to: done
    require: [{that: ASKED, else: 不符合要求, basis: 本局内部控制要求}]
  - {do: end, title: 结束, from: [own, moved], to: done}
"""
GOOD = {"VALUE": "= form.office", "STATE": "own", "ASKED": "forms.sorting.term >= today"}

#: What is written otherwise, and the line that is named; none where it is right.
CASES: dict[str, tuple[dict[str, str], list[int]]] = {
    "as_it_is": ({}, []),
    "of_the_other_outcome": ({"VALUE": "= form.term"}, [16]),
    "of_the_form_by_its_name": ({"VALUE": "= forms.sorting.term"}, [16]),
    "asked_for_first": ({"VALUE": '"= first_filled(form.term, form.office)"'}, []),
    "in_a_state_of_the_other_way": ({"STATE": "moved"}, [21]),
    "in_one_of_two_states": ({"STATE": "moved, own"}, []),
    "one_that_may_be_empty": ({"STATE": "moved", "ASKED": "empty(forms.sorting.term) or forms.sorting.term >= today"}, []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    changed, lines = CASES[name]
    text = CASE
    for word, written in {**GOOD, **changed}.items():
        text = text.replace(word, written)
    problems = load_files({FILE: workflow_text(text), **FILES, "forms/sorting.yaml": FORM}).problems
    assert [one.line - 1 for one in problems if one.rule == RULE.id] == lines


def test_without_conditions_every_question_may_have_been_asked() -> None:
    values = ValuesThere.of(subject_of())
    assert [found for number in (0, 1) for found in never_asked(values, number)] == []
