"""Expressions: what may be said, what is refused with its reason, and how names and types are checked."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definition.expressions import parse_condition, parse_expression
from engine.definition.templates import parse_template
from engine.definition.types import ANY, BOOLEAN, DATE, EXACT, NUMBER, TEXT, coded, list_of, record

NAMES = {
    "form": record(
        {
            "n": NUMBER,
            "day": DATE,
            "share": EXACT,
            "method": coded({"onsite": "现场", "written": "书面"}),
            "ok": BOOLEAN,
            "rows": list_of(record({"what": TEXT, "amount": EXACT})),
            "检查日期": DATE,
        }
    ),
    "today": DATE,
    "actor": record({"id": TEXT, "roles": list_of(TEXT)}),
    "subject": record({}, more=True),
    "loose": ANY,
}


def faults(source: str) -> list[tuple[str, int]]:
    return [(fault.rule, fault.at) for fault in parse_condition(source, NAMES).faults]


@pytest.mark.parametrize(
    ("source", "scope", "value"),
    [
        ("form.n > 1", {"form": {"n": 2}}, True),
        ("1 < form.n <= 5", {"form": {"n": 5}}, True),
        ("form.n + 1 - 2 == -1", {"form": {"n": 0}}, True),
        ("form.rows | length >= 2", {"form": {"rows": [1, 2]}}, True),
        ("not form.ok or form.n in [1, 2]", {"form": {"ok": True, "n": 2}}, True),
        ("form.method not in ['onsite']", {"form": {"method": "written"}}, True),
        ("days_between(form.day, today) <= 5", {"form": {"day": "2024-04-20"}, "today": "2024-04-25"}, True),
        ("form.检查日期 <= today", {"form": {"检查日期": "2024-04-20"}, "today": "2024-04-20"}, True),
        ("form.share >= '5%'", {"form": {"share": "0.05"}}, True),
        ("form.share < 0.05", {"form": {"share": "5%"}}, False),
        ("form.share == '1/20'", {"form": {"share": "5%"}}, True),
        (
            "actor.id in collect(form.rows, it.what)",
            {"actor": {"id": "a"}, "form": {"rows": [{"what": "a"}]}},
            True,
        ),
        ("filled(form.day) and empty(loose)", {"form": {"day": "2024-01-01"}}, True),
        ("subject.anything == 'x'", {"subject": {"anything": "x"}}, True),
        ("true", {}, True),
    ],
)
def test_what_may_be_said(source, scope, value):
    parsed = parse_condition(source, NAMES)
    assert parsed.faults == []
    assert parsed.expression is not None
    assert parsed.expression.value(scope) is value


ESCAPES = [
    "''.__class__",
    "form.__class__.__mro__",
    "form._private",
    "().__class__.__bases__[0].__subclasses__()",
    "loose.items()",
    "loose.x.format(1)",
    "form.n.bit_length()",
    "range(10**9)",
    "lipsum.__globals__",
    "cycler.__init__.__globals__.os.popen('id')",
    "self.__init__",
    "namespace(a=1)",
    "joiner()",
    "'a' * 1000000000",
    "9 ** 999999",
    "form.n / 0",
    "form.n // 2",
    "form.n % 2",
    "'%999999999d' % 1",
    "'a' ~ 'b'",
    "form['n']",
    "form.rows[0]",
    "form.rows[0:1]",
    "loose|attr('__class__')",
    "loose|map('upper')",
    "loose|tojson",
    "loose is defined",
    "loose is callable",
    "1 if form.ok else 2",
    "{'a': 1}",
    "(1, 2)",
    "+form.n",
    "length(*loose)",
    "length(**loose)",
    "collect(rows=loose, column='a')",
    "x }}{% for a in b %}{{ a",
    "{{ form.ok }}",
    "form.ok }}",
    "{# c #} form.ok",
    "form.ok #}",
    "form.ok\nand true",
    "(" * 25 + "form.ok" + ")" * 25,
    "a" * 501,
    "",
    "  ",
    "1e999",
    "1" * 400,
]


@pytest.mark.parametrize("source", ESCAPES)
def test_everything_else_is_refused_with_a_reason(source):
    parsed = parse_condition(source, NAMES)
    assert parsed.expression is None
    assert parsed.faults
    assert all(str(fault.message) for fault in parsed.faults)


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("form.nn > 1", ("unknown-name", 5)),
        ("form.n > 1 and frm.n > 1", ("unknown-name", 15)),
        ("'form.x' == actor.name", ("unknown-name", 18)),
        ("form.rows.what == 'a'", ("unknown-name", 10)),
        ("collect(form.rows, it.who) | length > 0", ("unknown-name", 22)),
        ("collect(form.rows, 'who') | length > 0", ("type-mismatch", 0)),
        ("form.n", ("guard-not-boolean", 0)),
        ("not form.day", ("guard-not-boolean", 4)),
        ("form.ok and form.n", ("guard-not-boolean", 12)),
        ("form.day > 5", ("type-mismatch", 0)),
        ("form.day >= '2024-02-30'", ("type-mismatch", 13)),
        ("form.day - 3 > 1", ("type-mismatch", 0)),
        ("form.method == 1", ("unknown-choice", 15)),
        ("form.method == 'onsit'", ("unknown-choice", 16)),
        ("form.method in ['onsite', 'phone']", ("unknown-choice", 27)),
        ("form.ok > true", ("type-mismatch", 0)),
        ("form.rows > 2", ("type-mismatch", 0)),
        ("form.share > 'many'", ("type-mismatch", 14)),
        ("form.n in 5", ("type-mismatch", 0)),
        ("form.n = 1", ("expression-syntax", 7)),
        ("form.n > 1.5\uff11", ("expression-syntax", 0)),
        ("form.ok && form.ok", ("expression-syntax", 8)),
        ("form.n ＞ 1", ("full-width-punctuation", 7)),
        ("form.method == “onsite”", ("full-width-punctuation", 15)),
        ("form.n | lenght > 1", ("unknown-function", 9)),
        ("length(form.rows, 1) > 1", ("unknown-function", 0)),
    ],
)
def test_faults_stand_at_their_column(source, fault):
    assert faults(source) == [fault]


def test_did_you_mean():
    (fault,) = parse_condition("form.mehtod == 'onsite'", NAMES).faults
    assert "method" in str(fault.hint)
    (fault,) = parse_condition("form.method == '现场'", NAMES).faults
    assert "'onsite'" in str(fault.hint)


def test_all_faults_of_an_expression_are_told():
    assert len(parse_condition("form.a == 1 or form.b == 2 or form.method == 'x'", NAMES).faults) == 3


def test_a_decimal_is_exact_in_a_comparison_and_as_written_in_a_text():
    exact = parse_expression("form.share", NAMES)
    assert exact.expression is not None
    assert exact.expression.value({"form": {"share": "5%"}}) == Fraction(1, 20)
    template, found = parse_template("比例 {{ form.share }}，{{ form.ok }}，{{ form.n }}", NAMES)
    assert found == []
    assert template is not None
    assert template.render({"form": {"share": "5%", "ok": True}}) == "比例 5%，是，"


@pytest.mark.parametrize(
    "text", ["{{ a", "a }}", "{% if x %}", "{# x #}", "{{ form.nothing }}", "{{ form.n ** 2 }}", "x" * 4001]
)
def test_templates_are_checked_as_expressions_are(text):
    template, found = parse_template(text, NAMES)
    assert template is None
    assert found


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_no_text_ever_raises(source):
    parsed = parse_condition(source, NAMES)
    assert (parsed.expression is None) == bool(parsed.faults)
    parse_template(source, NAMES)


TOKENS = st.sampled_from(
    [
        "form.n",
        "form.day",
        "form.share",
        "form.ok",
        "form.method",
        "form.rows",
        "(",
        ")",
        "[",
        "]",
        ",",
        "+",
        "-",
        "*",
        "~",
        "==",
        "<",
        "in",
        "not",
        "and",
        "or",
        "|",
        "length",
        "filled",
        "'x'",
        "1",
        "0.5",
        ".",
        ":",
        "is",
        "if",
        "else",
        "{",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(TOKENS, max_size=15))
def test_no_mixture_of_tokens_ever_raises(tokens):
    parsed = parse_condition(" ".join(tokens), NAMES)
    assert (parsed.expression is None) == bool(parsed.faults)


def test_a_decimal_of_more_digits_than_are_kept_is_refused() -> None:
    parsed = parse_condition("form.n == 3.50000000000000000001", NAMES)
    assert [str(fault.message) for fault in parsed.faults] == ["小数最多 15 位数字"]
    assert parse_condition("form.n == 3.00000000000001", NAMES).faults == []
    assert parse_condition("form.share == '3.50000000000000000001'", NAMES).faults == []


@pytest.mark.parametrize("name", ["sum", "min", "max", "collect"])
def test_rows_are_chosen_by_a_condition_that_sees_the_row(name: str) -> None:
    parsed = parse_expression(f"{name}(form.rows, it.n, it.kind == 'a')", None)
    assert parsed.faults == []
    for wrong, said in (
        ("it.n, it.n + 1", "“是或否”"),
        ("it.n, it.kind == 'a', it.n > 1", "要 2 个参数，实为 4 个"),
    ):
        faults = parse_expression(f"{name}(form.rows, {wrong})", None).faults
        assert any(said in str(one.message) for one in faults)


def test_what_asks_something_of_each_row_takes_no_second_condition() -> None:
    for name in ("count", "every", "some"):
        (fault,) = parse_expression(f"{name}(form.rows, it.n > 1, it.kind == 'a')", None).faults
        assert (fault.rule, str(fault.hint)) == ("unknown-function", "两个条件用 and 连接")
