"""Expressions, structured conditions, requirements and templates, as a file writes them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from parts import FILE, NAMES, book_of, said, value_of

from engine.definition.reader.conditions import (
    read_condition,
    read_expression,
    read_requirements,
    read_template,
    read_written_value,
)
from engine.definition.reader.diagnostics import Diagnostics
from engine.definition.types import DATE, EXACT, NUMBER, ValueKind, record
from engine.definition.units import unit_of
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.model.form import Field, FieldType

VALUES = {
    "form": {
        "on": "2026-03-02",
        "until": "2026-03-01",
        "method": "12",
        "staff": 3,
        "refused": False,
        "found": [{"what": "a", "due": "2026-04-01"}, {"what": "b", "due": None}],
    },
    "case": {"risk": "high", "urgent": True, "share": "50%"},
}


def condition(text: str) -> tuple[Condition | None, list[str]]:
    diagnostics = book_of(text)
    return read_condition(diagnostics, value_of(text), NAMES), [
        line.split(" ", 1)[1] for line in said(diagnostics)
    ]


@pytest.mark.parametrize(
    ("text", "holds", "failing"),
    [
        ("form.staff == 3", True, ""),
        ("form.staff == 3 and form.staff > 5", False, "form.staff > 5"),
        ("form.staff > 5 or case.urgent", True, ""),
        ("not case.urgent", False, "not case.urgent"),
        ("form.until >= form.on", False, "form.until >= form.on"),
        ("form.method == 12", True, ""),
        ("case.risk in ['high', 'low']", True, ""),
        ("empty(form.on)", False, "empty(form.on)"),
        ("\"every(form.found, it.what == 'a')\"", False, "every(form.found, it.what == 'a')"),
        ("length(form.found) == 2 and form.staff * 2 == 6", True, ""),
        ("\"count(form.found, it.what == 'a') > 1\"", False, "count(form.found, it.what == 'a') > 1"),
    ],
)
def test_conditions_hold_and_name_the_clause_that_fails(text: str, holds: bool, failing: str) -> None:
    found, problems = condition(text)
    assert problems == []
    assert found is not None
    assert found.holds(VALUES) is holds
    assert list(found.failing(VALUES)) == ([failing] if failing else [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("form.staff", "guard-not-boolean 条件应得“是或否”"),
        ("form.staf == 1", "unknown-name "),
        ("[form.refused]", "wrong-shape 此处应是条件，实为列表"),
        ("{a: 1}", "wrong-shape 此处应是条件，实为一组"),
        ("{all: [form.refused]}", "wrong-shape 此处应是条件，实为一组"),
        ("form.staff ~ 1", "expression-forbidden "),
        ("form.method == 13", "unknown-choice 选项里没有代码“13”"),
        ("form.on > 5", "type-mismatch 不能拿日期与整数比较"),
        ("form.on > form.staff", "type-mismatch 不能拿日期与整数比较"),
        ("'every(form.staff, form.refused)'", "type-mismatch 函数 every 要列表，此处是整数"),
        ("'every(form.found, it.due)'", "guard-not-boolean "),
        ("\"every(form.found, it.wat == 'a')\"", "unknown-name "),
        ("'count(form.found) > 1'", "unknown-function 函数 count 要 2 个参数，实为 1 个"),
        ("'asked(form.staff, 1)'", "unknown-function 函数 asked 要 1 个参数，实为 2 个"),
        ("asked(case.risk)", "type-mismatch asked 问的是表单的一栏"),
        ("\"length(collect(form.found, 'what')) > 1\"", "type-mismatch collect 的第二个参数"),
        ('"sum(form.found, it.what) > 1"', "type-mismatch 函数 sum 要数字，此处是文字"),
        ('"max(form.found, form.found) > 1"', "type-mismatch 函数 max 要能比大小先后的值"),
    ],
)
def test_conditions_that_cannot_be(text: str, problem: str) -> None:
    found, problems = condition(text)
    assert found is None
    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_a_structure_of_before_is_told_what_to_write() -> None:
    diagnostics = book_of("{任一: [form.refused]}")
    assert read_condition(diagnostics, value_of("{任一: [form.refused]}"), NAMES) is None
    assert str(diagnostics.problems[0].hint) == "条件只用表达式，请写 a or b"


def test_without_names_nothing_is_looked_up() -> None:
    diagnostics = book_of()
    found = read_condition(diagnostics, value_of("every(any.thing, it.else == 1)".join("''")), None)
    assert found is not None
    assert list(found.expression.names()) == [("it", "else"), ("any", "thing")]
    assert diagnostics.problems == []


@pytest.mark.parametrize(
    ("text", "source", "value"),
    [
        ("visited", "visited", "visited"),
        ("3", "3", 3),
        ("true", "true", True),
        ("'3'", "3", "3"),
        ("[a, 2]", "['a', 2]", ["a", 2]),
        ("= case.risk", "case.risk", "high"),
        ("'=form.staff + 1'", "form.staff + 1", 4),
        ("= 'case.risk'", "'case.risk'", "case.risk"),
        ("3.14 or so", "3.14 or so", "3.14 or so"),
    ],
)
def test_a_value_stands_as_it_is_unless_it_begins_with_an_equals_sign(
    text: str, source: str, value: object
) -> None:
    diagnostics = book_of(text)
    found = read_written_value(diagnostics, value_of(text), NAMES)
    assert diagnostics.problems == []
    assert found is not None
    assert (found.source, found.value(VALUES)) == (source, value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("case.risk", "value-not-expression “case.risk”会原样记成文字"),
        ("'length(form.found)'", "value-not-expression "),
        ("= case.rsk", "unknown-name "),
        ("== 1", "expression-syntax 表达式前面只写一个“=”"),
        ("= form.staff / 7", "unit-mismatch 除出来的数可能除不尽"),
    ],
)
def test_values_that_cannot_be(text: str, problem: str) -> None:
    diagnostics = book_of(text)
    assert read_written_value(diagnostics, value_of(text), NAMES) is None
    assert [line.split(" ", 1)[1].startswith(problem) for line in said(diagnostics)] == [True]


def test_a_value_fits_the_field_it_is_for() -> None:
    field = Field(name="n", title="人数", type=FieldType.INTEGER)
    diagnostics = book_of("many")
    assert read_written_value(diagnostics, value_of("many"), NAMES, field) is None
    assert said(diagnostics)[0].split(" ", 1)[1].startswith("type-mismatch “人数”应为整数")
    assert read_written_value(book_of("3"), value_of("3"), NAMES, field) is not None
    assert read_written_value(book_of("= form.staff"), value_of("= form.staff"), NAMES, field) is not None


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        (FieldType.MONEY, "= 12 * 5000.55 * '16%'", "unit-mismatch “12 * 5000.55 * '16%'”算出来可能有 4 位小数，“应缴”只记 2 位"),
        (FieldType.MONEY, "= round(12 * 5000.55 * '16%', 2)", None),
        (FieldType.MONEY, "= form.staff * 0.25", None),
        (FieldType.MONEY, "= form.staff * '1/3'", "unit-mismatch 除出来的数可能除不尽"),
        (FieldType.MONEY, "= lesser(form.staff, 0.125)", "unit-mismatch “lesser(form.staff, 0.125)”算出来可能有 3 位"),
        (FieldType.INTEGER, "= form.staff * 0.5", "unit-mismatch “form.staff * 0.5”算出来可能有 1 位小数，“应缴”只记 0 位"),
        (FieldType.INTEGER, "= round_up(form.staff * 0.5)", None),
        (FieldType.DECIMAL, "= form.staff * 0.125", None),
    ],
)  # fmt: skip
def test_a_product_is_rounded_before_it_is_kept(kind: FieldType, text: str, problem: str | None) -> None:
    field = Field(name="n", title="应缴", type=kind)
    diagnostics = book_of(f'"{text}"')
    found = read_written_value(diagnostics, value_of(f'"{text}"'), NAMES, field)
    lines = [line.split(" ", 1)[1] for line in said(diagnostics)]
    assert (found is None, [line.startswith(problem or "-") for line in lines]) == (
        problem is not None,
        [True] if problem else [],
    )


def test_expressions_keep_their_type_or_note_their_faults() -> None:
    diagnostics = book_of("form.on")
    parsed = read_expression(diagnostics, value_of("form.on"), NAMES)
    assert parsed is not None
    assert parsed.type.kind is ValueKind.DATE
    assert read_expression(diagnostics, None, NAMES) is None
    assert read_expression(diagnostics, value_of(""), NAMES) is None
    assert read_expression(diagnostics, value_of("form.onn"), NAMES) is None
    assert read_expression(diagnostics, value_of("[a]"), NAMES) is None
    assert read_expression(diagnostics, value_of("{a: b}"), NAMES) is None
    assert [problem.rule for problem in diagnostics.problems] == [
        "unknown-name",
        "wrong-shape",
        "wrong-shape",
    ]
    assert "花括号" in str(diagnostics.problems[2].hint)


def test_a_muted_book_reads_no_expressions() -> None:
    muted = Diagnostics(FILE, "", muted=True)
    assert read_expression(muted, value_of("form.on"), NAMES) is None
    assert read_condition(muted, value_of("form.refused"), NAMES) is None
    assert read_template(muted, value_of("甲"), NAMES) is None


def test_templates_are_texts_with_names() -> None:
    text = "'风险：{{ case.risk }}'"
    diagnostics = book_of(text)
    template = read_template(diagnostics, value_of(text), NAMES)
    assert template is not None
    assert template.render(VALUES) == "风险：high"
    assert read_template(book_of("'{{ case.rsk }}'"), value_of("'{{ case.rsk }}'"), NAMES) is None
    assert read_template(diagnostics, None, NAMES) is None


def test_requirements_have_a_condition_and_a_sentence() -> None:
    text = "[{that: form.staff > 0, else: 人数应大于零, basis: 法}, {that: form.refused}, {else: 空}]"
    diagnostics = book_of(text)
    ((requirement, place),) = read_requirements(diagnostics, value_of(text), NAMES)
    assert (requirement.message, requirement.basis, place.column) == ("人数应大于零", "法", 6)
    assert [problem.rule for problem in diagnostics.problems] == ["missing-key", "missing-key"]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("= form.amount", []),
        ("= form.amount * 2", []),
        ("= form.staff", ["unit-mismatch"]),
        ("= round(form.amount * form.amount, 2)", ["unit-mismatch"]),
        ("= round(form.amount * '0.05%/日' * days_between(form.due, form.on), 2)", []),
        ("= round(form.amount * '0.05%' * days_between(form.due, form.on), 2)", ["unit-mismatch"]),
        ("= form.staff * '12.5元/人'", []),
        ("= form.staff * '12.5元/日'", ["unit-mismatch"]),
        ("= form.staff * '5%元/人'", ["type-mismatch"]),
        ("= first_filled(form.amount, form.staff)", ["unit-mismatch"]),
        ("= lesser(form.amount, form.amount * '5%')", []),
    ],
)
def test_a_number_is_kept_where_its_unit_is_counted(text: str, rules: list[str]) -> None:
    counted = {"amount": replace(EXACT, unit=unit_of("元")), "staff": replace(NUMBER, unit=unit_of("人"))}
    names = {"form": record({**counted, "due": DATE, "on": DATE})}
    diagnostics = book_of(f'"{text}"')
    read_written_value(
        diagnostics,
        value_of(f'"{text}"'),
        names,
        Field(name="x", title="应缴", type=FieldType.MONEY, unit="元"),
    )
    assert [one.rule for one in diagnostics.problems] == rules
