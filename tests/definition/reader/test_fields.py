"""Fields of forms, of cases and of rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from parts import FILE, NAMES, WORLD, book_of, said, value_of

from engine.definition.reader.diagnostics import Book
from engine.definition.reader.fields import FieldReader
from engine.definition.symbols import SymbolTable
from engine.lifecycle.model.form import Field, FieldType


def read(text: str, shape: str = "field", world: SymbolTable = WORLD) -> tuple[tuple[Field, ...], list[str]]:
    book = book_of(text)
    found = FieldReader(book, world, NAMES).read(value_of(text), shape)
    return found, [line.split(" ", 1)[1] for line in said(book)]


def one(text: str, world: SymbolTable = WORLD) -> Field:
    (found,), problems = read(f"[{text}]", world=world)
    assert problems == []
    return found


def test_everything_that_is_written_of_a_field() -> None:
    found = one(
        "{name: staff, title: 职工人数, type: integer, required: true, help: 含派遣, basis: 法, unit: 人,"
        " least: 1, most: 9, public: true, example: 3, relevant: form.refused == false,"
        " constraint: [{that: form.staff > 0, else: 应大于零}]}"
    )
    assert (found.name, found.title, found.type) == ("staff", "职工人数", FieldType.INTEGER)
    assert (found.required, found.public, found.help, found.basis, found.unit) == (
        True,
        True,
        "含派遣",
        "法",
        "人",
    )
    assert (found.least, found.most, found.example, found.section) == (1, 9, 3, None)
    assert found.relevant is not None
    assert found.relevant.holds({"form": {"refused": False}}) is True
    assert [requirement.message for requirement in found.constraints] == ["应大于零"]


def test_headings_give_the_fields_below_them_their_section() -> None:
    found, problems = read(
        "[{name: a, title: 甲, type: text}, {section: 情况}, {name: b, title: 乙, type: text},"
        " {section: 结果, help: 说明}, {name: c, title: 丙, type: text}]"
    )
    assert problems == []
    assert [(field.name, field.section) for field in found] == [("a", None), ("b", "情况"), ("c", "结果")]
    assert read("[{section: 情况}]", "case field")[1] != []


def test_choices_are_written_out_or_named() -> None:
    assert one("{name: a, title: 甲, type: choice, choices: {1: 一, b: 二}}").choices == {
        "1": "一",
        "b": "二",
    }
    named = one("{name: a, title: 甲, type: 多选, choices: result_codes}")
    assert named.choices == {"no_problem": "未发现问题", "problem": "发现问题"}
    bare = SymbolTable(bureau_broken=True)
    assert one("{name: a, title: 甲, type: choice, choices: result_codes}", bare).choices == {}


def test_columns_of_a_list_are_fields_too() -> None:
    found = one(
        "{name: a, title: 甲, type: list, columns: [{name: due, title: 期限, type: date, required: true}]}"
    )
    assert [(column.name, column.type, column.required) for column in found.columns] == [
        ("due", FieldType.DATE, True)
    ]


def test_a_computed_field_keeps_its_expression() -> None:
    found = one("{name: a, title: 甲, type: integer, computed: form.staff + 1}")
    assert found.computed is not None
    assert found.computed.value({"form": {"staff": 2}}) == 3


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{name: rows, title: 甲, type: text}", "bad-name “rows”是系统用的名字"),
        ("{title: 甲, type: text}", "missing-key 缺少“name”"),
        ("{name: a, title: 甲, type: texts}", "unknown-word 应为下列之一："),
        ("{name: a, title: 甲, type: choice}", "missing-key 选择题缺少“choices”（选项）"),
        ("{name: a, title: 甲, type: text, choices: {x: 一}}", "wrong-shape 类型“text”没有选项"),
        ("{name: a, title: 甲, type: choice, choices: [x]}", "wrong-shape 选项应是代码表的名字，或 {代码: 文字, …}"),
        ("{name: a, title: 甲, type: choice, choices: result_cods}", "unknown-code-list 单位设置里没有代码表“result_cods”"),
        ("{name: a, title: 甲, type: text, columns: [{name: b, title: 乙, type: text}]}", "wrong-shape 类型“text”没有列"),
        ("{name: a, title: 甲, type: boolean, least: 1}", "wrong-shape 类型“boolean”没有“least”"),
        ("{name: a, title: 甲, type: text, least: 1}", "wrong-shape 类型“text”没有“least”"),
        ("{name: a, title: 甲, type: integer, least: 9, most: 1}", "bounds-reversed 最多 1 小于最少 9"),
        ("{name: a, title: 甲, type: date, computed: form.staff}", "type-mismatch 这一栏应是日期，算出来的是整数"),
        ("{name: a, title: 甲, type: integer, computed: form.staff, required: true}", "wrong-shape 计算出来的字段不由人填，不能“必填”"),
        ("{name: a, title: 甲, type: integer, computed: form.staff, example: 3}", "wrong-shape 计算出来的字段不由人填，不需要示例"),
        ("{name: a, title: 甲, type: integer, example: many}", "type-mismatch 示例不合本栏的类型："),
        ("{name: a, title: 甲, type: text, default: x}", "form-default-forbidden 表单的字段不能有默认值"),
    ],
)  # fmt: skip
def test_fields_that_cannot_be(text: str, problem: str) -> None:
    problems = read(f"[{text}]")[1]
    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_two_fields_of_one_name_and_what_may_be_bounded() -> None:
    found, problems = read("[{name: a, title: 甲, type: text, most: 5}, {name: a, title: 乙, type: date}]")
    assert [(field.title, field.most) for field in found] == [("甲", 5)]
    assert problems == ["duplicate-name “a”已经有了"]
    assert read("[{name: rows, title: 甲, type: text}]", "case field")[1] == []


def test_a_code_list_needs_a_bureau() -> None:
    text = "[{name: a, title: 甲, type: choice, choices: result_codes}]"
    assert read(text, world=replace(WORLD, bureau=None))[1] == [
        "unknown-code-list 代码表“result_codes”无从查考：没有单位设置文件（bureau:）"
    ]


def test_what_could_not_be_read_whole_is_remembered_by_its_name() -> None:
    text = "[{name: a, title: 甲}, {name: b, title: 乙, type: list, columns: [{name: c}]}, {name: d, title: 丁, type: text}]"
    reader = FieldReader(Book(FILE, muted=True), WORLD, None)
    assert [field.name for field in reader.read(value_of(text), "field")] == ["b", "d"]
    assert {"a", "b"} <= reader.unsure
    assert "d" not in reader.unsure
