"""Papers as PDF."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pikepdf
import pytest
from paper_factories import everything, page
from pdf_text import outside_or_covered, pdf_pages, pdf_text, placed

from engine.documents.paper.blocks import Look
from engine.documents.paper.html_reading import read_paper
from engine.documents.paper.pdf import pdf_bytes
from engine.documents.paper.tree import PaperError

DAY = date(2026, 3, 1)


@pytest.mark.parametrize("look", list(Look))
def test_the_same_paper_gives_the_same_bytes(look: Look) -> None:
    paper = read_paper(everything(look.value if look is not Look.PLAIN else ""))
    assert pdf_bytes(paper, DAY) == pdf_bytes(paper, DAY)


def test_it_says_that_it_keeps_to_the_standards_of_archives_and_of_readers_for_the_blind() -> None:
    with pikepdf.open(io.BytesIO(pdf_bytes(read_paper(everything()), DAY))) as made:
        about = made.open_metadata()
        assert (about["pdfaid:part"], about["pdfaid:conformance"], about["pdfuaid:part"]) == ("2", "A", "1")
        assert about["dc:title"] == "行政检查通知书 5号"
        root = made.Root
        assert str(root.Lang).startswith("zh")
        assert root.MarkInfo.Marked
        assert "/StructTreeRoot" in root
        assert "/OutputIntents" in root
        assert "/JavaScript" not in root.get("/Names", {})
        assert "/OpenAction" not in root
        for sheet in made.pages:
            for font in sheet.Resources.Font.values():
                assert "/ToUnicode" in font
                inner = font.DescendantFonts[0].FontDescriptor
                assert {"/FontFile2", "/FontFile3"} & set(inner.keys())


def test_what_stands_in_a_paper_is_no_command_of_typst() -> None:
    text = '#read("/etc/passwd") $x$ *甲* @乙 \\ // 丙'
    plain, other = (pdf_bytes(read_paper(page(f"<h1>函</h1><p>{said}</p>")), DAY) for said in (text, "无"))
    assert len(plain) > len(other)


def test_a_letter_no_font_has_is_named_with_the_way_out() -> None:
    with pytest.raises(PaperError, match="PDF 字体里没有“𠮷”。请把有这个字的字体文件放进 forms/fonts"):
        pdf_bytes(read_paper(page("<h1>函</h1><p>𠮷某</p>")), DAY)


def test_a_heading_is_on_the_page_of_what_it_is_of() -> None:
    for lines in range(20, 32):
        body = f"<h1>函</h1>{'<p>甲</p>' * lines}<h2>二、要求</h2><ol><li>乙一</li><li>乙二</li></ol>"
        (where,) = [text for text in pdf_pages(pdf_bytes(read_paper(page(body)), DAY)) if "二、要求" in text]
        assert "乙一" in where, lines


def test_a_table_of_many_rows_begins_under_its_heading_and_goes_over_the_page() -> None:
    rows = "".join(f"<tr><td>{number}</td><td>名{number}。</td></tr>" for number in range(1, 37))
    body = (
        f"<h1>记录</h1><p>甲</p><h2>签到</h2><table><tbody>{rows}</tbody></table>"
        '<div class="sign"><p>承办人：</p><p>日期：</p></div>'
    )
    first, second = pdf_pages(pdf_bytes(read_paper(page(body)), DAY))
    assert "签到" in first
    assert "名1。" in first
    assert "名36。" in second
    assert "承办人" in second


def test_a_heading_across_a_table_is_on_the_page_of_the_row_below_it() -> None:
    for before in range(24, 34):
        rows = "".join(f"<tr><td>{number}</td><td>前{number}。</td></tr>" for number in range(before))
        after = "".join(f"<tr><td>{number}</td><td>后{number}。</td></tr>" for number in range(1, 12))
        body = (
            "<h1>检查表</h1><table><thead><tr><th scope='col'>序号</th><th scope='col'>事项</th></tr></thead>"
            f"<tbody>{rows}<tr><th colspan='2'>乙项</th></tr>{after}</tbody></table>"
        )
        (where,) = [text for text in pdf_pages(pdf_bytes(read_paper(page(body)), DAY)) if "乙项" in text]
        assert "后1。" in where, before


SENTENCE = "检查人员到场查看了劳动合同、工资台账和社会保险缴纳凭证，逐项核对并记录，未见有遗漏。"


@pytest.mark.parametrize("look", list(Look))
@pytest.mark.parametrize(
    "text",
    [
        f"<p>{SENTENCE * 8}</p>",
        f"<p>{SENTENCE * 60}</p>",
        "".join(f"<p>{SENTENCE}{number}</p>" for number in range(40)),
        "<br>".join(f"工人{number}" for number in range(120)),
        "A1" * 200,
        "SHIJIAZHUANGSHI@EXAMPLE.CN",
        " ".join(["SHIJIAZHUANG", "91990102MA6UF99T6T", "wwwwwwwwwwwwww"] * 90),
        "，".join(f"HETONG-2026-{number:05}-A" for number in range(90)),
        "、".join(["91990102MA6UF99T6T"] * 90),
    ],
    ids=[
        *("eight sentences", "sixty sentences", "forty paragraphs", "names a line", "no place to break"),
        *("an address", "words", "numbers", "codes"),
    ],
)
def test_a_cell_takes_the_room_that_its_text_needs(look: Look, text: str) -> None:
    rows = (
        f'<tr class="tall"><th scope="row">意见</th><td>{text}</td></tr>'
        f'<tr><th scope="row">事实</th><td>{text}</td></tr>'
        f'<tr><th scope="row" rowspan="2">两行</th><td>{text}</td></tr><tr><td class="tall">签字</td></tr>'
    )
    narrow = f"<tr><td>1</td><td>{text}</td><td>{text}</td><td>{text}</td><td>{text}</td></tr>"
    paper = read_paper(
        page(
            f"<h1>审批表</h1><p>甲</p><table><tbody>{rows}</tbody></table><table><tbody>{narrow}</tbody></table><p>末句。</p>",
            look.value if look is not Look.PLAIN else "",
        )
    )
    made = pdf_bytes(paper, DAY)
    assert outside_or_covered(made) == []
    assert "末句。" in pdf_text(made)


def test_a_short_table_stays_on_one_page_and_its_tall_row_has_room_to_write() -> None:
    rows = '<tr class="tall"><th scope="row">意见</th><td>同意</td></tr><tr><th scope="row">日期</th><td>某日</td></tr>'
    for lines in range(18, 32):
        body = f"<h1>审批表</h1>{'<p>甲</p>' * lines}<table><tbody>{rows}</tbody></table>"
        places = {one.text: one for one in placed(pdf_bytes(read_paper(page(body)), DAY))}
        opinion, day = places["意见"], places["日期"]
        assert opinion.page == day.page
        # 20 mm are 57 points; the text of a tall row is in its middle.
        assert opinion.base - day.base > 57 / 2


def test_what_is_signed_by_many_goes_over_the_page() -> None:
    lines = "".join(f'<p>签收人{number}：<span class="line"></span></p>' for number in range(120))
    made = pdf_bytes(read_paper(page(f'<h1>签到</h1><p>甲</p><div class="sign">{lines}</div>')), DAY)
    assert outside_or_covered(made) == []
    assert len(pdf_pages(made)) > 1


def test_what_is_filled_into_a_line_is_broken_where_it_is_long() -> None:
    filled = f'<p>经查：<span class="line">{SENTENCE * 5}</span>。</p>'
    assert outside_or_covered(pdf_bytes(read_paper(page(f"<h1>笔录</h1>{filled}")), DAY)) == []


@pytest.mark.parametrize("look", ["", "official"])
def test_a_list_above_a_seal_goes_over_the_page_and_leaves_none_half_empty(look: str) -> None:
    items = "".join(
        f"<li>每期任务由牵头股室拟定实施方案，经批准并向社会公开后实施，第{n}项。</li>" for n in range(14)
    )
    seal = '<div class="seal"><p>示例局</p><p>2026年3月5日</p></div><p class="foot">内部编号</p>'
    for lines in range(4, 28, 3):
        text = "<p>检查对象和检查人员由系统随机抽取，抽取的规则、过程和结果公开。</p>" * lines
        body = f"<h1>计划</h1>{text}<h2>三、要求</h2><ol>{items}</ol>{seal}"
        pages = ["".join(one.split()) for one in pdf_pages(pdf_bytes(read_paper(page(body, look)), DAY))]
        whole = [len(one) for one in pages[:-1]]
        assert all(letters * 10 >= max(whole) * 7 for letters in whole), (lines, whole)
        assert "第13项" in pages[-1], lines
        assert "示例局" in pages[-1], lines
        (heading,) = [one for one in pages if "三、要求" in one]
        assert "第0项" in heading, lines


_SENTENCE = "检查人员到场查看了劳动合同、工资台账，逐项核对并记录，未见有遗漏。"
_SIGNED = '<div class="sign"><p>检查人员签名处：<span class="line"></span></p></div>'
_SEALED = '<div class="seal"><p>示例盖章机关</p><p>2026年3月1日</p></div>'
#: What may be long above a seal, by how much of it there is.
_ABOVE: dict[str, Callable[[int], str]] = {
    "rows": lambda n: (
        "<table><tbody>" + "<tr><td>甲</td><td>第一项事项内容</td></tr>" * n + "</tbody></table>"
    ),
    "one cell": lambda n: f"<table><tbody><tr><th>事实</th><td>{_SENTENCE * n}</td></tr></tbody></table>",
    "one paragraph": lambda n: f"<p>{_SENTENCE * n}</p>",
}


@pytest.mark.parametrize("look", ["", "official"])
@pytest.mark.parametrize("above", sorted(_ABOVE))
@pytest.mark.parametrize("below", [_SIGNED, _SEALED + _SIGNED])
def test_signatures_begin_no_page_whatever_is_above_them(look: str, above: str, below: str) -> None:
    # At these lengths what is above ends at every line near the end of a page.
    for number in (*range(9, 32, 3), 52, 55):
        shown = pdf_pages(
            pdf_bytes(read_paper(page(f"<h1>函</h1>{_ABOVE[above](number)}{below}", look)), DAY)
        )
        for text in shown[1:]:
            found = [text.find(mark) for mark in ("检查人员签名处", "示例盖章机关") if mark in text]
            assert not found or min(found) >= 7, (number, text[:40])
        # Nothing is sent to the next page for it: the first is full, and what is written is there once.
        assert len(shown) == 1 or len(shown[0]) > 90, number
        assert "".join(shown).count("逐项核对" if above != "rows" else "第一项事项") == number


@pytest.mark.parametrize(
    "text",
    [
        "——" * 60,
        "……" * 60,
        "①②③④⑤" * 15,
        "Превысокомногорассмотрительствующий" * 4,
        "αβγδεζηθικλμ" * 10,
        "\u00a0".join(["Federal"] * 20),
        "\u2011".join(["Federal"] * 20),
        "\u2060".join("检查人员到场查看劳动合同工资台账" * 5),
        "￥1,000,000.00" * 8,
        "）" * 80,
        '<span class="box">□</span>' * 40,
        "abc<strong>DEF</strong>" * 20,
        "W<strong>W</strong>" * 60,
    ],
)
def test_what_has_no_place_for_the_end_of_a_line_stays_on_the_page(text: str) -> None:
    narrow = f"<table><tbody><tr><td>1</td><td>{text}</td><td>{text}</td><td>{text}</td></tr></tbody></table>"
    body = f"<h1>函</h1><p>{text}</p><h2>{text}</h2><ol><li>{text}</li></ol>{narrow}"
    assert outside_or_covered(pdf_bytes(read_paper(page(body)), DAY)) == []
