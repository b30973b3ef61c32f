"""The table of articles is read, and every basis at any depth is held against it."""

from __future__ import annotations

from parts import node_of

from engine.definition.reader.articles import check_citations, read_articles
from engine.lifecycle.model.articles import Article, ArticleTable, Law, LawMark

TABLE = """\
articles: standard
laws:
  inspection:
    title: 劳动保障监察条例
    title_en: Regulation
    short: [监察条例]
    edition: 2004
    articles:
      16: {title: 检查人员, title_en: inspectors, words: 不得少于两人}
  plan:
    title: 实施方案
    mark: local
    articles:
      二（一）: {title: 一单两库}
"""


def read(text: str) -> tuple[ArticleTable | None, list[str]]:
    table, problems = read_articles("articles.yaml", text, node_of(text))
    return table, [f"{one.line} {one.rule}" for one in problems]


def test_a_table_is_read() -> None:
    table, problems = read(TABLE)
    assert problems == []
    assert table == ArticleTable(
        "standard",
        (
            Law(
                id="inspection",
                title="劳动保障监察条例",
                title_en="Regulation",
                short=("监察条例",),
                edition="2004",
                articles={"16": Article(title="检查人员", title_en="inspectors", words="不得少于两人")},
            ),
            Law(
                id="plan",
                title="实施方案",
                mark=LawMark.LOCAL,
                articles={"二（一）": Article(title="一单两库")},
            ),
        ),
    )


def test_its_mistakes_are_told_by_line() -> None:
    assert read(TABLE.replace("mark: local", "mark: loca"))[1] == ["12 unknown-word"]
    assert read(TABLE.replace("title: 实施方案", "title: 监察条例"))[1] == ["10 duplicate-name"]
    assert read(TABLE.replace("{title: 一单两库}", "{}"))[1] == ["14 missing-key"]


def test_every_basis_is_held_against_it() -> None:
    table, _ = read(TABLE)
    assert table is not None
    form = """\
form: visit
title: 检查
basis: 监察条例 第十六条
fields:
  - note: {title: 说明, basis: 监察条例 第六十一条}
  - basis: {title: 依据}
rows:
  - {id: a, title: 甲, basis: 实施方案 二（二）}
constraints:
  - {that: form.note != '', else: 请填写, 依据: 某某法 第三条}
"""
    problems = check_citations("f.yaml", form, node_of(form), table)
    assert [(one.line, one.rule) for one in problems] == [
        (5, "unknown-article"),
        (8, "unknown-article"),
        (10, "unknown-article"),
    ]
    assert "61" in problems[0].message.render()
    assert problems[2].message.render("en").startswith("The table of articles does not have")
