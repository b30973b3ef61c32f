"""Every law cited in a shipped definition, template or default stands in the table of articles, with what it is about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.definition.library import load_paths
from engine.definition.reader.citations import citations
from engine.lifecycle.model.articles import ArticleTable, LawMark

ROOT = Path(__file__).resolve().parents[2]
#: A law in the middle of a sentence: its name, and the articles behind it.
_CITED = re.compile(
    r"(?:《[^》]+》|[\u4e00-\u9fff]{2,20}(?:法|条例|规定|办法))\s*第[零〇一二三四五六七八九十百]+条[第至条款项之、零〇一二三四五六七八九十百]*"
)
TEXTS = sorted(
    [*(ROOT / "workflows").rglob("*.yaml"), *(ROOT / "forms").rglob("*.*"), *(ROOT / "engine").rglob("*.j2")]
)


@pytest.fixture(scope="module")
def table() -> ArticleTable:
    loaded = load_paths([ROOT / "workflows/articles.yaml"])
    assert loaded.problems == ()
    articles = loaded.library.articles
    assert articles is not None
    return articles


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_what_a_text_cites_is_in_the_table(file: Path, table: ArticleTable) -> None:
    for found in _CITED.findall(file.read_text(encoding="utf-8")):
        # A sentence may run on before the name without a space: the name is whatever the table knows that ends there.
        starts = [
            found[at:] for at in range(len(found)) if table.law_at_the_start_of(found[at:].removeprefix("《"))
        ]
        assert starts, f"{file.name}: {found}"
        for citation in citations(starts[0], table):
            assert citation.known, f"{file.name}: {found}"


def test_the_table_has_a_subject_for_each_in_both_languages(table: ArticleTable) -> None:
    for law in table.laws:
        assert law.title_en, law.title
        for number, article in law.articles.items():
            assert article.title, f"{law.title} {number}"
            assert article.title_en, f"{law.title} {number}"


def test_what_was_not_read_is_never_marked_as_law(table: ArticleTable) -> None:
    """The opinions of 2024 are known from summaries alone: shipped as to be checked, without articles."""
    marks = {law.title: law.mark for law in table.laws}
    assert marks["国务院办公厅关于严格规范涉企行政检查的意见"] is LawMark.TO_CHECK
    assert marks["实施方案"] is LawMark.LOCAL
    for law in table.laws:
        if law.mark is LawMark.TO_CHECK:
            assert not law.articles


def test_an_article_that_does_not_exist_is_found(tmp_path: Path) -> None:
    text = (ROOT / "forms/employment_check.yaml").read_text(encoding="utf-8").replace("第五十条", "第五百条")
    (tmp_path / "employment_check.yaml").write_text(text, encoding="utf-8")
    loaded = load_paths(
        [tmp_path / "employment_check.yaml"], context=[ROOT / "workflows/articles.yaml"], partial=True
    )
    assert [(one.rule, one.line) for one in loaded.problems if one.rule == "unknown-article"] == [
        ("unknown-article", number) for number, line in enumerate(text.split("\n"), 1) if "第五百条" in line
    ]
