"""The text of a paper."""

from __future__ import annotations

from paper_factories import everything

from engine.documents.paper.blocks import (
    MAX_WHOLE_LETTERS,
    Blank,
    Box,
    Cell,
    Heading,
    Items,
    LineBreak,
    Paper,
    Paragraph,
    Row,
    Run,
    Seal,
    Table,
    Title,
    item_mark,
    kept_items,
    kept_with_next,
    line_text,
    paper_lines,
    paper_text,
)
from engine.documents.paper.html_reading import read_paper


def test_the_text_of_a_line_leaves_boxes_out_and_breaks_lines() -> None:
    assert (
        line_text((Run("甲"), Box(), Blank("乙"), LineBreak(), Blank(), Run("丙", bold=True))) == "甲乙\n丙"
    )


def test_a_table_of_many_letters_goes_over_the_page_however_few_its_rows() -> None:
    def table(letters: int) -> Table:
        return Table((Row((Cell(((Run("甲" * letters),),)),)),))

    assert table(MAX_WHOLE_LETTERS).whole
    assert not table(MAX_WHOLE_LETTERS + 1).whole


def test_a_short_line_above_a_seal_is_kept_with_the_text_above_it() -> None:
    text, called, seal = Paragraph((Run("文" * 80),)), Paragraph((Run("电话"),)), Seal(((Run("局"),),))
    assert kept_with_next((Title((Run("函"),)), text, called, seal)) == [False, True, True, False]
    assert kept_with_next((Title((Run("函"),)), called, text, seal)) == [False, False, True, False]
    assert kept_with_next((Title((Run("函"),)), Heading((Run("一"),)), called, seal)) == [
        True,
        True,
        True,
        False,
    ]


def test_items_are_numbered_from_one() -> None:
    paper = Paper(
        "", "zh-CN", (Title((Run("名"),)), Items(((Run("甲"),), ())), Items(((Run("乙"),),), ordered=False))
    )
    assert paper_text(paper) == "名\n1．甲\n2．\n·乙"
    assert item_mark(12, ordered=True) == "12．"


def test_every_block_gives_its_lines_in_reading_order() -> None:
    text = paper_text(read_paper(everything()))
    wanted = [
        "示例区人力资源和社会保障局",
        "行政检查通知书",
        "示人社检通〔2026〕5号",
        "经抽取，本局定于 2026年3月5日检查。",
        "序号",
    ]
    wanted += [
        "意见",
        "同意",
        "是",
        "1．有权陈述、申辩。",
        "·营业执照",
        "abcd ef01 2345 6789\n0000",
        "摘要 00ff",
        "日期：3月5日",
    ]
    wanted += ["2026年3月1日", "任务编号：inspection-18", "本局格式。"]
    places = [text.index(part) for part in wanted]
    assert places == sorted(places)
    assert len(list(paper_lines(read_paper(everything())))) == 26


def test_a_short_table_is_kept_whole() -> None:
    row = Row((Cell(((Run("一"),),)),))
    assert Table((row,) * 8).whole
    assert not Table((row,) * 9).whole


def test_of_a_list_above_a_seal_as_many_items_are_kept_with_it_as_text_above_it() -> None:
    def items(*letters: int) -> Items:
        return Items(tuple((Run("字" * count),) for count in letters))

    assert kept_items(items(30, 30, 30, 30)) == 2
    assert kept_items(items(10, 70)) == 1
    # A list shorter than what is needed is kept whole.
    assert kept_items(items(10, 10)) == 2
