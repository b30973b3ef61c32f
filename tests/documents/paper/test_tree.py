"""Elements of a rendered template."""

from __future__ import annotations

import pytest

from engine.documents.paper.tree import DEEPEST, Element, PaperError, collapsed, read_tree


def test_elements_know_their_line_class_and_text() -> None:
    tree = read_tree('<body>\n<p class="a b">一<b>二</b>\n 三</p></body>')
    found = tree.found("p")
    assert found is not None
    assert (found.line, found.classes, found.text()) == (2, {"a", "b"}, "一二 三")
    assert [child.tag for child in found.elements()] == ["b"]


def test_what_nobody_sees_is_no_text() -> None:
    tree = read_tree(
        "<html><head><style>p { color: red }</style><title>甲</title></head><body><p>乙</p></body></html>"
    )
    assert tree.text() == "甲乙"


def test_elements_that_hold_nothing_need_no_end() -> None:
    paragraph = read_tree("<p>一<br>二<br/>三</p>").found("p")
    assert paragraph is not None
    assert [child if isinstance(child, str) else child.tag for child in paragraph.children] == [
        "一",
        "br",
        "二",
        "br",
        "三",
    ]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>一", "第 1 行的 <p> 没有结束"),
        ("<p><b>一\n</p></b>", "第 2 行结束的是 </p>，这里应当先结束第 1 行的 <b>"),
        ("一</p>", "</p> 没有开头"),
        ("<div>" * (DEEPEST + 1), f"嵌套超过 {DEEPEST} 层"),
    ],
)
def test_tags_that_do_not_fit_are_refused_with_their_line(html: str, said: str) -> None:
    with pytest.raises(PaperError) as refused:
        read_tree(html)
    assert said in str(refused.value)


def test_only_white_space_of_html_is_collapsed() -> None:
    assert collapsed("一\n\t 二　　三") == "一 二　　三"
    assert Element("p", 1, {}, ["　　年"]).text() == "　　年"
