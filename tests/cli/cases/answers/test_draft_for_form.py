"""An older draft as the form of today takes it."""

from __future__ import annotations

from engine.cli.cases.answers.draft_for_form import fitting
from engine.definition.library import load_files
from engine.lifecycle.forms.answers import read_answers

BASE = """
form: base
title: 主表
fields:
  - name: {title: 名称}
  - phone: {title: 电话, recommended: true}
  - list:
      title: 清单
      optional: true
      columns:
        - what: {title: 问题}
        - half: {title: 半数, type: money, computed: "round(it.sum / 2, 2)"}
        - sum: {title: 金额, type: money, optional: true}
        - parts: {title: 其中, optional: true, columns: [one: {title: 一}]}
  - total: {title: 合计, type: money, computed: "sum(form.list, it.sum)"}
  - kept: {title: 不改, optional: true}
rows:
  - {id: r1, title: 第一项, points: 看, basis: 示例法}
"""
ITEM = "form: item\ntitle: 事项\nfields:\n  - x: {title: 问, optional: true}\nrows:\n  - {id: a, title: 甲, points: 看, basis: 示例法}\n"
DRAFT = {
    "name": "甲公司",
    "gone": "旧",
    "total": "5",
    "kept": "改了",
    "unanswered": {"phone": "没有", "gone": "也没有"},
    "rows": {"r1": {"answer": "fail", "note": "未签", "old": "x"}, "r2": {"answer": "fail"}},
    "list": [
        {"what": "少发", "sum": "5", "old": "y", "half": "2.5", "parts": [{"one": "1", "two": "2"}, "z"]},
        {"old": "只有旧栏"},
        "不是行",
    ],
    "items": {"item": {"x": "答", "y": "旧", "rows": {"a": "pass", "b": "pass"}}, "other": {"x": 1}},
}


def test_what_has_no_place_is_left_out_by_name_at_every_depth_and_the_rest_can_be_handed_in() -> None:
    forms = load_files({"b.yaml": BASE.lstrip(), "i.yaml": ITEM}).forms
    kept, left = fitting(forms["base"], [forms["item"]], DRAFT, {"kept": "先前的"})
    assert kept == {
        "name": "甲公司",
        "unanswered": {"phone": "没有"},
        "rows": {"r1": {"answer": "fail", "note": "未签"}},
        "list": [{"what": "少发", "sum": "5", "parts": [{"one": "1"}]}],
        "items": {"item": {"x": "答", "rows": {"a": {"answer": "pass"}}}},
    }
    assert dict(left) == {
        "gone": "旧",
        "total": "5",
        "kept": "改了",
        "unanswered.gone": "也没有",
        "rows.r1.old": "x",
        "rows.r2": {"answer": "fail"},
        "list.1.old": "y",
        "list.1.half": "2.5",
        "list.1.parts.1.two": "2",
        "list.1.parts.2": "z",
        "list.2.old": "只有旧栏",
        "list.3": "不是行",
        "items.item.y": "旧",
        "items.item.rows.b": "pass",
        "items.other": {"x": 1},
    }
    assert read_answers(forms["base"], [forms["item"]], kept, {}, {"kept": "先前的"})[1] == []
    # What fits is left as it is.
    again, none = fitting(forms["base"], [forms["item"]], kept, {"kept": "先前的"})
    assert (again, none) == (kept, [])


def test_a_question_called_otherwise_and_what_is_no_mapping() -> None:
    text = "form: f\ntitle: 表\nfields:\n  - tel: {id: phone, title: 电话}\nrows:\n  - {id: r1, title: 一, points: 看, basis: 法}\n"
    (form,) = load_files({"f.yaml": text}).forms.values()
    kept, left = fitting(
        form, (), {"tel": "1", "rows": "pass", "items": {"a": {}}, "unanswered": {"x": ""}}, {}
    )
    assert kept == {"phone": "1", "rows": {}}
    assert dict(left) == {"rows": "pass", "items": {"a": {}}, "unanswered": {"x": ""}}
