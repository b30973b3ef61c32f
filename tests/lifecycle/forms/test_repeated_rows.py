"""Rows with conditions of their own."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from engine.definition.library import load_files
from engine.lifecycle.expressions.expression import EvaluationError, Expression, Literal
from engine.lifecycle.forms.answers import read_answers
from engine.lifecycle.forms.exact_values import EXACT
from engine.lifecycle.forms.fields import read_value
from engine.lifecycle.forms.repeated_rows import (
    computed_value,
    has_conditions,
    read_rows,
    rows_worked_out,
    worked_out_again,
)
from engine.lifecycle.model.form import Field, FieldType, Form

FORM = """
form: sheet
title: 记录
fields:
  - year: {title: 年份, type: integer}
  - workers:
      title: 职工
      min: 1
      columns:
        - name: {title: 姓名}
        - owed: {title: 欠薪, type: boolean}
        - amount:
            title: 金额
            type: money
            when: it.owed
            constraint: [{that: it.amount > 0, else: 金额应大于零}]
        - born: {title: 出生年, type: integer, optional: true}
        - age: {title: 年龄, type: integer, computed: form.year - it.born}
        - remark: {title: 请核对身份证, type: note}
  - plain: {title: 名单, optional: true, columns: [a: {title: 甲}]}
  - total: {title: 合计, type: money, computed: "sum(form.workers, it.amount)"}
"""
SHEET = load_files({"f.yaml": FORM}).forms["sheet"]


def said(rows: Any) -> list[str]:
    _, problems = read_rows(SHEET.fields[1], rows, {"form": {"year": 2024}})
    return [str(one) for one in problems]


def test_each_row_is_judged_as_a_small_form() -> None:
    rows = [{"name": "甲", "owed": True, "amount": "10.50", "born": 1990}, {"name": "乙", "owed": False}]
    kept, problems = read_answers(SHEET, (), {"year": 2024, "workers": rows}, {})
    assert problems == []
    assert kept["workers"] == [
        {"name": "甲", "owed": True, "amount": "10.50", "born": 1990, "age": 34},
        {"name": "乙", "owed": False, "age": None},
    ]
    assert kept["total"] is None


def test_every_fault_of_every_row_is_said() -> None:
    assert said(
        [{"owed": True, "amount": "0"}, {"name": "乙", "owed": False, "amount": "1", "age": 3}, "x"]
    ) == [
        "“职工”第 1 行：“姓名”必须填写",
        "“职工”第 1 行：金额应大于零",
        "“职工”第 2 行：“金额”在此情形下不适用，请勿填写",
        "“职工”第 2 行：“年龄”由系统计算，不应填写",
        "“职工”第 3 行应为“栏：值”",
    ]
    assert said([]) == ["“职工”至少 1 项，实为 0 项"]
    assert said("x") == ["“职工”应为列表，实为“x”"]
    assert said([{"name": "甲", "owed": False, "b": 1}]) == ["“职工”第 1 行没有这些栏：b"]


def test_a_list_of_plain_columns_is_judged_by_their_types_alone() -> None:
    assert has_conditions(SHEET.fields[1])
    assert not has_conditions(SHEET.fields[2])


def test_what_is_worked_out_is_asked_where_its_condition_holds() -> None:
    form = load_files({"f.yaml": WHEN}).forms["sheet"]
    rows = [{"n": 1, "late": True}, {"n": 2, "late": False}]
    kept, problems = read_answers(form, (), {"all": False, "lines": rows}, {})
    assert problems == []
    assert kept["lines"] == [{"n": 1, "late": True, "fee": 5}, {"n": 2, "late": False}]
    assert ("double" in kept, kept["not_asked"]) == (False, ["double"])
    kept, _ = read_answers(form, (), {"all": True, "lines": rows}, {})
    assert (kept["double"], "not_asked" in kept) == (10, False)


WHEN = """
form: sheet
title: 记录
fields:
  - all: {title: 全部, boolean}
  - lines:
      title: 行
      columns:
        - n: {title: 数, integer}
        - late: {title: 迟, boolean}
        - fee: {title: 费, integer, computed: it.n * 5, when: it.late}
  - double: {title: 加倍, integer, computed: "sum(form.lines, it.fee, filled(it.fee)) * 2", when: form.all}
"""


def test_what_is_worked_out_and_has_more_places_than_is_kept_is_refused() -> None:
    """As a version published before the check of places may work it out."""
    row, fee = (
        Field(name=name, title=title, type=FieldType.MONEY, computed=Expression("x", Literal(Fraction(1, 8))))
        for name, title in (("owed", "应补"), ("fee", "应缴"))
    )
    rows = Field(name="rows", title="明细", type=FieldType.LIST, columns=(row,))
    form = replace(SHEET, fields=(rows, fee), constraints=())
    with pytest.raises(EvaluationError):
        computed_value(fee, {})
    _, problems = read_answers(form, (), {"rows": [{}]}, {})
    assert len(problems) == 2
    assert all("0.125" in str(one) for one in problems)


#: Type -> numbers that may be worked out, and how each is kept.
KEPT: dict[FieldType, dict[int | Fraction, Any]] = {
    FieldType.INTEGER: {50: 50, Fraction(50): 50, -3: -3},
    FieldType.DECIMAL: {50: "50", Fraction(50): "50", Fraction(33, 2): "16.5", 0: "0"},
    FieldType.MONEY: {50: "50", Fraction(50): "50", Fraction(33, 2): "16.5", -7: "-7"},
    FieldType.RATIO: {1: "100%", Fraction(1, 20): "5%", 0: "0%"},
}


@pytest.mark.parametrize("kind", KEPT)
def test_what_is_worked_out_is_kept_as_an_answer_of_its_type_at_every_level(kind: FieldType) -> None:
    assert set(KEPT) == EXACT | {FieldType.INTEGER}
    for number, wanted in KEPT[kind].items():
        worked_out = Field(name="w", title="算", type=kind, computed=Expression("x", Literal(number)))
        inner = Field(name="inner", title="内", type=FieldType.LIST, columns=(*NAMED, worked_out))
        outer = Field(name="outer", title="外", type=FieldType.LIST, columns=(*NAMED, worked_out, inner))
        form = Form(id="f", title="表", fields=(worked_out, outer))
        rows = [{"name": "甲", "inner": [{"name": "乙"}]}]
        given = {"outer": rows, "items": {"it": {"outer": rows}}}
        kept, problems = read_answers(form, (replace(form, id="it"),), given, {})
        assert problems == []
        for sheet in (kept, kept["items"]["it"]):
            row = sheet["outer"][0]
            assert (sheet["w"], row["w"], row["inner"][0]["w"]) == (wanted, wanted, wanted)
            assert [type(one) for one in (sheet["w"], row["w"])] == [type(wanted)] * 2
        assert read_value(replace(worked_out, computed=None), wanted) == (wanted, None)


NAMED = (Field(name="name", title="姓名", type=FieldType.TEXT),)


def test_what_comes_to_the_same_again_keeps_its_writing() -> None:
    half = Field(name="half", title="一半", type=FieldType.MONEY, computed=Expression("x", Literal(50)))
    rows = Field(name="rows", title="明细", type=FieldType.LIST, columns=(half,))
    for before, after in ((50, 50), ("50", "50"), (51, "50"), (None, "50"), (True, "50"), ("50.0", "50")):
        assert worked_out_again(half, before, {}) == after
        assert rows_worked_out(rows, [{"half": before}, {}], {}) == [{"half": after}, {}]
