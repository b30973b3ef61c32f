"""The pages as HTML: one environment, autoescaped, with every word of the site as a translatable sentence."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from types import CodeType
from typing import Any, Generic, TypeVar

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from engine.kernel.file_names import is_device
from engine.language import SOURCE_LANGUAGE, Message, say
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.page_types import PageColumn, PageType, PageTypes
from engine.site.contact_lines import contact_lines
from engine.site.draw_status import status_text
from engine.site.publication_page import PublicationPage, grouped
from engine.site.search_index import SHARDS

_TEMPLATES = Path(__file__).with_name("templates")
#: Rows of a list on one page.
PER_PAGE = 300
#: Stand where the title and the names of the data files go in the part all pages share.
_TITLE, _DATA, _SHEET = "\x00title\x00", "\x00data\x00", "\x00sheet\x00"


Row = TypeVar("Row")


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
class ListPart(Generic[Row]):
    """One page of a list: its file, its rows, and the files before and behind it, "" where there are none."""

    name: str
    rows: Sequence[Row]
    #: The number of its first row, and whether numbers go down from there.
    first: int
    newest_first: bool = True
    newer: str = ""
    older: str = ""


def parts_of(rows: Sequence[Row], *, newest_first: bool = True) -> list[ListPart[Row]]:
    """Return the pages of a list, at least one: ``index`` first.

    Newest first, the first page has the newest rows, and behind it stand pages that do not change when rows are added:
    each has `PER_PAGE` rows, counted from the oldest. Otherwise the pages follow each other in the order of the rows.
    """
    count = len(rows)
    if not newest_first:
        chunks = [rows[at : at + PER_PAGE] for at in range(0, count, PER_PAGE)] or [rows]
        names = ["index", *(f"page-{number}" for number in range(2, len(chunks) + 1))]
        return [
            ListPart(
                name,
                chunk,
                at * PER_PAGE + 1,
                newest_first=False,
                newer=names[at - 1] if at else "",
                older=names[at + 1] if at + 1 < len(names) else "",
            )
            for at, (name, chunk) in enumerate(zip(names, chunks, strict=True))
        ]
    full = count // PER_PAGE if count > PER_PAGE else 0
    names = [*(f"page-{number}" for number in range(1, full + 1)), "index"]
    found = [ListPart("index", rows[:PER_PAGE], count, older=names[-2] if full else "")]
    for number in range(full, 0, -1):
        end = count - (number - 1) * PER_PAGE
        found.append(
            ListPart(
                names[number - 1],
                rows[end - PER_PAGE : end],
                number * PER_PAGE,
                newer=names[number],
                older=names[number - 2] if number > 1 else "",
            )
        )
    return found


def sheet_of(place: int) -> str:
    """Return the name of the table that holds what is on a page, by how many pages of its kind were published before it."""
    return f"page-{place // PER_PAGE + 1}"


@dataclass(frozen=True, slots=True)
class FirmPages:
    """What was published about one enterprise, newest first."""

    code: str
    name: str
    notices: Sequence[PublicationPage]

    @property
    def data(self) -> str:
        """Return the name of the data files it is in, together with others: a new page of one changes few of them."""
        return f"data-{hashlib.sha256(self.code.encode()).hexdigest()[0]}"

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


class _Compiled(BytecodeCache):
    """Templates as they were compiled, kept in memory: a site is built after each publication, from the same ones."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType | None]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Put what was compiled from the same text into a bucket, if it was."""
        checksum, code = self._kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a bucket holds."""
        self._kept[bucket.key] = bucket.checksum, bucket.code


#: By language: what a filter makes of a constant is compiled in.
_COMPILED: dict[str, _Compiled] = {}


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
            bytecode_cache=_COMPILED.setdefault(self.language, _Compiled()),
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
            contact=contact_lines(self.types.contact, self.bureau.papers.office),
            grouped=grouped,
            script=Markup(script),  # noqa: S704 - our own file, not data
            shards=SHARDS,
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

    def _top(
        self, root: str, here: str, title: str, data: str, sheet: str = "", finds: bool = False
    ) -> Markup:
        """Return the head of a page; `data` and `sheet` are the names of its JSON and CSV, where it `finds` it reads the index."""
        parts = {"data": _DATA if data else "", "sheet": _SHEET if data else ""}
        whole = self._part("top.html", root=root, here=here, title=_TITLE, **parts, finds=finds)
        whole = Markup(whole.replace(_TITLE, escape(title)).replace(_DATA, escape(data)))  # noqa: S704 - escaped
        return Markup(whole.replace(_SHEET, escape(sheet or data)))  # noqa: S704 - escaped

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
        return self._part(
            "marks.html",
            late=notice.late,
            single_handed=notice.single_handed,
            withdrawn=notice.withdrawn_on is not None,
        )

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

    def check(self, *, sealed: bool = False, signed: bool = False, single_handed: int = 0) -> bytes:
        """Return the page that tells how to check a page, a file, a draw and, where `sealed` or `signed`, the histories.

        `single_handed` says how many acts that two have to agree to were done by one.
        """
        return self._render("check.html", root="", sealed=sealed, signed=signed, single_handed=single_handed)

    def listing(
        self,
        kind: PageType,
        part: ListPart[PublicationPage],
        rows: Mapping[str, Mapping[str, str]],
        total: int,
    ) -> bytes:
        """Return one page of the list of one kind."""
        columns = kind.listed
        return self._render(
            "list.html",
            root="../",
            kind=kind,
            columns=columns,
            titles=[self._title(column) for column in columns],
            part=part,
            rows=rows,
            total=total,
        )

    def notice(
        self,
        notice: PublicationPage,
        row: Mapping[str, str],
        related: Sequence[PublicationPage],
        draws: Sequence[PastDraw],
        sheet: str = "",
    ) -> bytes:
        """Return the page of one publication; `sheet` is the name of the table it is in, its own name without one."""
        return self._render(
            "notice.html",
            root="../",
            notice=notice,
            row=row,
            facts=facts_once(notice.body["facts"], [row[column.id] for column in notice.kind.details]),
            related=related,
            draws=draws,
            firm=firm_of(notice),
            sheet=sheet or notice.name,
        )

    def firms(self, part: ListPart[FirmPages]) -> bytes:
        """Return one page of the list of enterprises about which something was published."""
        return self._render("firms.html", root="../", part=part)

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
