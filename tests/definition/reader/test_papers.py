"""``papers`` of a bureau file."""

from __future__ import annotations

import pytest
from parts import book_of, said, value_of

from engine.definition.reader.papers import check_papers, read_paper_policy
from engine.lifecycle.model.paper_series import PaperPolicy, PaperSeries

SECTIONS = {"labour": "劳动监察大队", "market": "市场股"}


def read(text: str) -> tuple[PaperPolicy, list[str]]:
    diagnostics = book_of(text)
    return read_paper_policy(diagnostics, value_of(text), SECTIONS), said(diagnostics)


def test_series_are_read_in_both_languages() -> None:
    found, problems = read(
        "{agency: 示人社, sections: {labour: 监, market: 市}, series: {"
        "notice: {title: 通知书, pattern: '{agency}通〔{year}〕{n}号', papers: [notice]},"
        " order: {名称: 指令书, 样式: '{section}令〔{year}〕{n}号', 文书编号: [order, second_order]}}}"
    )
    assert problems == []
    assert found == PaperPolicy(
        "示人社",
        {"labour": "监", "market": "市"},
        {
            "notice": PaperSeries("notice", "通知书", "{agency}通〔{year}〕{n}号", ("notice",)),
            "order": PaperSeries("order", "指令书", "{section}令〔{year}〕{n}号", ("order", "second_order")),
        },
    )
    assert read_paper_policy(book_of(""), None, SECTIONS) == PaperPolicy()


@pytest.mark.parametrize(
    ("series", "problem"),
    [
        ("a: {title: 甲, pattern: '〔{year}〕号', papers: [x]}", "序号"),
        ("a: {title: 甲, pattern: '{n}号', papers: [x]}", "序号"),
        ("a: {title: 甲, pattern: '{no}〔{year}〕{n}号', papers: [x]}", "{no}"),
        ("a: {title: 甲, pattern: '{section}〔{year}〕{n}号', papers: [x]}", "市场股"),
        (
            "a: {title: 甲, pattern: '〔{year}〕{n}号', papers: [x]}, b: {title: 乙, pattern: '乙〔{year}〕{n}号', papers: [x]}",
            "“a”",
        ),
    ],
)
def test_what_could_not_be_printed_is_a_problem(series: str, problem: str) -> None:
    _, problems = read(f"{{agency: 示, sections: {{labour: 监}}, series: {{{series}}}}}")
    assert len(problems) == 1
    assert problem in problems[0]


def test_a_word_for_a_section_there_is_not_is_a_problem() -> None:
    _, problems = read("{agency: 示, sections: {nobody: 监}, series: {}}")
    assert any("nobody" in problem for problem in problems)


def test_a_paper_without_a_template_has_no_number() -> None:
    text = (
        "{agency: 甲, series: {notice: {title: 通知书, pattern: '{year}年{n}号', papers: [notice, notise]}}}"
    )
    diagnostics = book_of(text)
    check_papers(diagnostics, value_of(text), {"notice": ""})
    assert ["unknown-template" in one and "notise" in one for one in said(diagnostics)] == [True]
    check_papers(diagnostics, None, {})
    assert len(said(diagnostics)) == 1


PATTERNS = "{{a: {{title: 甲, pattern: '{a}', papers: [x]}}, b: {{title: 乙, pattern: '{b}', papers: [y]}}}}"


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("示函〔{year}〕{n}号", "示函〔{year}〕{n}号", True),
        ("{agency}函〔{year}〕{n}号", "示函〔{year}〕{n}号", True),
        # 21 of the one is 1 of the other.
        ("示函〔{year}〕{n}号", "示函〔{year}〕2{n}号", True),
        ("示函{year}{n}号", "示函{n}{year}号", True),
        ("示函〔{year}〕1{n}号", "示函〔{year}〕2{n}号", False),
        ("示函〔{year}〕0{n}号", "示函〔{year}〕{n}号", False),
        ("示函〔{year}〕{n}号", "示令〔{year}〕{n}号", False),
        ("示函〔{year}〕{n}号", "示函〔{year}〕{n}", False),
        ("{n}号〔{year}〕", "〔{year}〕{n}号", False),
    ],
)
def test_two_series_never_give_the_same_number(a: str, b: str, alike: bool) -> None:
    _, problems = read(f"{{agency: 示, series: {PATTERNS.format(a=a, b=b)}}}")
    assert [("“乙”与“甲”会给出同一个文号" in one) for one in problems] == [True] * alike


@pytest.mark.parametrize(("word", "alike"), [("监", True), ("市", False)])
def test_two_sections_of_a_series_have_different_words(word: str, alike: bool) -> None:
    series = "{a: {title: 甲, pattern: '{section}函〔{year}〕{n}号', papers: [x]}}"
    _, problems = read(f"{{agency: 示, sections: {{labour: 监, market: {word}}}, series: {series}}}")
    expected = "“甲（市场股）”与“甲（劳动监察大队）”会给出同一个文号"
    assert [expected in one for one in problems] == [True] * alike
    without = series.replace("{section}", "")
    assert read(f"{{agency: 示, sections: {{labour: 监, market: 监}}, series: {without}}}")[1] == []


def test_many_series_with_the_same_fixed_text_are_read_at_once() -> None:
    words = [f"{number:03}" for number in range(150)]
    series = ", ".join(
        f"s{w}: {{title: 序{w}, pattern: '函〔{{year}}〕9{w}0{{n}}号', papers: [p{w}]}}" for w in words
    )
    assert read(f"{{agency: 示, series: {{{series}}}}}")[1] == []
