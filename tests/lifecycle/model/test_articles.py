"""The longest name wins, so that a regulation is not taken for the law it implements."""

from __future__ import annotations

from engine.lifecycle.model.articles import ArticleTable, Law

SCHOOLS = Law(id="schools", title="民办教育促进法")
RULES = Law(id="rules", title="民办教育促进法实施条例", short=("实施条例",))


def test_the_longest_name_wins() -> None:
    table = ArticleTable("t", (SCHOOLS, RULES))
    assert table.law_at_the_start_of("民办教育促进法 第三条") == (SCHOOLS, "民办教育促进法")
    assert table.law_at_the_start_of("民办教育促进法实施条例 第三条") == (RULES, "民办教育促进法实施条例")
    assert table.law_at_the_start_of("实施条例 第三条") == (RULES, "实施条例")
    assert table.law_at_the_start_of("教育法") is None
