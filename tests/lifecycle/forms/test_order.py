"""The order in which questions are read."""

from __future__ import annotations

from engine.definition.library import load_files
from engine.lifecycle.forms.order import in_order_of_need

FORM = """
form: sheet
title: 记录
fields:
  - a: {title: 甲, when: form.b == 'x'}
  - b: {title: 乙, choices: {x: 一, y: 二}, offered: [{codes: [x], when: form.c}]}
  - c: {title: 丙, type: boolean}
  - d: {title: 丁, columns: [e: {title: 戊, when: it.f}, f: {title: 己, type: boolean}]}
"""


def test_what_a_question_looks_at_comes_before_it() -> None:
    form = load_files({"f.yaml": FORM}).forms["sheet"]
    assert [one.name for one in in_order_of_need(form.fields)] == ["c", "b", "a", "d"]
    assert in_order_of_need(form.fields) is in_order_of_need(form.fields)
    assert [one.name for one in in_order_of_need(form.fields[3].columns, "it")] == ["f", "e"]
