"""Expressions, structured conditions, requirements and templates, as a file writes them."""

from __future__ import annotations

import pytest
from parts import FILE, NAMES, book_of, said, value_of

from engine.definition.reader.conditions import (
    read_condition,
    read_expression,
    read_requirements,
    read_template,
)
from engine.definition.reader.diagnostics import Book
from engine.definition.types import ValueKind
from engine.lifecycle.expressions.condition import Condition

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
    book = book_of(text)
    return read_condition(book, value_of(text), NAMES), [line.split(" ", 1)[1] for line in said(book)]


@pytest.mark.parametrize(
    ("text", "holds", "failing"),
    [
        ("form.staff == 3", True, ""),
        ("{all: [form.staff == 3, form.staff > 5]}", False, "form.staff > 5"),
        ("{any: [form.staff > 5, case.urgent]}", True, ""),
        ("{not: case.urgent}", False, "not (case.urgent)"),
        ("{not: {all: [case.urgent, form.refused]}}", True, ""),
        ("{not: {any: [case.urgent, form.refused]}}", False, "not ((case.urgent) or (form.refused))"),
        ("{field: form.staff, op: '>=', value: 3}", True, ""),
        ("{field: form.staff, op: 不小于, value: 4}", False, "form.staff >= 4"),
        ("{field: form.until, op: '>=', other: form.on}", False, "form.until >= form.on"),
        ("{field: form.method, op: '==', value: 12}", True, ""),
        ("{field: form.refused, op: '==', value: false}", True, ""),
        ("{field: case.risk, op: in, value: [high, 'it''s']}", True, ""),
        ("{field: case.risk, op: contains, value: hi}", True, ""),
        ("{field: case.risk, op: is filled}", True, ""),
        ("{field: form.on, op: is empty}", False, "empty(form.on)"),
        ("{every: form.found, where: it.what == 'a'}", False, "every form.found: it.what == 'a'"),
        ("{count: form.found, op: '==', value: 2}", True, ""),
        (
            "{count: form.found, where: {field: it.what, op: '==', value: a}, op: '>', value: 1}",
            False,
            "count form.found: it.what == 'a' > 1",
        ),
        ("{count: form.found, op: '<', other: form.staff}", True, ""),
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
        ("{a: 1}", "wrong-shape 看不出这是哪种条件"),
        ("{all: []}", "missing-value “all”下面没有条件"),
        ("{all: [form.staff == 1, form.staf == 1]}", "unknown-name "),
        ("{all: form.refused}", "wrong-shape 此处应是列表"),
        ("{field: form.staff, op: '>'}", "missing-key 缺少“value”（值）"),
        ("{field: form.staff, op: '>', value: 1, other: form.staff}", "unknown-key value（值）与 other（另一项）只能写一个"),
        ("{field: form.staff, op: is filled, value: 1}", "unknown-key “is filled”后面不写“value”"),
        ("{field: form.staff, op: '~', value: 1}", "unknown-word 应为下列之一："),
        ("{field: form.staff, op: '==', value: {a: 1}}", "wrong-shape 此处应是一个值或列表，实为一组“键: 值”"),
        ("{field: form.method, op: '==', value: 13}", "unknown-choice 选项里没有代码“13”"),
        ("{field: form.on, op: '>', value: 5}", "type-mismatch 不能拿日期与整数比较"),
        ("{field: form.on, op: '>', other: form.staff}", "type-mismatch 不能拿日期与整数比较"),
        ("{every: form.staff, where: form.refused}", "type-mismatch 此处应是列表，实为整数"),
        ("{every: form.found, where: it.wat == 'a'}", "unknown-name "),
        ("{count: form.found, op: in, value: 1}", "unknown-word 数目只能比大小，不能用“in”"),
        ("{count: form.found, op: '==', value: two}", "type-mismatch 数目要与整数比较，此处是文字"),
    ],
)  # fmt: skip
def test_conditions_that_cannot_be(text: str, problem: str) -> None:
    found, problems = condition(text)
    assert found is None or problem.startswith("unknown-key “is filled”")
    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_without_names_nothing_is_looked_up() -> None:
    book = book_of()
    found = read_condition(book, value_of("{every: any.thing, where: it.else == 1}"), None)
    assert found is not None
    assert [expression.source for expression in found.expressions()] == ["any.thing", "it.else == 1"]
    assert book.problems == []


def test_expressions_keep_their_type_or_note_their_faults() -> None:
    book = book_of("form.on")
    parsed = read_expression(book, value_of("form.on"), NAMES)
    assert parsed is not None
    assert parsed.type.kind is ValueKind.DATE
    assert read_expression(book, None, NAMES) is None
    assert read_expression(book, value_of(""), NAMES) is None
    assert read_expression(book, value_of("form.onn"), NAMES) is None
    assert read_expression(book, value_of("[a]"), NAMES) is None
    assert read_expression(book, value_of("{a: b}"), NAMES) is None
    assert [problem.rule for problem in book.problems] == ["unknown-name", "wrong-shape", "wrong-shape"]
    assert "花括号" in str(book.problems[2].hint)


def test_a_muted_book_reads_no_expressions() -> None:
    muted = Book(FILE, "", muted=True)
    assert read_expression(muted, value_of("form.on"), NAMES) is None
    assert read_condition(muted, value_of("form.refused"), NAMES) is None
    assert read_template(muted, value_of("甲"), NAMES) is None


def test_templates_are_texts_with_names() -> None:
    text = "'风险：{{ case.risk }}'"
    book = book_of(text)
    template = read_template(book, value_of(text), NAMES)
    assert template is not None
    assert template.render(VALUES) == "风险：high"
    assert read_template(book_of("'{{ case.rsk }}'"), value_of("'{{ case.rsk }}'"), NAMES) is None
    assert read_template(book, None, NAMES) is None


def test_requirements_have_a_condition_and_a_sentence() -> None:
    text = "[{that: form.staff > 0, else: 人数应大于零, basis: 法}, {that: form.refused}, {else: 空}]"
    book = book_of(text)
    ((requirement, place),) = read_requirements(book, value_of(text), NAMES)
    assert (requirement.message, requirement.basis, place.column) == ("人数应大于零", "法", 6)
    assert [problem.rule for problem in book.problems] == ["missing-key", "missing-key"]
