"""Each shipped citation, by the full name of the law, the article and the paragraph, claims what the article was read to say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cited_articles import Cited, cited_articles, cited_of_duties, entries, fitting

from engine.definition.library import load_paths
from engine.lifecycle.model.articles import ArticleTable, LawMark

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def table() -> ArticleTable:
    articles = load_paths([ROOT / "workflows/articles.yaml"]).library.articles
    assert articles is not None
    return articles


@pytest.fixture(scope="module")
def cited(table: ArticleTable) -> list[Cited]:
    local = {law.title for law in table.laws if law.mark is LawMark.LOCAL}
    return [one for one in cited_articles(table) if one.law not in local]


def test_every_citation_is_read(cited: list[Cited]) -> None:
    """So many citations have an article; a file of a kind that is not looked through would make them fewer."""
    assert len(cited) >= 400
    assert {
        "penalty.yaml",
        "employment_check.yaml",
        "items.yaml",
        "notice.html",
        "penalty_decision.html",
    } <= {one.file for one in cited}


def test_every_citation_claims_what_its_article_speaks_of(cited: list[Cited]) -> None:
    assert [one for one in cited if not fitting(one)] == []


def test_a_duty_names_the_paragraph_and_item_as_it_was_read(table: ArticleTable) -> None:
    """The file of duties: every article is in the table, and a paragraph or item it names is one that was read for that matter."""
    known = {law.title: law for law in table.laws}
    found = list(cited_of_duties(table))
    assert len(found) >= 100
    assert [one for one in found if one.article not in known[one.law].articles] == []
    assert [one for one in found if one.part and not fitting(one)] == []
    assert not fitting(Cited("f", "劳动保障监察条例", "18", "第二项", "责令改正"))


def test_an_article_cited_for_something_else_or_by_another_paragraph_does_not_fit() -> None:
    law = "劳动保障监察条例"
    assert fitting(Cited("f", law, "18", "第二款", "将本案移送你单位处理"))
    assert not fitting(Cited("f", law, "18", "第三款", "将本案移送你单位处理"))
    assert not fitting(Cited("f", law, "18", "", "须当场告知申请回避的权利"))
    assert not fitting(Cited("f", "行政处罚法", "43", "", "自收到之日起十五日内缴纳罚款"))
    assert not fitting(Cited("f", "处罚法", "43", "", "回避"))


def test_every_article_is_in_the_table_and_a_question_quotes_its_claim(
    cited: list[Cited], table: ArticleTable
) -> None:
    known = {law.title: law for law in table.laws}
    for law, number, entry in entries():
        assert number in known[law].articles, (law, number)
        # Whoever is asked reads the very claim, in its quotation marks.
        if entry.ask:
            quoted = re.findall(r"“([^”]+)”", entry.ask)
            claims = [one.claim for one in cited if one.law == law and one.article == number]
            assert quoted, entry.ask
            assert all(any(part in claim for claim in claims) for part in quoted), (law, number, entry.ask)
