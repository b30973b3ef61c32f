"""The tree of an expression."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.authoring.xlsform.xpath import (
    XPathColumn,
    XPathError,
    XPathFunction,
    XPathNumber,
    XPathOperation,
    XPathOwnAnswer,
    XPathReference,
    XPathText,
    parse_xpath,
)


def test_operators_bind_as_in_xpath() -> None:
    assert parse_xpath("1 + 2 * 3 = 7 and .") == XPathOperation(
        "and",
        XPathOperation(
            "=",
            XPathOperation("+", XPathNumber("1"), XPathOperation("*", XPathNumber("2"), XPathNumber("3"))),
            XPathNumber("7"),
        ),
        XPathOwnAnswer(),
    )
    assert parse_xpath("${ a } div b") == XPathOperation("div", XPathReference("a"), XPathColumn("b"))
    assert parse_xpath("count-selected(${a}, 'x')") == XPathFunction(
        "count-selected", (XPathReference("a"), XPathText("x"))
    )


@given(st.text(alphabet="${}ab.()'\" =<>!+-*/,1andortis[]", max_size=40))
def test_anything_is_a_tree_or_refused(source: str) -> None:
    try:
        parse_xpath(source)
    except XPathError:
        return
