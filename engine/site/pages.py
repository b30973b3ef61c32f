"""The pages as HTML: one environment, autoescaped, with every word of the site as a translatable sentence."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from engine.kernel.file_names import is_device
from engine.language import SOURCE_LANGUAGE, Message, say
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.page_types import PageColumn, PageType, PageTypes
from engine.site.draw_status import status_text
from engine.site.publication_page import PublicationPage, grouped

_TEMPLATES = Path(__file__).with_name("templates")
#: Rows of a list on one page; the filter box searches all pages.
PER_PAGE = 300
#: Stand where the title and the names of the data files go in the part all pages share.
_TITLE, _DATA = "\x00title\x00", "\x00data\x00"


@dataclass(frozen=True, slots=True)
class PastDraw:
    """One draw of a batch as the site shows it; void ones are shown for ever."""

    number: int
    status: Message
    void: bool
    made_on: date
    #: Address of the published commitment from the root of the site, or None.
    commitment: str | None
    #: Address of the kit by which anybody computes the draw again, or None.
    kit: str | None = None


@dataclass(frozen=True, slots=True)
class FirmPages:
    """What was published about one enterprise, newest first."""

    code: str
    name: str
    notices: Sequence[PublicationPage]

    @property
    def years(self) -> list[tuple[int, list[PublicationPage]]]:
        """Return the publications by year, the newest year first."""
        found: dict[int, list[PublicationPage]] = {}
        for notice in self.notices:
            found.setdefault(notice.published_on.year, []).append(notice)
        return sorted(found.items(), reverse=True)


def firm_of(notice: PublicationPage) -> str:
    """Return the code of the enterprise a page is about, as the name of its file; empty where there is none."""
    code = str((notice.body.get("subject") or {}).get("id") or "")
    return code if code.isascii() and code.isalnum() and not is_device(code) else ""


def facts_once(facts: Sequence[Mapping[str, Any]], above: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return the facts without those that are said already: above them on the page, or by another fact of that title."""
    seen = {text for text in above if text and not text[:4].isdigit()}
    known: set[tuple[str, str]] = set()
    found = []
    for fact in facts:
        key = (str(fact.get("title") or fact.get("name")), str(fact.get("text") or ""))
        if key[1] in seen or key in known:
            continue
        known.add(key)
        found.append(fact)
    return found


@dataclass(frozen=True)
class Pages:
    """Renders the pages of one site."""

    bureau: Bureau
    types: PageTypes
    language: str
    _said: dict[str, str] = field(default_factory=dict, repr=False)
    _parts: dict[tuple[str | bool, ...], Markup] = field(default_factory=dict, repr=False)
    _lines: dict[tuple[str, str], Markup] = field(default_factory=dict, repr=False)

    @cached_property
    def environment(self) -> Environment:
        """The templates and what they may call."""
        environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        script = (_TEMPLATES / "filter.js").read_text("utf-8")
        # The hash lets this one script run and no other, whatever a name on a page may hold.
        allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        environment.globals.update(
            say=self._say,
            top=self._top,
            foot=self._foot,
            line=self._line,
            marks=self._marks,
            lang="zh-CN" if self.language == SOURCE_LANGUAGE else self.language,
            bureau=self.bureau,
            kinds=list(self.types.pages.values()),
            contact=self.types.contact,
            grouped=grouped,
            script=Markup(script),  # noqa: S704 - our own file, not data
            script_hash=f"sha256-{allowed}",
        )
        environment.globals.update(
            title_of=self._title,
            help_of=self._help,
            draw_status=lambda status: status_text(status, self.language),
        )
        environment.filters["word"] = lambda message: message.render(self.language)
        environment.filters["listed"] = listed
        environment.filters["headings"] = headings
        environment.filters["shown"] = lambda value: "" if value is None else value
        return environment

    def _say(self, text: str, /, **values: Any) -> str:
        if values:
            return say(text, **values).render(self.language)
        found = self._said.get(text)
        if found is None:
            found = self._said[text] = say(text).render(self.language)
        return found

    @property
    def _english(self) -> bool:
        return self.language != SOURCE_LANGUAGE

    def heading(self, part: PageType | PageColumn) -> str:
        """Return a title in the language of the site."""
        return self._title(part)

    def _title(self, part: PageType | PageColumn) -> str:
        return (part.title_en if self._english else None) or part.title

    def _help(self, kind: PageType) -> str:
        return (kind.help_en if self._english else None) or kind.help

    # What is the same on thousands of pages is rendered once.

    def _top(self, root: str, here: str, title: str, data: str) -> Markup:
        whole = self._part("top.html", root=root, here=here, title=_TITLE, data=_DATA if data else "")
        return Markup(whole.replace(_TITLE, escape(title)).replace(_DATA, escape(data)))  # noqa: S704 - escaped

    def _foot(self, root: str) -> Markup:
        return self._part("foot.html", root=root)

    def _line(self, root: str, notice: PublicationPage) -> Markup:
        key = (root, notice.page)
        found = self._lines.get(key)
        if found is None:
            text = self.environment.get_template("line.html").render(root=root, notice=notice)
            found = self._lines[key] = Markup(text)  # noqa: S704 - rendered with escaping
        return found

    def _marks(self, notice: PublicationPage) -> Markup:
        return self._part("marks.html", late=notice.late, withdrawn=notice.withdrawn_on is not None)

    def _part(self, template: str, **values: str | bool) -> Markup:
        key = (template, *values.values())
        found = self._parts.get(key)
        if found is None:
            text = self.environment.get_template(template).render(**values)
            found = self._parts[key] = Markup(text)  # noqa: S704 - rendered with escaping
        return found

    def home(
        self,
        recent: Sequence[PublicationPage],
        counts: Mapping[str, int],
        late: int,
        withdrawn: int,
        built_on: str,
    ) -> bytes:
        """Return the first page."""
        return self._render(
            "index.html",
            root="",
            recent=recent,
            counts=counts,
            late=late,
            withdrawn=withdrawn,
            built_on=built_on,
        )

    def check(self, *, sealed: bool = False, signed: bool = False) -> bytes:
        """Return the page that tells how to check a page, a file, a draw and, where `sealed` or `signed`, the histories."""
        return self._render("check.html", root="", sealed=sealed, signed=signed)

    def listing(
        self, kind: PageType, notices: Sequence[PublicationPage], rows: Mapping[str, Mapping[str, str]]
    ) -> list[bytes]:
        """Return the pages of the list of one kind, at least one."""
        columns = kind.listed
        template = self.environment.get_template("list.html")
        parts = [notices[at : at + PER_PAGE] for at in range(0, len(notices), PER_PAGE)] or [[]]
        return [
            template.render(
                root="../",
                kind=kind,
                columns=columns,
                titles=[self._title(column) for column in columns],
                notices=part,
                rows=rows,
                first=number * PER_PAGE + 1,
                page=number + 1,
                pages=len(parts),
                total=len(notices),
            ).encode("utf-8", "replace")
            for number, part in enumerate(parts)
        ]

    def notice(
        self,
        notice: PublicationPage,
        row: Mapping[str, str],
        related: Sequence[PublicationPage],
        draws: Sequence[PastDraw],
    ) -> bytes:
        """Return the page of one publication."""
        return self._render(
            "notice.html",
            root="../",
            notice=notice,
            row=row,
            facts=facts_once(notice.body["facts"], [row[column.id] for column in notice.kind.details]),
            related=related,
            draws=draws,
            firm=firm_of(notice),
        )

    def firms(self, firms: Sequence[FirmPages]) -> bytes:
        """Return the list of enterprises about which something was published."""
        return self._render("firms.html", root="../", firms=firms)

    def firm(self, firm: FirmPages, rows: Mapping[str, Mapping[str, str]]) -> bytes:
        """Return the page of one enterprise: everything that was published about it, over the years."""
        return self._render("firm.html", root="../", firm=firm, rows=rows)

    def _render(self, template: str, **values: Any) -> bytes:
        return self.environment.get_template(template).render(**values).encode("utf-8", "replace")


def headings(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the titles of the columns of rows, each once."""
    return list(dict.fromkeys(title for row in rows for title in row))


def listed(fact: Mapping[str, Any]) -> list[str]:
    """Return the lines of a fact: one for each row where it is a list of rows, else its paragraphs."""
    text = str(fact.get("text") or "")
    value = fact.get("value")
    if isinstance(value, list) and len(value) > 1 and all(isinstance(row, Mapping) for row in value):
        lines = text.split("；")
        if len(lines) == len(value):
            return lines
    return [line for line in text.splitlines() if line.strip()] or [text]
