"""A check row that is not as it should be opens a row of its own: problem, article, demand, term, person."""

from __future__ import annotations

from typing import Any

from engine.lifecycle.forms.answers import read_answers
from engine.lifecycle.forms.row_parts import ROW_PARTS, article_of, parts_of, problem_of
from engine.lifecycle.model.form import CheckRow, Form

ROW = CheckRow(id="contract", title="劳动合同", points="一个月内订立", basis="劳动合同法 第十条、第十六条")
FORM = Form(id="check", title="检查表", fields=(), rows=(ROW,))
SAID = {
    "note": "两人没有书面合同",
    "evidence": "照片2",
    "article": "劳动合同法 第十条",
    "measure": "补订书面合同",
    "due_on": "2026-04-10",
    "person": "示例人乙",
}


def read(given: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    answers, problems = read_answers(FORM, (), {"rows": {"contract": given}}, {})
    return answers, [str(one.message) for one in problems]


def test_everything_said_of_a_problem_is_kept_and_stands_among_the_problems() -> None:
    assert set(SAID) == {part.name for part in ROW_PARTS}
    answers, problems = read({"answer": "fail", **SAID})
    assert problems == []
    assert answers["rows"]["contract"] == {"answer": "fail", **SAID}
    assert answers["problems"] == [
        {
            "form": "check",
            "row": "contract",
            "title": "劳动合同",
            "basis": ROW.basis,
            "answer": "fail",
            **SAID,
        }
    ]


def test_the_term_is_a_day() -> None:
    answers, problems = read({"answer": "fail", "note": "无", "due_on": "下个月"})
    assert len(problems) == 1
    assert "整改期限" in problems[0]
    assert "due_on" not in answers["rows"]["contract"]


def test_what_is_said_of_a_problem_is_not_kept_of_a_row_in_order() -> None:
    answers, problems = read({"answer": "pass", **SAID})
    assert problems == []
    assert answers["rows"]["contract"] == {"answer": "pass", "note": SAID["note"], "evidence": "照片2"}
    assert [part.name for part in parts_of("pass")] == ["note", "evidence"]


def test_the_article_is_the_basis_of_the_row_unless_a_part_of_it_is_named() -> None:
    assert article_of(problem_of(ROW, {"answer": "fail"})) == ROW.basis
    assert article_of(problem_of(ROW, {"answer": "fail", **SAID})) == "劳动合同法 第十条"


def test_another_column_is_refused() -> None:
    assert "demand" in read({"answer": "pass", "demand": "x"})[1][0]
