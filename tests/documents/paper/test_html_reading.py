"""The blocks of a rendered template."""

from __future__ import annotations

import pytest
from paper_factories import CODE, everything, page

from engine.documents.paper.blocks import (
    Code,
    Heading,
    Items,
    Look,
    Paragraph,
    Role,
    Run,
    Seal,
    Signatures,
    Table,
    Title,
)
from engine.documents.paper.html_reading import read_paper
from engine.documents.paper.tree import PaperError


def test_every_block_is_read() -> None:
    paper = read_paper(everything())
    assert (paper.title, paper.language, paper.look) == ("行政检查通知书 5号", "zh-CN", Look.PLAIN)
    kinds = [type(block) for block in paper.blocks]
    assert set(kinds) == {Title, Heading, Paragraph, Items, Table, Signatures, Seal, Code}
    roles = [block.role for block in paper.blocks if isinstance(block, Paragraph)]
    assert roles == [Role.NUMBER, Role.FLAT, Role.BODY, Role.DIGEST, Role.BODY, Role.FOOT]
    code = next(block for block in paper.blocks if isinstance(block, Code))
    assert (code.text, code.title) == (CODE, "任务二维码")


@pytest.mark.parametrize("look", list(Look))
def test_the_look_is_the_class_of_the_body(look: Look) -> None:
    assert read_paper(everything(look.value if look is not Look.PLAIN else "")).look is look


def test_who_issues_an_official_document_and_its_number_stand_above_the_title() -> None:
    paper = read_paper(
        page('<p class="head">示例局</p><p class="number">5号</p><h1>函</h1><p>文</p>', "official")
    )
    assert [block.role for block in paper.blocks if isinstance(block, Paragraph)] == [
        Role.HEAD,
        Role.NUMBER,
        Role.BODY,
    ]


def test_an_empty_paragraph_is_left_out_and_an_empty_item_kept_to_be_written_on() -> None:
    paper = read_paper(page("<h1>函</h1><p> </p><ol><li></li></ol><ul></ul>"))
    assert paper.blocks == (Title((Run("函"),)), Items(((),)))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<p>文</p><h1>函</h1>", "要以一个 <h1> 开头"),
        ("<h1>函</h1><h1>函</h1>", "只有这一个"),
        ("<h1>函</h1><h3>一</h3>", "第 5 行的标签 <h3> 不能写成 Word 或 PDF"),
        (
            '<h1>函</h1>\n<p class="foto">一</p>',
            "第 6 行的 <p> 用了样式“foto”，Word 和 PDF 里没有。是否想写“foot”",
        ),
        ('<h1>函</h1><p style="color: red">一</p>', "写了 style"),
        ("<h1>函</h1>散", "“散”不在任何段落里"),
        ("<h1>函</h1><div>一</div>", "<div> 没有写明是什么"),
        ('<h1>函</h1><div class="qr"><p>一</p></div>', "二维码没有内容"),
        ("<h1>函</h1><strong>一</strong>", "<strong> 不能直接放在正文里"),
        ("<h1>函</h1><script>x()</script>", "<script> 不能写成"),
        ('<h1>函</h1><p>一<img src="x"></p>', "<img> 不能写成"),
    ],
)
def test_what_word_and_pdf_have_no_counterpart_of_is_refused_by_name_and_line(body: str, said: str) -> None:
    with pytest.raises(PaperError) as refused:
        read_paper(page(body))
    assert said in str(refused.value)


def test_a_document_without_a_body_is_refused() -> None:
    with pytest.raises(PaperError, match="没有 <body>"):
        read_paper("<p>一</p>")
