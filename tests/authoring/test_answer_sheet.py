"""Empty answer sheets: everything a form asks, explained, and nothing filled in."""

from __future__ import annotations

import textwrap

import pytest

from engine.authoring.answer_sheet import answer_sheet, kind_of
from engine.definition.library import load_files
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.yamltext.plain import read_plain


def form(text: str) -> Form:
    """Return the form of a text."""
    loaded = load_files({"form.yaml": textwrap.dedent(text)})
    assert not [p for p in loaded.problems if p.severity == "error"], loaded.problems
    (found,) = loaded.forms.values()
    return found


SHEET = form("""
    form: sheet
    title: 现场检查
    help: 两人填写
    basis: 某条例
    fields:
      - {section: 一、概况}
      - on: {title: 日期, type: date, basis: 某法 第一条}
      - wages: {title: 欠薪, type: decimal, unit: 元, min: 1, max: 9, help: 累计, optional: true}
      - {section: 二、结果}
      - kind:
          title: 类别
          optional: true
          choices: {a: 甲, b: 乙}
          when: filled(form.wages)
          example: a
      - many: {title: 金额大, type: boolean, computed: form.wages > 5}
      - rows_of:
          title: 问题
          optional: true
          columns:
            - what: {title: 事项}
            - sort: {title: 类, choices: {x: 一, y: 二}, optional: true}
          constraint: [{that: length(form.rows_of) < 9, else: 不超过八项}]
    constraints: [{that: form.on <= today, else: 日期在将来}]
    rows:
      - {id: contract, title: 劳动合同, points: 书面订立, basis: 某法 第十条, method: 查阅}
      - {id: wages, title: 工资, points: 按月支付, basis: 某法 第五十条}
""")
ITEM = form("form: item\ntitle: 用工\nfields:\n  - seen: {title: 所见, type: long text, optional: true}\n")

PAGE = """\
# 《现场检查》（sheet）
# 两人填写
# 依据：某条例
# 填写不当时会提示：日期在将来

# 【一、概况】
# 日期（必填、日期，如 2024-04-20）
# 依据：某法 第一条
on:
# 欠薪（选填、数字，如 "1234.50"、单位：元、至少 1、至多 9）
# 累计
wages:

# 【二、结果】
# 类别（选填、选一项）
# 仅当满足条件时填写：“欠薪”已填
# 例如："a"
#   a  甲
#   b  乙
kind:
# 问题（选填、列表）
# 填写不当时会提示：不超过八项
# 每行一项，照下面的样子写：
#   - what:    # 事项（必填、文字）
#     sort:    # 类（选填、选一项）
#         x  一
#         y  二
rows_of:

# 逐项检查：answer 填 符合、不符合、不适用 之一；不符合的在 note 写明问题，还可写 evidence 证据、article 违反的规定、measure 整改要求、due_on 整改期限、person 责任人
rows:
  # 劳动合同：书面订立
  # 依据：某法 第十条
  # 方法：查阅
  contract:
    answer:
    note:
  # 工资：按月支付
  # 依据：某法 第五十条
  wages:
    answer:
    note:
"""


def test_the_whole_sheet() -> None:
    assert answer_sheet(SHEET) == PAGE


def test_the_forms_of_items_stand_under_items() -> None:
    assert answer_sheet(SHEET, [ITEM]) == PAGE + (
        "\n# 各抽查事项的检查表，每份一段\nitems:\n  item:\n"
        "    # 《用工》\n    # 所见（选填、文字，可多行）\n    seen:\n"
    )


def test_a_sheet_is_yaml_in_which_nothing_is_answered() -> None:
    value, problems = read_plain(answer_sheet(SHEET, [ITEM]), "sheet.yaml")
    assert problems == []
    empty = {"answer": None, "note": None}
    assert value == {
        "on": None,
        "wages": None,
        "kind": None,
        "rows_of": None,
        "rows": {"contract": empty, "wages": empty},
        "items": {"item": {"seen": None}},
    }


@pytest.mark.parametrize("kind", FieldType)
def test_every_type_of_field_says_what_an_answer_looks_like(kind: FieldType) -> None:
    said = str(kind_of(Field(name="x", title="问", type=kind)))
    others = {
        str(kind_of(Field(name="x", title="问", type=other))) for other in FieldType if other is not kind
    }
    assert said
    assert said not in others
