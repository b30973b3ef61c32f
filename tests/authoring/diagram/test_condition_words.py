"""Conditions of a workflow in the words of its section."""

from __future__ import annotations

import pytest
from drawn_workflows import VISIT

from engine.definition.expressions import parse_expression
from engine.language import in_language
from engine.lifecycle.expressions.condition import Condition


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("form.result in ['fine', 'bad']", "“结论” 是其中之一： 合格的、不合格的"),
        ("forms.judgement.result != 'bad'", "“判断表：结论” 不是 不合格的"),
        ("some(form.lines, it.kind == 'bad')", "“各行”至少一行：“类别” 是 坏的"),
        ("children.visit.in.done > 0", "“到了办结的检查子件的件数” 大于 0"),
        ("children.visit.open == 0", "“未办结的检查子件的件数” 是 0"),
        ("some(children.visit, it.state == 'waiting')", "“检查子件”至少一行：“所在环节” 是 等待"),
        ("case.state == 'open'", "“所在环节” 是 待检查"),
        ("clocks.whole.late", "“总期限已逾期”为“是”"),
        ("every(team, filled(it.cert_no))", "“检查组”的每一行都：“证件号”已填"),
        ("registers.objects.active > 0", "“检查对象名录中有效的条数” 大于 0"),
        ("case.unheard == 1", "“case.unheard” 是 1"),
    ],
)
def test_a_condition(text: str, said: str) -> None:
    expression = parse_expression(text, None).expression
    assert expression is not None
    assert VISIT.condition(Condition(expression), "judgement") == said


def test_words_are_in_the_language_of_whoever_reads() -> None:
    expression = parse_expression("case.state == 'waiting'", None).expression
    assert expression is not None
    chinese = VISIT.condition(Condition(expression))
    with in_language("en"):
        english = VISIT.condition(Condition(expression))
    assert (chinese, " is " in english, "所在环节" in english) == ("“所在环节” 是 等待", True, False)
    assert VISIT.condition(Condition(expression)) == chinese
