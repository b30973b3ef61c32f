"""Texts with places."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from engine.lifecycle.expressions.arithmetic import Arithmetic
from engine.lifecycle.expressions.expression import EvaluationError, Expression, Literal, Name
from engine.lifecycle.expressions.template import Template, format_value

TITLE = Expression("case.title", Name(("case", "title")))
SUM = Expression("case.n + 1", Arithmetic("+", Name(("case", "n")), Literal(1)))
TEMPLATE = Template("请审核 {{ case.title }}（{{ case.n + 1 }}）", ("请审核 ", TITLE, "（", SUM, "）"))


def test_places_are_filled() -> None:
    assert TEMPLATE.render({"case": {"title": "甲厂", "n": 2}}) == "请审核 甲厂（3）"
    assert list(TEMPLATE.expressions()) == [TITLE, SUM]
    assert Template("无", ("无",)).render({}) == "无"


def test_a_place_that_cannot_be_worked_out_is_refused_and_one_without_an_answer_is_empty() -> None:
    with pytest.raises(EvaluationError):
        TEMPLATE.render({"case": {"title": "甲厂", "n": "many"}})
    assert TEMPLATE.render({"case": {"title": "甲厂"}}) == "请审核 甲厂（）"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "是"),
        (False, "否"),
        (["甲", None, True], "甲、、是"),
        (("甲", ["乙", "丙"]), "甲、乙、丙"),
        ({"id": "E1", "name": "甲厂", "title": ""}, "甲厂"),
        ({"id": "E1"}, "E1"),
        ({"other": 1}, ""),
        (Fraction(1, 3), "1/3"),
        (Fraction(4, 2), "2"),
        (Fraction(601, 10), "60.1"),
        (7, "7"),
        ("2024-09-01", "2024-09-01"),
    ],
)
def test_values_as_people_read_them(value: Any, text: str) -> None:
    assert format_value(value) == text
