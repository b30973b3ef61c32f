"""The longest name wins, so that a regulation is not taken for the law it implements."""

from __future__ import annotations

import pytest

from engine.lifecycle.model.articles import ArticleTable, Law, with_title_marks

SCHOOLS = Law(id="schools", title="民办教育促进法")
RULES = Law(id="rules", title="民办教育促进法实施条例", short=("实施条例",))


def test_the_longest_name_wins() -> None:
    table = ArticleTable("t", (SCHOOLS, RULES))
    assert table.law_at_the_start_of("民办教育促进法 第三条") == (SCHOOLS, "民办教育促进法")
    assert table.law_at_the_start_of("民办教育促进法实施条例 第三条") == (RULES, "民办教育促进法实施条例")
    assert table.law_at_the_start_of("实施条例 第三条") == (RULES, "实施条例")
    assert table.law_at_the_start_of("教育法") is None


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (
            "劳动保障监察条例 第十一条第六项；劳动合同法 第三十条、第三十一条",
            "《劳动保障监察条例》第十一条第六项；《劳动合同法》第三十条、第三十一条",
        ),
        ("人力资源服务机构管理规定（部令50号） 第六条", "《人力资源服务机构管理规定》（部令50号）第六条"),
        ("《劳动法》第四十四条", "《劳动法》第四十四条"),
        ("实施方案 二（一）", "实施方案 二（一）"),
        ("见附件", "见附件"),
        ("", ""),
    ],
)
def test_a_law_is_printed_in_its_marks(written: str, printed: str) -> None:
    assert with_title_marks(written) == printed
