"""Differences in words: of two fields, of lists, of steps of one id."""

from __future__ import annotations

from dataclasses import replace

from engine.authoring.diff_words import details, is_renamed, keys_that_differ, pair, said, same, steps_apart
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.lifecycle.model.workflow import Transition

COUNT = Field(name="n", title="数量", type=FieldType.INTEGER, choices={"a": "甲"})
SHEET = Form(id="sheet", title="记录", fields=(COUNT,))
STEP = Transition(id="close", title="办结", sources=("open",), target="done")


def test_what_differs_and_what_is_only_called_otherwise() -> None:
    assert keys_that_differ(COUNT, replace(COUNT, title="件数", required=True)) == ("title", "required")
    assert is_renamed(COUNT, replace(COUNT, name="m"))
    assert not is_renamed(COUNT, replace(COUNT, name="m", title="件数"))
    assert not is_renamed("a", "b")
    assert same([1, {"a": 2}], [1, {"a": 2}])
    assert not same({"a": 1}, {"a": 2})


def test_values_in_a_few_words() -> None:
    found = pair("甲", ("乙", "丙"))
    assert found is not None
    assert [str(one) for one in found] == ["“甲”", "“乙、丙”"]
    assert pair("甲", SHEET) is None
    assert str(said("required", pair(False, True))) == "必填（required）否 → 是"
    assert str(said("then", None)) == "然后（then）"


def test_what_is_inside_of_a_list_entry_by_entry() -> None:
    other = replace(SHEET, fields=(replace(COUNT, choices={"a": "乙", "b": "丙"}), replace(COUNT, name="m")))
    assert [str(line) for line in details(SHEET, other, ("fields",))] == [
        "字段 “数量”（n）：选项（choices）",
        "    选项 “a”：“甲” → “乙”",
        "    选项加上 “b”",
        "字段加上 “数量”（m）",
    ]


def test_steps_of_one_id_in_their_order() -> None:
    after = (replace(STEP, title="结束"), replace(STEP, title="再结"))
    assert [str(line) for line in steps_apart((STEP,), after)] == [
        "第 1 项“结束”：名称（title）“办结” → “结束”",
        "加上 “再结”",
    ]
    assert [str(line) for line in steps_apart((STEP, STEP), (STEP,))] == ["去掉 “办结”"]
