"""Fields of forms, of cases and of rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from parts import FILE, NAMES, WORLD, book_of, said, value_of

from engine.definition.expressions import parse_expression
from engine.definition.reader.diagnostics import Diagnostics
from engine.definition.reader.fields import FieldReader
from engine.definition.symbols import SymbolTable
from engine.definition.types import record, type_of
from engine.lifecycle.model.form import Field, FieldType


def read(text: str, shape: str = "field", world: SymbolTable = WORLD) -> tuple[tuple[Field, ...], list[str]]:
    diagnostics = book_of(text)
    found = FieldReader(diagnostics, world, NAMES).read(value_of(text), shape)
    return found, [line.split(" ", 1)[1] for line in said(diagnostics)]


def one(text: str, world: SymbolTable = WORLD) -> Field:
    (found,), problems = read(f"[{text}]", world=world)
    assert problems == []
    return found


def test_everything_that_is_written_of_a_field() -> None:
    found = one(
        "staff: {title: 职工人数, type: integer, help: 含派遣, basis: 法, unit: 人,"
        " min: 1, max: 9, public: true, example: 3, when: form.refused == false,"
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


def test_a_text_or_a_list_may_be_personal() -> None:
    assert one("a: {title: 甲, personal: true}").personal
    assert one("a: {title: 甲, type: list, personal: true}").personal
    assert not one("a: {title: 甲, personal: false}").personal


def test_headings_give_the_fields_below_them_their_section() -> None:
    found, problems = read(
        "[a: {title: 甲}, {section: 情况}, b: {title: 乙}, {section: 结果, help: 说明}, c: {title: 丙}]"
    )
    assert problems == []
    assert [(field.name, field.section) for field in found] == [("a", None), ("b", "情况"), ("c", "结果")]
    assert read("[{section: 情况}]", "case field")[1] != []


def test_choices_are_written_out_or_named() -> None:
    assert one("a: {title: 甲, choices: {1: 一, b: 二}}").choices == {
        "1": "一",
        "b": "二",
    }
    named = one("a: {title: 甲, type: 多选, choices: result_codes}")
    assert named.choices == {"no_problem": "未发现问题", "problem": "发现问题"}
    bare = SymbolTable(bureau_broken=True)
    assert one("a: {title: 甲, choices: result_codes}", bare).choices == {}


def test_columns_of_a_list_are_fields_too() -> None:
    found = one("a: {title: 甲, columns: [due: {title: 期限, type: date}], optional: true}")
    assert [(column.name, column.type, column.required) for column in found.columns] == [
        ("due", FieldType.DATE, True)
    ]


def test_a_computed_field_keeps_its_expression() -> None:
    found = one("a: {title: 甲, type: integer, computed: form.staff + 1}")
    assert found.computed is not None
    assert found.computed.value({"form": {"staff": 2}}) == 3


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("rows: {title: 甲}", "bad-name “rows”是系统用的名字"),
        ("constructor: {title: 施工方}", "bad-name “constructor”是系统用的名字"),
        ("a: {title: 甲, columns: [{constructor: {title: 施工方}}]}", "bad-name “constructor”是系统用的名字"),
        ("{title: 甲, type: text}", "wrong-shape 此处应是“名字: {title: …}”"),
        ("{name: a, title: 甲}", "wrong-shape 字段的名字写在最前"),
        ("a: 甲", "wrong-shape 此处应是“名字: {title: …}”"),
        ("a: {title: 甲, required: true}", "unknown-key 不写“required”"),
        ("a: {title: 甲, name: b}", "unknown-key “name”已改写作"),
        ("a: {title: 甲, columns: rows}", "unknown-name 单位设置里没有列组“rows”"),
        ("a: {title: 甲, type: texts}", "unknown-word 应为下列之一："),
        ("a: {title: 甲, type: choice}", "missing-key 选择题缺少“choices”（选项）"),
        ("a: {title: 甲, type: text, choices: {x: 一}}", "wrong-shape 类型“text”没有选项"),
        ("a: {title: 甲, choices: [x]}", "wrong-shape 选项应是代码表的名字，或 {代码: 文字, …}"),
        ("a: {title: 甲, choices: result_cods}", "unknown-code-list 单位设置里没有代码表“result_cods”"),
        ("a: {title: 甲, type: text, columns: [b: {title: 乙}]}", "wrong-shape 类型“text”没有列"),
        ("a: {title: 甲, type: boolean, min: 1}", "wrong-shape 类型“boolean”没有“min”"),
        ("a: {title: 甲, min: 1}", "wrong-shape 类型“text”没有“min”"),
        ("a: {title: 甲, type: integer, min: 9, max: 1}", "bounds-reversed 最多 1 小于最少 9"),
        ("a: {title: 甲, type: date, computed: form.staff}", "type-mismatch 这一栏应是日期，算出来的是整数"),
        ("a: {title: 甲, type: integer, computed: form.staff, optional: true}", "wrong-shape 计算出来的字段不由人填，谈不上“选填”"),
        ("a: {title: 甲, type: integer, computed: form.staff, example: 3}", "wrong-shape 计算出来的字段不由人填，不需要示例"),
        ("a: {title: 甲, type: integer, example: many}", "type-mismatch 示例不合本栏的类型："),
        ("a: {title: 甲, type: date, personal: true}", "wrong-shape 类型“date”的栏不能写 personal（个人信息）"),
        ("a: {title: 甲, public: true, personal: true}", "wrong-shape 个人信息不公开"),
        ("a: {title: 甲, default: x}", "form-default-forbidden 表单的字段不能有默认值"),
    ],
)  # fmt: skip
def test_fields_that_cannot_be(text: str, problem: str) -> None:
    problems = read(f"[{text}]")[1]
    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_two_fields_of_one_name_and_what_may_be_bounded() -> None:
    found, problems = read("[a: {title: 甲, max: 5}, a: {title: 乙, type: date}]")
    assert [(field.title, field.most) for field in found] == [("甲", 5)]
    assert problems == ["duplicate-name “a”已经有了"]
    assert read("[rows: {title: 甲}]", "case field")[1] == []


def test_a_code_list_needs_a_bureau() -> None:
    text = "[a: {title: 甲, choices: result_codes}]"
    assert read(text, world=replace(WORLD, bureau=None))[1] == [
        "unknown-code-list 代码表“result_codes”无从查考：没有单位设置文件（bureau:）"
    ]


def test_what_could_not_be_read_whole_is_remembered_by_its_name() -> None:
    text = "[a: {help: 甲}, b: {title: 乙, columns: [c: {help: x}]}, d: {title: 丁}]"
    reader = FieldReader(Diagnostics(FILE, muted=True), WORLD, None)
    assert [field.name for field in reader.read(value_of(text), "field")] == ["b", "d"]
    assert {"a", "b"} <= reader.unsure
    assert "d" not in reader.unsure


@pytest.mark.parametrize(
    ("text", "kind", "required"),
    [
        ("a: {title: 甲}", FieldType.TEXT, True),
        ("a: {title: 甲, optional: true}", FieldType.TEXT, False),
        ("a: {title: 甲, choices: result_codes}", FieldType.CHOICE, True),
        ("a: {title: 甲, columns: [b: {title: 乙}]}", FieldType.LIST, True),
        ("a: {title: 甲, type: boolean, computed: form.refused}", FieldType.BOOLEAN, False),
    ],
)
def test_the_type_follows_from_what_is_said_and_everything_is_asked_for(
    text: str, kind: FieldType, required: bool
) -> None:
    assert (one(text).type, one(text).required) == (kind, required)


def test_fields_of_a_case_are_asked_of_nobody() -> None:
    text = "[a: {title: 甲, columns: [b: {title: 乙}]}]"
    (field,) = FieldReader(book_of(text), WORLD, None, of_case=True).read(value_of(text), "case field")
    assert (field.required, field.columns[0].required) == (False, False)


def test_columns_may_be_a_group_of_the_bureau_and_choices_its_sections_or_ratings() -> None:
    assert WORLD.bureau is not None
    column = Field(name="b", title="乙", type=FieldType.TEXT, required=True)
    bureau = replace(WORLD.bureau, column_groups={"rows": (column,)}, ratings={"credit": ("信用", ("A",))})
    world = replace(WORLD, bureau=bureau)
    assert one("a: {title: 甲, columns: rows}", world).columns == (column,)
    assert one("a: {title: 甲, choices: sections}", world).choices == bureau.sections
    assert one("a: {title: 甲, choices: ratings}", world).choices == {"credit": "信用"}


def test_a_field_called_otherwise_keeps_what_its_answers_are_kept_under() -> None:
    field = one("workers: {title: 职工人数, type: integer, id: staff}")
    assert (field.name, field.alias, field.written) == ("staff", "workers", "workers")
    assert type_of(field).kept_as == "staff"
    found = parse_expression("form.workers > 0", {"form": record({"workers": type_of(field)})})
    assert found.expression is not None
    assert found.expression.value({"form": {"staff": 3}}) is True
    assert list(found.expression.names()) == [("form", "staff")]


@pytest.mark.parametrize(
    ("said", "type_", "least"),
    [
        ("unit: 人", FieldType.INTEGER, 0),
        ("unit: 人, min: 2", FieldType.INTEGER, 2),
        ("type: integer, unit: 人", FieldType.INTEGER, None),
        ("type: decimal, unit: 公里", FieldType.DECIMAL, None),
        ("unit: 元/日", FieldType.TEXT, None),
    ],
)
def test_what_has_a_unit_and_no_type_is_counted(said: str, type_: FieldType, least: int | None) -> None:
    found = one(f"a: {{title: 甲, {said}}}")
    assert (found.type, found.least) == (type_, least)
