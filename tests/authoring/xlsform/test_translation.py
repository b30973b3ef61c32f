"""Expressions of XLSForm and what they are in our grammar."""

from __future__ import annotations

import pytest

from engine.authoring.xlsform.translation import Asked, Translator, quoted
from engine.authoring.xlsform.xpath import XPathError

NAMES = {
    "n": Asked("n", "integer"),
    "d": Asked("d", "decimal"),
    "t": Asked("t", "text"),
    "c": Asked("c", "choice"),
    "m": Asked("m", "choices"),
    "b": Asked("b", "boolean"),
    "day": Asked("day", "date"),
    "r": Asked("r", "list"),
    "k": Asked("k", "integer", ("r",)),
}
PLAIN = Translator(NAMES.get, NAMES["n"])
ROW = Translator(NAMES.get, NAMES["k"], ("r",))


@pytest.mark.parametrize(
    ("source", "ours"),
    [
        ("${c} = 'x' and selected(${m}, 'y')", "form.c == 'x' and 'y' in form.m"),
        ("selected(${c}, 'x')", "form.c == 'x'"),
        (". > 0", "form.n > 0"),
        (". < 5", "form.n < 5"),
        ("not(${b})", "not (form.b)"),
        ("${t} != 'x'", "not (form.t == 'x')"),
        ("${t} = ''", "empty(form.t)"),
        ("${t} != ''", "filled(form.t)"),
        ("'x' = ${c}", "form.c == 'x'"),
        ("5 >= ${n}", "form.n <= 5"),
        ("count-selected(${m}) <= 3", "length(form.m) <= 3"),
        ("${n} + ${d} * 2 - 1 > 3", "form.n + form.d * 2 - 1 > 3"),
        ("(${n} + 1) * 2 = 4", "(form.n + 1) * 2 == 4"),
        ("${n} div 2 > 1", "form.n / 2 > 1"),
        ("-${n} < 0", "0 - form.n < 0"),
        ("${n} - -1 = 2", "form.n - -1 == 2"),
        ("${day} <= today()", "form.day <= today"),
        ("today() - ${day} > 30", "days_between(form.day, today) > 30"),
        ("${day} + 7 < today()", "days_after(form.day, 7) < today"),
        ("${n} = '5'", "form.n == 5"),
        ("${c} = 5", "form.c == '5'"),
        ("${b} = 'OK'", "form.b"),
        ("string-length(${t}) > 3", "length(form.t) > 3"),
        ("sum(${k}) > 3", "sum(form.r, it.k) > 3"),
        ("count(${r}) = 2", "length(form.r) == 2"),
        ("count-non-empty(${k}) = 2", "count(form.r, filled(it.k)) == 2"),
        ("max(${k}) > 1 or true()", "true"),
        ("${b} or false()", "form.b"),
        ("${b} and (${n} = 1 or ${n} = 2)", "form.b and (form.n == 1 or form.n == 2)"),
        ("${t}", "filled(form.t)"),
        ("${n}", "form.n != 0"),
        ("if(${b}, ${n} = 1, ${n} = 2)", "form.b and form.n == 1 or not (form.b) and form.n == 2"),
        ("coalesce(${n}, 0) > 1", "first_filled(form.n, 0) > 1"),
        ("contains(${t}, 'x')", "'x' in form.t"),
        ("int(${d}) = 1 and round(${d}, 2) > 0", "round_down(form.d) == 1 and round(form.d, 2) > 0"),
        ("${t} = ‘x’", "form.t == 'x'"),
        ("${day} > date('2024-01-01')", "form.day > '2024-01-01'"),
        ("${m} = 'x'", "length(form.m) == 1 and 'x' in form.m"),
        ("not(${m} = 'x' or ${b})", "not (length(form.m) == 1 and 'x' in form.m or form.b)"),
    ],
)
def test_what_an_expression_becomes(source: str, ours: str) -> None:
    assert PLAIN.condition(source).text == ours


def test_inside_a_row_its_questions_are_it() -> None:
    assert ROW.condition(". > ${n} and ${k} != 3").text == "it.k > form.n and not (it.k == 3)"


@pytest.mark.parametrize(
    "source",
    [
        "${nobody} = 1", "${k} = 1", "regex(., 'a')", "${n} mod 2 = 0", "../x = 1", "/data/x = 1", "concat(${t}, 'a') = 'b'",
        "${t} > 3", "${m} < 2", "${n} = 'x'", "x = 1", "${n} = ", "${n} = 1)", "now() > 1", "sum(${n})", "${day} = ${n}",
        "if(${b}, 1, 2) = 1", "selected(${m})", "(" * 60 + "1" + ")" * 60, "1 + " * 900 + "1", "é#", "position(..)",
        "a[1]", "count(1)",
    ],
)  # fmt: skip
def test_what_cannot_be_said_in_our_grammar_is_refused_with_a_sentence(source: str) -> None:
    with pytest.raises(XPathError) as refused:
        PLAIN.condition(source)
    assert str(refused.value.message)


def test_texts_with_both_quotes_cannot_be_written() -> None:
    assert quoted("it's") == '"it\'s"'
    with pytest.raises(XPathError):
        quoted("'\"")
