"""The articles of laws and rules that a basis may cite, each with its subject."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

#: The name of a law where a basis or a part of it begins, what is in brackets behind it; its articles follow.
_NAMED = re.compile(
    r"(?:(?<=；)|^)\s*([^《》（）；\s]+)(（[^（）]*）)?\s+(?=第[零〇一二三四五六七八九十百]+条)"
)
_MARKED = r"《\1》\2"


def with_title_marks(basis: str) -> str:
    """Return a basis as papers print it, the name of each law in its marks: 劳动合同法 第十条 -> 《劳动合同法》第十条."""
    return _NAMED.sub(_MARKED, basis).strip()


class LawMark(StrEnum):
    """What a text is to those who rely on it."""

    LAW = "law"
    LOCAL = "local"
    SUGGESTED = "suggested"
    #: Not read in the original: a lawyer of the bureau looks at it before it is relied on.
    TO_CHECK = "to check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article: what it is about, and words of it where a duty rests on them."""

    title: str
    title_en: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """One law or rule: its full name, the names it is also cited by, and its articles by number.

    The number of an article is written in digits (``16``, ``276-1``); a part of a local plan as it is cited (``二（一）``).
    """

    id: str
    title: str
    title_en: str | None = None
    short: tuple[str, ...] = ()
    edition: str | None = None
    mark: LawMark = LawMark.LAW
    articles: Mapping[str, Article] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArticleTable:
    """Every law that may be cited."""

    id: str
    laws: tuple[Law, ...] = ()

    def law_at_the_start_of(self, text: str) -> tuple[Law, str] | None:
        """Return the law whose name `text` begins with and that name; the longest name wins."""
        fitting = [
            (name, law) for law in self.laws for name in (law.title, *law.short) if text.startswith(name)
        ]
        if not fitting:
            return None
        name, law = max(fitting, key=lambda found: len(found[0]))
        return law, name
