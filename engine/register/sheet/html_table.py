"""Tables of a web page that was saved or exported under the name of a workbook."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.register.sheet.book.container import TooMuchError
from engine.register.sheet.html_hidden import attributes_of, hidden_names, is_flat, is_hidden
from engine.register.sheet.limits import MAX_CELL_LENGTH, MAX_COLUMNS, Limits

_NAME = re.compile(r"/?[A-Za-z][A-Za-z0-9]*")
_CHARSET = re.compile(rb"""charset\s*+=\s*+["']?\s*+([A-Za-z0-9_-]{1,20})""", re.IGNORECASE)
#: What stands between these is no text of the page.
_PASSED_OVER = ("script", "style", "title")
_BREAKS = ("br", "p", "div", "li", "/p", "/div", "/li")
_BREAK = "\0"

#: A row: its number from 1 in its table, its cells, whether the page hides it.
Row = tuple[int, list[str], bool]
#: Elements around rows which hide all of them.
_AROUND = frozenset(
    {
        *(
            "table",
            "thead",
            "tbody",
            "tfoot",
            "div",
            "section",
            "details",
            "dialog",
            "template",
            "form",
            "main",
            "article",
        ),
        *("aside", "header", "footer", "nav", "center", "fieldset", "figure", "body", "span", "font"),
    }
)


@dataclass(slots=True)
class Table:
    """One table of a page: its filled rows, and the columns (from 0) that are hidden or have a hidden cell."""

    rows: list[Row] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)


def is_web_page(data: bytes) -> bool:
    """Tell whether the bytes begin as a web page does and hold a table."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\0").lower()
    return head.startswith(b"<") and (b"<html" in head or b"<table" in head or b"<!doctype html" in head)


def charset_of(data: bytes) -> str | None:
    """Return the encoding a page says it has."""
    found = _CHARSET.search(data[:4096])
    return found[1].decode("ascii") if found else None


def tables_in(text: str, limits: Limits) -> list[Table]:
    """Return the tables of a page in the order they begin. Raises `TooMuchError`. What is no table is passed over."""
    reader = _TableReader(limits, hidden_names(text))
    for tag, body, between in _tags(text):
        reader.text(between)
        reader.tag(tag, body)
    return [table for table in reader.tables if table.rows]


def _tags(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield (name of a tag, what stands in it, the text before it), in one pass from the first sign to the last."""
    at = 0
    while (start := text.find("<", at)) >= 0:
        before = text[at:start]
        if text.startswith("<!--", start):
            end = text.find("-->", start + 4)
            yield "", "", before
            at = end + 3 if end >= 0 else len(text)
            continue
        found = _NAME.match(text, start + 1)
        if found is None:
            yield "", "", before + "<" if text[start + 1 : start + 2] not in ("!", "?") else before
            end = text.find(">", start) if text[start + 1 : start + 2] in ("!", "?") else start
            at = end + 1 if end >= 0 else len(text)
            continue
        end = text.find(">", found.end())
        if end < 0:
            yield "", "", before
            return
        name = found[0].lower()
        yield name, text[found.end() : min(end, found.end() + 2000)], before
        at = end + 1
        if name in _PASSED_OVER:
            closed = re.compile(f"</{name}", re.IGNORECASE).search(text, at)
            at = closed.start() if closed else len(text)
    yield "", "", text[at:]


@dataclass(slots=True)
class _Open:
    """A table that is open: its index, the number of its last row, its next column by `col`, cells that reach further down."""

    index: int
    number: int = 0
    column: int = 0
    #: Column -> the last row in which it is taken by a cell that begins further up.
    reaching: dict[int, int] = field(default_factory=dict)


class _TableReader:
    def __init__(self, limits: Limits, hidden: frozenset[str]) -> None:
        self.tables: list[Table] = []
        self._limits = limits
        self._names = hidden
        self._elements = limits.elements
        self._text = limits.text
        self._places = limits.places
        #: The tables that are open, the innermost last.
        self._open: list[_Open] = []
        #: The element around what is read that hides it, and how many of its kind are open inside of it.
        self._around: tuple[str, int] | None = None
        self._row: list[str] | None = None
        self._hidden = self._cell_hidden = False
        self._pieces: list[str] | None = None
        self._length = 0
        self._span = self._down = 1

    def text(self, piece: str) -> None:
        if piece and self._pieces is not None:
            self._length += len(piece)
            self._text -= 3 * len(piece)
            if self._length > 4 * MAX_CELL_LENGTH:
                raise TooMuchError("cell", MAX_CELL_LENGTH)
            if self._text < 0:
                raise TooMuchError("text", self._limits.text)
            self._pieces.append(piece.replace(_BREAK, ""))

    def tag(self, name: str, body: str) -> None:
        if not name:
            return
        self._elements -= 1
        if self._elements < 0:
            raise TooMuchError("elements", self._limits.elements)
        if name in ("table", "/table"):
            self._table(opens=name == "table")
        if name.removeprefix("/") in _AROUND:
            self._surround(name, body)
        if self._open:
            self._inside(name, body)

    def _surround(self, name: str, body: str) -> None:
        """Follow the innermost element that hides what is in it."""
        kind = name.removeprefix("/")
        if self._around is None:
            if kind == name and (kind == "template" or is_hidden(attributes_of(body), self._names, kind)):
                self._around = (kind, 0)
        elif self._around[0] == kind:
            inner = self._around[1] + (1 if kind == name else -1)
            self._around = (kind, inner) if inner >= 0 else None

    def _table(self, *, opens: bool) -> None:
        self._close_row()
        if opens:
            self._open.append(_Open(len(self.tables)))
            self.tables.append(Table())
        elif self._open:
            self._open.pop()

    def _inside(self, name: str, body: str) -> None:
        if name == "tr":
            self._close_row()
            self._open[-1].number += 1
            self._row = []
            attributes = attributes_of(body)
            self._hidden = self._around is not None or is_hidden(attributes, self._names, name)
            self._hidden = self._hidden or is_flat(attributes, "height")
        elif name in ("td", "th"):
            self._close_cell()
            if self._row is None:
                self.tag("tr", "")
            attributes = attributes_of(body)
            self._pieces, self._length = [], 0
            self._span, self._down = _count(attributes, "colspan"), _count(attributes, "rowspan")
            self._cell_hidden = is_hidden(attributes, self._names, name)
        elif name in ("/td", "/th"):
            self._close_cell()
        elif name == "/tr":
            self._close_row()
        elif name == "col":
            self._take_column(attributes_of(body))
        elif self._pieces is not None:
            self._in_cell(self._pieces, name, body)

    def _in_cell(self, pieces: list[str], name: str, body: str) -> None:
        # What is hidden in a part of a cell is hidden in the cell.
        self._cell_hidden = self._cell_hidden or is_hidden(attributes_of(body), self._names, name)
        if name in _BREAKS and pieces:
            pieces.append(_BREAK)

    def _take_column(self, attributes: Mapping[str, str]) -> None:
        table = self._open[-1]
        span = _count(attributes, "span")
        if is_hidden(attributes, self._names, "col") or is_flat(attributes, "width"):
            self._hide(table.column, span)
        table.column += span

    def _hide(self, column: int, span: int) -> None:
        if column + span > MAX_COLUMNS:
            raise TooMuchError("columns", MAX_COLUMNS)
        self.tables[self._open[-1].index].hidden_columns.update(range(column, column + span))

    def _close_cell(self) -> None:
        if self._pieces is None or self._row is None:
            return
        # A line of the source is no line of the page; those of the page are marked.
        lines = (" ".join(html.unescape(line).split()) for line in "".join(self._pieces).split(_BREAK))
        self._pieces = None
        self._pass_over_taken()
        if self._cell_hidden and not self._hidden:
            self._hide(len(self._row), self._span)
        if self._down > 1:
            # The number of this row's own columns is judged below.
            columns = range(len(self._row), min(len(self._row) + self._span, MAX_COLUMNS))
            last = self._open[-1].number + self._down - 1
            self._open[-1].reaching.update(dict.fromkeys(columns, last))
        self._row.append("\n".join(line for line in lines if line))
        self._row += [""] * (self._span - 1)
        self._places -= self._span
        if len(self._row) > MAX_COLUMNS:
            raise TooMuchError("columns", MAX_COLUMNS)
        if self._places < 0:
            raise TooMuchError("places", self._limits.places)

    def _pass_over_taken(self) -> None:
        """Leave the columns empty that are taken by cells of rows above, as Excel does."""
        table = self._open[-1]
        while self._row is not None and table.reaching.get(len(self._row), 0) >= table.number:
            self._row.append("")
            self._places -= 1

    def _close_row(self) -> None:
        self._close_cell()
        if self._row is not None and self._open:
            table = self._open[-1]
            if any(self._row):
                rows = self.tables[table.index].rows
                rows.append((table.number, self._row, self._hidden))
                if len(rows) > self._limits.rows:
                    raise TooMuchError("rows", self._limits.rows)
        self._row = None


def _count(attributes: Mapping[str, str], name: str) -> int:
    """Return how many columns or rows a cell takes."""
    text = attributes.get(name, "").strip()
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= 4 else 1
