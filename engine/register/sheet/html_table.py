"""Tables of a web page that was saved or exported under the name of a workbook."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from engine.register.sheet.book.container import TooMuchError
from engine.register.sheet.limits import LONGEST_CELL, MOST_COLUMNS, Limits

_NAME = re.compile(r"/?[A-Za-z][A-Za-z0-9]*")
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_-]{1,20})""", re.IGNORECASE)
_SPAN = re.compile(r"""colspan\s*=\s*["']?(\d{1,4})""", re.IGNORECASE)
_UNSEEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
#: What stands between these is no text of the page.
_PASSED_OVER = ("script", "style", "title")
_BREAKS = ("br", "p", "div", "li", "/p", "/div", "/li")
_BREAK = "\0"

#: A row: its number from 1 in its table, its cells, whether the page hides it.
Row = tuple[int, list[str], bool]


def is_web_page(data: bytes) -> bool:
    """Tell whether the bytes begin as a web page does and hold a table."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\0").lower()
    return head.startswith(b"<") and (b"<html" in head or b"<table" in head or b"<!doctype html" in head)


def charset_of(data: bytes) -> str | None:
    """Return the encoding a page says it has."""
    found = _CHARSET.search(data[:4096])
    return found[1].decode("ascii") if found else None


def tables_in(text: str, limits: Limits) -> list[list[Row]]:
    """Return the tables of a page in the order they begin. Raises `TooMuchError`. What is no table is passed over."""
    reader = _TableReader(limits)
    for tag, body, between in _tags(text):
        reader.text(between)
        reader.tag(tag, body)
    return [table for table in reader.tables if table]


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


class _TableReader:
    def __init__(self, limits: Limits) -> None:
        self.tables: list[list[Row]] = []
        self._limits = limits
        self._elements = limits.elements
        self._text = limits.text
        self._places = limits.places
        #: The tables that are open, the innermost last: index and number of the last row.
        self._open: list[tuple[int, int]] = []
        self._row: list[str] | None = None
        self._hidden = False
        self._pieces: list[str] | None = None
        self._length = 0
        self._span = 1

    def text(self, piece: str) -> None:
        if piece and self._pieces is not None:
            self._length += len(piece)
            self._text -= 3 * len(piece)
            if self._length > 4 * LONGEST_CELL:
                raise TooMuchError("cell")
            if self._text < 0:
                raise TooMuchError("text")
            self._pieces.append(piece.replace(_BREAK, ""))

    def tag(self, name: str, body: str) -> None:
        if not name:
            return
        self._elements -= 1
        if self._elements < 0:
            raise TooMuchError("elements")
        if name in ("table", "/table"):
            self._table(opens=name == "table")
        elif self._open:
            self._inside(name, body)

    def _table(self, *, opens: bool) -> None:
        self._close_row()
        if opens:
            self._open.append((len(self.tables), 0))
            self.tables.append([])
        elif self._open:
            self._open.pop()

    def _inside(self, name: str, body: str) -> None:
        if name == "tr":
            self._close_row()
            index, number = self._open[-1]
            self._open[-1] = (index, number + 1)
            self._row = []
            self._hidden = _UNSEEN.search(body) is not None
        elif name in ("td", "th"):
            self._close_cell()
            if self._row is None:
                self.tag("tr", "")
            self._pieces, self._length = [], 0
            found = _SPAN.search(body)
            self._span = max(1, int(found[1])) if found else 1
        elif name in ("/td", "/th"):
            self._close_cell()
        elif name == "/tr":
            self._close_row()
        elif name in _BREAKS and self._pieces:
            self._pieces.append(_BREAK)

    def _close_cell(self) -> None:
        if self._pieces is None or self._row is None:
            return
        # A line of the source is no line of the page; those of the page are marked.
        lines = (" ".join(html.unescape(line).split()) for line in "".join(self._pieces).split(_BREAK))
        self._pieces = None
        self._row.append("\n".join(line for line in lines if line))
        self._row += [""] * (self._span - 1)
        self._places -= self._span
        if len(self._row) > MOST_COLUMNS:
            raise TooMuchError("columns")
        if self._places < 0:
            raise TooMuchError("places")

    def _close_row(self) -> None:
        self._close_cell()
        if self._row is not None and self._open:
            index, number = self._open[-1]
            if any(self._row):
                self.tables[index].append((number, self._row, self._hidden))
                if len(self.tables[index]) > self._limits.rows:
                    raise TooMuchError("rows")
        self._row = None
