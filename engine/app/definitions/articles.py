"""The table of articles as it was published, and what people type held against it: a law or an article it does not have is named.

Papers print what is typed as the law a party has breached or is dealt with by. The table has what the office has looked up; an
article that is not in it may be right, so nothing is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine.app.definitions.derived_settings import ARTICLES
from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.lifecycle.forms.row_parts import ROW_PARTS
from engine.lifecycle.model.articles import Article, ArticleTable, Law
from engine.lifecycle.model.form import Field, FieldType, Form

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

#: Without it no article is cited, and nothing is looked for.
SIGN = "条"
#: A law in its marks with what is said behind it, up to the next one.
_CITED = re.compile(r"《[^《》]+》[^《》；;。]*")
_OF_STATE = "中华人民共和国"


def keep_articles(transaction: Transaction, table: ArticleTable) -> None:
    """Keep which laws and articles a table has, where that is not kept already."""
    kept = [
        {"title": law.title, "short": list(law.short), "articles": list(law.articles)} for law in table.laws
    ]
    if transaction.settings.get(ARTICLES) != kept:
        transaction.settings.put(ARTICLES, kept)


def unknown_citations(
    transaction: Transaction, lines: Iterable[tuple[str, str]]
) -> tuple[RefusalReason, ...]:
    """Return a remark for each citation in `lines` (of `typed_lines`) that the published table does not have; none where no table was published."""
    kept = transaction.settings.get(ARTICLES)
    if not kept:
        return ()
    table = ArticleTable(
        "",
        tuple(
            Law(
                id="",
                title=law["title"],
                short=tuple(law["short"]),
                articles=dict.fromkeys(law["articles"], Article(title="")),
            )
            for law in kept
        ),
    )
    found = {(title, cited): None for title, text in lines if SIGN in text for cited in _unknown(text, table)}
    return tuple(
        RefusalReason(
            "citation",
            say(
                "“{title}”里的{cited}不在条文表里：请核对名称和条号；确有的，由管理定义的人补进条文表（articles.yaml）",
                title=title,
                cited=cited,
            ),
        )
        for title, cited in found
    )


def _unknown(text: str, table: ArticleTable) -> Iterator[str]:
    from engine.definition.reader.citations import citations

    for piece in _CITED.findall(text) or (text,):
        bare = piece.removeprefix("《").removeprefix(_OF_STATE)
        named = table.law_at_the_start_of(bare) is not None
        # A text that names no law in its marks may speak of anything: a contract has articles too.
        if not named and not piece.startswith("《"):
            continue
        whole = bare if named else piece
        if any(one.article is not None and not one.known for one in citations(whole, table)):
            yield piece.strip(" ，、,")


def typed_lines(forms: Iterable[Form], answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the title and the answer of each question that is answered by a line of text, in rows too.

    Long texts tell what happened, and personal ones are in no remark: neither is among them.
    """
    for form in forms:
        yield from _lines(form.fields, answers)
    items = answers.get("items")
    for given in items.values() if isinstance(items, Mapping) else ():
        rows = given.get("rows") if isinstance(given, Mapping) else None
        for row in rows.values() if isinstance(rows, Mapping) else ():
            # Before it is read a row may be its answer alone.
            if isinstance(row, Mapping):
                yield from _lines(ROW_PARTS, row)


def _lines(fields: Iterable[Field], answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for asked in fields:
        value = answers.get(asked.name)
        if asked.personal or not value:
            continue
        if asked.columns and isinstance(value, list):
            for row in value:
                if isinstance(row, Mapping):
                    yield from _lines(asked.columns, row)
        elif asked.type is FieldType.TEXT and isinstance(value, str):
            yield asked.title, value
