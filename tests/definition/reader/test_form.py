"""A form file: as others see it, and as it is read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from definition_examples import FORM
from parts import WORLD, node_of

from engine.definition.reader.form import outline_form, read_form
from engine.definition.symbols import FormOutline
from engine.definition.types import ANY, DATE, NUMBER
from engine.definition.units import PLAIN
from engine.lifecycle.model.form import CheckRow, Form


def read(text: str) -> tuple[Form | None, list[str]]:
    found, problems = read_form("form.yaml", text, node_of(text), WORLD)
    return found.form if found is not None else None, [
        f"{one.line} {one.rule} {one.message}" for one in problems
    ]


def test_a_whole_form() -> None:
    form, problems = read(
        FORM + "help: 说明\nbasis: 条例\nconstraints: [{that: form.staff > 0, else: 人数为零}]\n"
    )
    assert problems == []
    assert form is not None
    assert (form.id, form.title, form.help, form.basis) == ("onsite_check", "现场检查记录", "说明", "条例")
    assert [field.name for field in form.fields][:3] == ["visited_on", "finished_on", "method"]
    assert form.rows == (
        CheckRow(
            id="contract", title="劳动合同", points="一个月内订立书面劳动合同", basis="劳动合同法 第十条"
        ),
    )
    assert [requirement.message for requirement in form.constraints] == ["人数为零"]


def test_the_outline_is_what_others_may_know() -> None:
    outline = outline_form("form.yaml", node_of(FORM), WORLD)
    assert outline is not None
    assert (outline.id, outline.rows) == ("onsite_check", ("contract",))
    assert outline.fields is not None
    assert (outline.fields["visited_on"], outline.fields["staff"]) == (DATE, replace(NUMBER, unit=PLAIN))
    broken = outline_form("form.yaml", node_of("form: x\nfields: [a: {type: nothing}]\n"), WORLD)
    assert broken == FormOutline("x", {"a": ANY}, ())
    assert outline_form("form.yaml", node_of("form: X\n"), WORLD) is None
    assert outline_form("form.yaml", node_of("title: x\n"), WORLD) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("form: x\ntitle: 甲\n", "1 missing-key 表单里没有内容"),
        ("form: X\ntitle: 甲\nfields: []\n", "1 bad-name 编号“X”不合写法"),
        ("form: x\nfields: []\n", "1 missing-key 缺少“title”"),
        ("form: x\ntitle: 甲\nrows: [{id: a, title: 乙, points: 丙}]\n", "3 missing-key 缺少“basis”"),
        (
            "form: x\ntitle: 甲\nrows:\n  - {id: a, title: 乙, points: 丙, basis: 丁}\n  - {id: a, title: 戊, points: 丙, basis: 丁}\n",
            "5 duplicate-name “a”已经有了",
        ),
        (
            "form: visit\ntitle: 甲\nfields: []\nconstraints: [{that: form.a > 0, else: 乙}]\n",
            "4 unknown-name ",
        ),
    ],
)
def test_a_form_with_errors_is_none(text: str, problem: str) -> None:
    form, problems = read(text)
    assert form is None
    assert problems[0].startswith(problem)
    assert len(problems) == 1
