"""How a limit is written around its length: marks, and ``on`` a date, in both languages."""

from __future__ import annotations

import pytest
from parts import NAMES, said, value_of

from engine.definition.reader.deadlines.limits import is_on_date, read_marked, read_on_date
from engine.definition.reader.diagnostics import Diagnostics
from engine.lifecycle.model.period_mark import PeriodMark, join_messages, mark_text
from engine.yamltext.nodes import ScalarNode


@pytest.mark.parametrize(
    ("written", "length", "mark"),
    [
        ("5 working days", "5 working days", PeriodMark.STATUTORY),
        ("{5 working days: suggested}", "5 working days", PeriodMark.SUGGESTED),
        ("{5个工作日: 建议值}", "5个工作日", PeriodMark.SUGGESTED),
        ("{by 10-31: local}", "by 10-31", PeriodMark.LOCAL),
        ("{10月31日前: 本地规定}", "10月31日前", PeriodMark.LOCAL),
    ],
)
def test_a_period_and_its_mark(written: str, length: str, mark: PeriodMark) -> None:
    diagnostics = Diagnostics("demo.yaml", f"x: {written}\n")
    found, seen = read_marked(diagnostics, value_of(written))
    assert isinstance(found, ScalarNode)
    assert (found.text, seen, diagnostics.problems) == (length, mark, [])


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("{5 days: suggestd}", "unknown-word"),
        ("{5 days: suggested, 3 days: local}", "deadline-syntax"),
    ],
)
def test_marks_that_cannot_be(written: str, problem: str) -> None:
    diagnostics = Diagnostics("demo.yaml", f"x: {written}\n")
    read_marked(diagnostics, value_of(written))
    assert [one.split()[1] for one in said(diagnostics)] == [problem]


@pytest.mark.parametrize("word", ["on", "至"])
def test_a_due_day_is_an_expression_that_gives_a_date(word: str) -> None:
    diagnostics = Diagnostics("demo.yaml", f"x: {word} form.on\n")
    node = value_of(f"{word} form.on")
    expression = read_on_date(diagnostics, node, NAMES)
    assert expression is not None
    assert (is_on_date(node), expression.source, diagnostics.problems) == (True, "form.on", [])
    wrong = Diagnostics("demo.yaml", f"x: {word} form.staff\n")
    read_on_date(wrong, value_of(f"{word} form.staff"), NAMES)
    assert [one.split()[1] for one in said(wrong)] == ["type-mismatch"]
    assert not is_on_date(value_of("10 days"))


def test_marks_as_they_are_shown() -> None:
    assert [str(mark_text(mark)) for mark in PeriodMark] == ["", "（建议值）", "（本地规定）"]
    assert str(join_messages(mark_text(PeriodMark.LOCAL), "（暂定）")) == "（本地规定）（暂定）"
    assert (join_messages("", "甲"), join_messages("甲", "")) == ("甲", "甲")
