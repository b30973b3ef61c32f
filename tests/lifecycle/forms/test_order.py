"""The order in which questions are read."""

from __future__ import annotations

from engine.definition.library import load_files
from engine.lifecycle.forms.answers import read_answers
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


LATER = """
form: later
title: 记录
fields:
  - probs: {title: 行, optional: true, columns: [paid: {title: 付, type: money, constraint: [{that: it.paid <= form.most, else: 超过}]}, why: {title: 由, when: form.most > 5}, more: {title: 另, optional: true, columns: [x: {title: 甲, when: form.last == 'x'}]}]}
  - most: {title: 上限, type: money}
  - last: {title: 末}
"""


def test_what_the_columns_of_a_list_look_at_comes_before_the_list() -> None:
    form = load_files({"f.yaml": LATER}).forms["later"]
    assert [one.name for one in in_order_of_need(form.fields)] == ["most", "last", "probs"]
    given = {"probs": [{"paid": "3", "why": "由"}], "most": "10", "last": "y"}
    kept, problems = read_answers(form, (), given, {})
    assert (kept, problems) == (given, [])
    assert read_answers(form, (), {**given, "probs": [{"paid": "11", "why": "由"}]}, {})[1] != []


def test_what_a_question_looks_at_comes_before_it() -> None:
    form = load_files({"f.yaml": FORM}).forms["sheet"]
    assert [one.name for one in in_order_of_need(form.fields)] == ["c", "b", "a", "d"]
    assert in_order_of_need(form.fields) is in_order_of_need(form.fields)
    assert [one.name for one in in_order_of_need(form.fields[3].columns, "it")] == ["f", "e"]
