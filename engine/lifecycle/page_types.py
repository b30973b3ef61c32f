"""The kinds of public pages as the bureau's YAML declares them: place, titles, columns, details, order, what is private."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: What a text holds that was never filled in by the bureau; such a text is not published.
PLACEHOLDERS = ("请填本局", "请改为本局", "请填写本局")
#: Column values that are filled where the list is written.
POSITION = "publication.position"
PUBLISHED_ON = "publication.published_on"
#: What a publication holds besides fields of forms: the first part of a path -> what may follow.
PARTS: Mapping[str, tuple[str, ...]] = {
    "publication": (
        "title",
        "case",
        "position",
        "published_on",
        "due_on",
        "late",
        "withdrawn",
        "code",
        "page",
    ),
    "subject": ("id", "name", "district", "class"),
    "draw": (
        "number",
        "status",
        "pool_size",
        "selected",
        "removals",
        "strata",
        "commitment_sha256",
        "commitment_sm3",
        "roster_sha256",
        "entropy_rule",
        "entropy",
        "profile",
        "void_reason",
    ),
    "bureau": ("title", "id"),
    "plan": ("id", "title"),
    "batch": ("id", "title"),
}
#: Parts that lead to the page of the plan or the batch a case comes from: its public fields may follow too.
ABOVE = ("plan", "batch")
#: Parts that are lists; ``count`` says how long they are.
LISTS = ("draw.selected", "draw.removals", "draw.strata")


@dataclass(frozen=True, slots=True)
class PageColumn:
    """One column of a list, or one line of a page."""

    id: str
    title: str
    title_en: str | None
    #: Where its text comes from; the first of these that holds anything.
    values: tuple[str, ...]
    format: str = "text"

    def heading(self, english: bool) -> str:
        """Return the heading; the Chinese one where there is no English one."""
        return (self.title_en if english else None) or self.title

    @property
    def position(self) -> bool:
        """Tell whether it holds the running number of the row."""
        return self.values == (POSITION,)

    @property
    def marked(self) -> bool:
        """Tell whether lateness and withdrawal are marked in it."""
        return PUBLISHED_ON in self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class PageType:
    """One kind of publication. `path` is the folder of its pages on the site."""

    id: str
    path: str
    title: str
    title_en: str | None = None
    help: str = ""
    help_en: str | None = None
    #: The columns of the page of the list, of its CSV and JSON files, and the lines at the head of a page.
    listed: tuple[PageColumn, ...]
    exported: tuple[PageColumn, ...]
    details: tuple[PageColumn, ...] = ()
    #: The column of the list that leads to the page.
    link: str = ""
    #: The column the list is ordered by; None: newest publication first.
    sort: PageColumn | None = None
    descending: bool = False
    #: ``plan`` or ``batch``: what the other pages name by that word is published by pages of this type.
    about: str = ""
    #: Show all draws of the case, void ones too.
    draws: bool = False
    #: Fields that are left out here whatever a form says.
    private: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[PageColumn, ...]:
        """Return every column that is used anywhere, each once."""
        every = (*self.exported, *self.listed, *self.details, *((self.sort,) if self.sort else ()))
        return tuple({column.id: column for column in every}.values())


@dataclass(frozen=True, slots=True)
class PageTypes:
    """The public site of a bureau: its kinds of pages, in the order of the menu."""

    id: str
    pages: Mapping[str, PageType] = field(default_factory=dict)
    #: What the foot of every page says of the bureau: title -> text, such as its address and where to complain.
    contact: Mapping[str, str] = field(default_factory=dict)

    def publisher_of(self, part: str) -> frozenset[str]:
        """Return the page types that publish what other pages call ``plan`` or ``batch``."""
        return frozenset(page.id for page in self.pages.values() if page.about == part)


def is_placeholder(text: str) -> bool:
    """Tell whether a text asks whoever keeps the file to write something in its place, and is not for the public."""
    return any(word in text for word in PLACEHOLDERS)
