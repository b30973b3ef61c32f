"""Conditions read aloud."""

from __future__ import annotations

import pytest
from shipped_conditions import shipped_conditions

from engine.definition.condition_rows.spoken import code_of, said_condition, spoken
from engine.definition.expressions import parse_expression

TITLES = {
    "form.a": "甲栏",
    "form.b": "乙栏",
    "it.x": "项",
    code_of("form.a", "y"): "甲栏的词",
    code_of("form.b", "y"): "乙栏的词",
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("form.a == 'x'", "“甲栏” 是 x"),
        ("form.a and (form.b or not form.a)", "“甲栏”为“是”，并且（“乙栏”为“是”，或者“甲栏”为“否”）"),
        ("every(form.a, it.x > 2)", "“甲栏”的每一行都：“项” 大于 2"),
        ("first_filled(form.a, form.b) == 1", "“甲栏”（没有填的，用“乙栏”） 是 1"),
        ("some(form.a, filled(it.x))", "“甲栏”至少一行：“项”已填"),
        ("count(form.a, empty(it.x)) >= 2", "“甲栏”的行数（“项”没有填） 不小于 2"),
        ("length(form.a) == 1", "“甲栏”的个数 是 1"),
        ("not disjoint(form.a, ['x'])", "“甲栏”至少有其中一项：x"),
        ("within(form.a, form.b)", "“甲栏”都在“乙栏”之中"),
        ("asked(form.a)", "问过“甲栏”"),
        ("form.a > 0.5 + form.b", "“甲栏” 大于（晚于） 0.5 + “乙栏”"),
        ("form.a == true", "“甲栏”为“是”"),
        ("max(form.a, it.x) > 1", "max(“甲栏”, “项”) 大于 1"),
        ("form.a != false", "“甲栏”不为“否”"),
        ("form.a == 'y'", "“甲栏” 是 甲栏的词"),
        ("form.b == 'y'", "“乙栏” 是 乙栏的词"),
        ("form.b in ['x', 'y']", "“乙栏” 是其中之一： x、乙栏的词"),
        ("'y' in form.b", "“乙栏”含有乙栏的词"),
        ("not disjoint(form.a, ['y'])", "“甲栏”至少有其中一项：甲栏的词"),
        ("form.a ==", "form.a =="),
    ],
)
def test_a_condition_in_words(text: str, said: str) -> None:
    assert spoken(text, TITLES) == said


def test_every_shipped_condition_can_be_read_aloud() -> None:
    for place, text in shipped_conditions():
        assert spoken(text, TITLES) != text or text.isidentifier(), place


def test_a_name_alone_is_asked_whether_it_is_yes() -> None:
    parsed = parse_expression("form.a", None).expression
    assert parsed is not None
    assert said_condition(parsed, TITLES) == "“甲栏”为“是”"
    assert spoken("form.a", TITLES) == "“甲栏”"
