"""What people type as law is held against the published table of articles: what it does not have is named, and nothing is refused."""

from __future__ import annotations

from typing import Any

import pytest
from bureau_factories import BUREAU, Bureau

from engine.app.definitions.articles import keep_articles, typed_lines, unknown_citations
from engine.app.history.replay import history
from engine.lifecycle.model.articles import Article, ArticleTable, Law

TABLE = """
articles: test
laws:
  labour:
    title: 劳动法
    articles:
      44: {title: 加班工资}
      50: {title: 工资按月支付}
  contract:
    title: 劳动合同法
    short: [合同法]
    articles:
      10: {title: 书面合同}
"""
FORM = """
form: note
title: 记录
fields:
  - law: {title: 依据}
  - facts: {title: 事实, long text, optional}
  - who: {title: 当事人, personal, optional}
  - breaches: {title: 问题, columns: [what: {title: 问题内容}, basis: {title: 违反的规定}], optional}
"""
FLOW = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk, no deadline: 试}
  done: {title: 办结, final: true}
transitions:
  - {do: note, title: 记录, from: open, form: note}
  - {do: finish, title: 办结, from: open, to: done}
"""


def remarks(bureau: Bureau, case: str, **answers: Any) -> list[str]:
    return [str(one) for one in bureau.take(case, "note", answers={"law": "无", **answers}).warnings]


@pytest.fixture(scope="module")
def bureau() -> Bureau:
    return Bureau(BUREAU, TABLE, FORM, FLOW)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("《劳动法》第四十四条第一款第二项", []),
        ("《劳动法》第四百条", ["《劳动法》第四百条"]),
        ("依照《劳动法》第四十四条、《合同法》第十一条", ["《合同法》第十一条"]),
        ("《中华人民共和国劳动法》第五十条", []),
        ("《中华人民共和国劳动法》第五十一条", ["《中华人民共和国劳动法》第五十一条"]),
        ("劳动法 第五十二条", ["劳动法 第五十二条"]),
        ("《某某办法》第三条；《劳动法》第五十条", ["《某某办法》第三条"]),
        ("《劳动合同》", []),
        ("双方合同第三条", []),
        ("第三条", []),
    ],
)
def test_a_citation_the_table_does_not_have_is_named(bureau: Bureau, text: str, named: list[str]) -> None:
    case = bureau.start("visit", subject={"id": "E1"})
    found = remarks(bureau, case, law=text)
    assert len(found) == len(named)
    for one, cited in zip(found, named, strict=True):
        assert one.startswith(f"“依据”里的{cited}不在条文表里")
    with bureau.look() as transaction:
        *_, last = history(transaction, case)
    # Whoever approves it reads the remark with the step.
    assert list(last.body.get("warnings", ())) == found


def test_rows_are_looked_at_and_long_or_personal_texts_are_not(bureau: Bureau) -> None:
    case = bureau.start("visit", subject={"id": "E1"})
    row = {"what": "合同", "basis": "《合同法》第九条"}
    assert len(remarks(bureau, case, breaches=[row, row])) == 1
    assert remarks(bureau, case, facts="《合同法》第九条", who="《合同法》第九条") == []


def test_without_a_table_nothing_is_said_and_a_table_is_kept_once() -> None:
    bureau = Bureau(BUREAU, FORM, FLOW)
    assert remarks(bureau, bureau.start("visit", subject={"id": "E1"}), law="《合同法》第九条") == []
    table = ArticleTable("t", (Law(id="x", title="合同法", articles={"9": Article(title="某")}),))
    with bureau.store.write() as transaction:
        for _ in range(2):
            keep_articles(transaction, table)
        form = bureau.loaded.library.form("note")
        assert unknown_citations(transaction, [("依据", "《合同法》第九条")]) == ()
        lines = typed_lines([form], {"law": "《合同法》第八条"})
        assert len(unknown_citations(transaction, lines)) == 1


def test_the_article_of_a_check_row_is_looked_at() -> None:
    bureau = Bureau(BUREAU, TABLE, FORM, FLOW)
    rows = {
        "rows": {"pay": {"answer": "fail", "article": "《劳动法》第一百零八条", "note": "《劳动法》第一条"}}
    }
    with bureau.look() as transaction:
        found = unknown_citations(transaction, typed_lines((), {"items": {"check": rows}}))
        plain = {"items": {"check": {"rows": {"pay": "符合"}}, "other": "无"}}
        assert list(typed_lines((), plain)) == []
    assert [str(one.message).partition("不在")[0] for one in found] == [
        "“问题或说明”里的《劳动法》第一条",
        "“违反的规定”里的《劳动法》第一百零八条",
    ]
