"""A basis as written -> the articles it cites.

A basis is one citation or several, parted by ``；``: the name of a law, in 《》 or not, and articles parted by ``、``, ranges
written 第五条至第十二条. What is in brackets behind the name, paragraphs and items of an article say more and are not looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.lifecycle.model.articles import ArticleTable, Law

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0}
_UNITS = {"十": 10, "百": 100}
#: Numbers below 1,000 have at most five signs; longer ones would be ranges of millions.
_NUMBER = "[零〇一二三四五六七八九十百]{1,7}"
_ARTICLE = re.compile("第(NUMBER)条(?:之(NUMBER))?".replace("NUMBER", _NUMBER))
_TO = re.compile("(?:第NUMBER款)?(?:第NUMBER项)?至第(NUMBER)条".replace("NUMBER", _NUMBER))
#: A part of a plan: 二（一）.
_PART = re.compile(
    r"(?<![一二三四五六七八九十第（])[一二三四五六七八九十]{1,3}(?:（[一二三四五六七八九十]{1,3}）)?(?![条款项章])"
)
_QUOTED = re.compile(r"《[^》]*》")


@dataclass(frozen=True, slots=True)
class Citation:
    """One article of a law; a whole law where no article is named. `law` is None where the table does not have it."""

    name: str
    law: Law | None
    article: str | None

    @property
    def known(self) -> bool:
        """Tell whether the table has the law and the article."""
        return self.law is not None and (self.article is None or self.article in self.law.articles)


def citations(text: str, table: ArticleTable) -> Iterator[Citation]:
    """Yield what a basis cites, in the order written. Text that names no law of the table and no article yields nothing."""
    for piece in re.split("[；;]", text):
        yield from _of_one(piece.strip(), table)


def number(text: str) -> int:
    """Return a whole number below 1,000 written in Chinese: 十二 -> 12, 二百七十六 -> 276."""
    total, digit = 0, 0
    for sign in text:
        if sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def _of_one(piece: str, table: ArticleTable) -> Iterator[Citation]:
    bare = piece.removeprefix("《")
    found = table.law_at_the_start_of(bare)
    if found is None:
        articles = list(article_numbers(piece))
        if articles or _QUOTED.match(piece):
            before = piece.split("第", maxsplit=1)[0] if articles else piece
            name = before.strip(" 《》") or piece
            yield from (Citation(name, None, article) for article in articles or (None,))
        return
    law, name = found
    rest = bare[len(name) :]
    cited = list(article_numbers(rest)) or [each for each in _parts(rest) if law.articles]
    yield from (Citation(law.title, law, article) for article in cited or (None,))


def article_numbers(text: str) -> Iterator[str]:
    """Yield the numbers of the articles a text names, each of a range: 第二百七十六条之一 -> 276-1."""
    for match in _ARTICLE.finditer(text):
        first = number(match.group(1))
        if match.group(2):
            yield f"{first}-{number(match.group(2))}"
            continue
        if text.endswith("至", 0, match.start()):
            continue  # the end of a range, which its beginning has yielded
        through = _TO.match(text, match.end())
        last = number(through.group(1)) if through else first
        yield from (str(each) for each in range(first, last + 1))


def _parts(text: str) -> Iterator[str]:
    yield from (match.group() for match in _PART.finditer(re.sub(r"^（[^）]*）", "", text)))
