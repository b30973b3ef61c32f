"""Which text of a paper stands where."""

from __future__ import annotations

from paper_factories import everything, page

from engine.documents.paper.html_reading import read_paper
from engine.documents.parts.paper_tests import Place
from engine.documents.parts.places import squeezed, texts_by_place


def test_each_place_has_its_text_without_white_space() -> None:
    places = texts_by_place(read_paper(everything()))
    assert places[Place.TITLE] == "示例区人力资源和社会保障局行政检查通知书"
    assert places[Place.NUMBER] == "示人社检通〔2026〕5号"
    assert places[Place.ADDRESSEE] == "示例劳务有限公司："
    assert places[Place.SEAL] == "示例区人力资源和社会保障局2026年3月1日"
    assert places[Place.SIGNATURES] == "检查人员：日期：3月5日"
    assert places[Place.CODE] == "任务编号：inspection-18"
    assert places[Place.FOOT] == "本局格式。"
    for text in ("一、检查事项", "规章制度", "有权申请回避。", "同意"):
        assert text in places[Place.BODY]


def test_the_addressee_is_the_first_line_only() -> None:
    paper = read_paper(page('<p class="head">示例局</p><h1>函</h1><p>先说</p><p class="flat">甲公司：</p>'))
    assert texts_by_place(paper)[Place.ADDRESSEE] == ""
    assert texts_by_place(paper)[Place.BODY] == "先说甲公司："
    assert texts_by_place(paper)[Place.TITLE] == "示例局函"


def test_white_space_of_all_kinds_is_left_out() -> None:
    assert squeezed(" 甲\u3000乙\n丙\t丁 ") == "甲乙丙丁"
