"""What a basis cites: names, articles, ranges, parts of a plan."""

from __future__ import annotations

import pytest

from engine.definition.reader.citations import Citation, citations, number
from engine.lifecycle.model.articles import Article, ArticleTable, Law

TITLE = Article(title="内容")
PENALTY = Law(id="penalty", title="行政处罚法", short=("处罚法",), articles={"42": TITLE, "55": TITLE})
SCHOOLS = Law(id="schools", title="民办教育促进法", articles={"20": TITLE, "21": TITLE, "22": TITLE})
RULES = Law(id="rules", title="民办教育促进法实施条例", articles={"30": TITLE})
CRIMINAL = Law(id="criminal", title="刑法", articles={"276-1": TITLE})
PLAN = Law(id="plan", title="实施方案", articles={"一": TITLE, "二（一）": TITLE, "三（二）": TITLE})
TABLE = ArticleTable("t", (PENALTY, SCHOOLS, RULES, CRIMINAL, PLAN))


def cited(text: str) -> list[tuple[str, str | None, bool]]:
    return [(one.name, one.article, one.known) for one in citations(text, TABLE)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("行政处罚法 第四十二条、第五十五条", [("行政处罚法", "42", True), ("行政处罚法", "55", True)]),
        ("《处罚法》第五十五条第二款", [("行政处罚法", "55", True)]),
        ("处罚法（2021年修订）第四十三条", [("行政处罚法", "43", False)]),
        (
            "民办教育促进法 第二十条至第二十二条",
            [("民办教育促进法", each, True) for each in ("20", "21", "22")],
        ),
        (
            "民办教育促进法 第二十条第一款至第二十一条",
            [("民办教育促进法", each, True) for each in ("20", "21")],
        ),
        ("民办教育促进法实施条例 第三十条", [("民办教育促进法实施条例", "30", True)]),
        ("刑法第二百七十六条之一", [("刑法", "276-1", True)]),
        ("刑法第二百七十六条", [("刑法", "276", False)]),
        ("实施方案 二（一）、三（二）", [("实施方案", "二（一）", True), ("实施方案", "三（二）", True)]),
        ("实施方案 一；处罚法 第四十二条", [("实施方案", "一", True), ("行政处罚法", "42", True)]),
        ("实施方案 九（九）", [("实施方案", "九（九）", False)]),
        ("行政处罚法", [("行政处罚法", None, True)]),
        ("某某法 第三条", [("某某法", "3", False)]),
        ("《某某办法》", [("某某办法", None, False)]),
        ("本局内部要求", []),
    ],
)
def test_what_a_basis_cites(text: str, expected: list[tuple[str, str | None, bool]]) -> None:
    assert cited(text) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("一百零五", 105), ("二百七十六", 276)],
)
def test_chinese_numbers(text: str, value: int) -> None:
    assert number(text) == value


def test_a_whole_law_of_the_table_is_known() -> None:
    assert Citation("刑法", CRIMINAL, None).known
    assert not Citation("x", None, None).known
