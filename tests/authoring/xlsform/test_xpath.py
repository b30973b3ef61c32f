"""The tree of an expression."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.authoring.xlsform.xpath import (
    Column,
    Function,
    Number,
    Operation,
    Own,
    Ref,
    Text,
    XPathError,
    parse_xpath,
)


def test_operators_bind_as_in_xpath() -> None:
    assert parse_xpath("1 + 2 * 3 = 7 and .") == Operation(
        "and",
        Operation("=", Operation("+", Number("1"), Operation("*", Number("2"), Number("3"))), Number("7")),
        Own(),
    )
    assert parse_xpath("${ a } div b") == Operation("div", Ref("a"), Column("b"))
    assert parse_xpath("count-selected(${a}, 'x')") == Function("count-selected", (Ref("a"), Text("x")))


@given(st.text(alphabet="${}ab.()'\" =<>!+-*/,1andortis[]", max_size=40))
def test_anything_is_a_tree_or_refused(source: str) -> None:
    try:
        parse_xpath(source)
    except XPathError:
        return
