"""Importing the register ``objects`` from CSV, by hand: every cell checked, then the rows and one chained entry.

What the columns are called and hold is data (`Layout`), read once before anything is timed. A header spread over two
rows is the one thing the product understands that is not understood here.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from benchmarks.honest.cells import UNSEEN, Layout, Reader, WrongCellError, fold, reader
from benchmarks.honest.schema import (
    GENESIS,
    RefusedError,
    canonical,
    chained,
    insert,
    parsed,
    quoted,
    text_of,
)
from benchmarks.honest.statement import INSERT as STATEMENT
from benchmarks.honest.statement import Statement

MAX_BYTES, SEARCHED, PART = 200_000_000, 15, 2000
KIND = "objects"
#: id, name, section, data.
Entry = tuple[str, str, "str | None", dict[str, Any]]
#: The row, and the title of the column; "" where it is the row as a whole.
Problem = tuple[int, str]

_DELIMITERS = (",", "\t", ";", "，")
_STRIPPED = " \t\r\n\u00a0\u3000" + UNSEEN
_EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
#: So many different cells of a column are kept: most columns have a few hundred.
MAX_KNOWN = 2000
#: A cell that is blank; one that holds a word for nothing; one that cannot stand.
_BLANK, _NOTHING, _WRONG = object(), object(), object()


def read_objects(data: bytes, layout: Layout, source: str) -> tuple[list[Entry], list[Problem]]:
    """Return the good rows of a CSV file, and what is wrong with the others. Raises RefusedError for the file as a whole."""
    if len(data) > MAX_BYTES or data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0" or not data.strip():
        raise RefusedError("file")
    text = _decoded(data, layout)
    head = text[:20_000]
    scores = {
        delimiter: max((_recognised(cells, layout) for cells in _first(head, delimiter)), default=0)
        for delimiter in _DELIMITERS
    }
    delimiter = max(_DELIMITERS, key=lambda one: scores[one])
    rows = _records(text, delimiter)
    first = list(islice(rows, SEARCHED))
    counts = [_recognised([cell.strip() for cell in cells], layout) for _, cells in first]
    if not counts or max(counts) == 0:
        raise RefusedError("file")
    number, cells = first[counts.index(max(counts))]
    titles = [cell.strip() for cell in cells]
    while titles and not titles[-1]:
        titles.pop()
    names = [layout.column_of(title) if title else None for title in titles]
    present = [name for name in names if name is not None]
    if len(set(present)) != len(present):
        raise RefusedError("file")
    if any(column.get("required") and name not in present for name, column in layout.columns.items()):
        raise RefusedError("file")

    def body() -> Iterator[tuple[int, Sequence[str]]]:
        yield from (row for row in first if row[0] > number)
        yield from rows

    return Rows(layout, titles, names, source).read(body())


def _decoded(data: bytes, layout: Layout) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:4096]:
        raise RefusedError("file")
    try:
        if data.startswith(codecs.BOM_UTF8):
            return data.decode("utf-8-sig")
        for codec in ("utf-8-sig", "gb18030"):
            try:
                text = data.decode(codec)
            except UnicodeDecodeError:
                continue
            for delimiter in _DELIMITERS:
                for cells in _first(text[:20_000], delimiter):
                    known = [cell for cell in cells if layout.column_of(cell)]
                    if known and (codec != "gb18030" or any(not cell.isascii() for cell in known)):
                        return text
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedError("file") from None


def _first(head: str, delimiter: str) -> Iterator[list[str]]:
    try:
        for row in islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), SEARCHED):
            yield [cell.strip() for cell in row]
    except csv.Error:
        return


def _recognised(cells: Sequence[str], layout: Layout) -> int:
    return len({column for cell in cells if cell and (column := layout.column_of(cell))})


def _records(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            if any(cells):
                yield number, cells
    except csv.Error:
        raise RefusedError("file") from None


class Rows:
    """The rows below a header."""

    def __init__(
        self, layout: Layout, titles: Sequence[str], names: Sequence[str | None], source: str
    ) -> None:
        self.layout = layout
        self.titles = titles
        self.names = names
        self.source = source
        self.title_of = {name: title for title, name in zip(titles, names, strict=True) if name}
        self.readers = {
            name: reader(layout, column, self.title_of.get(name, ""))
            for name, column in layout.columns.items()
        }
        self.width = len(titles)
        #: Where a column stands: its place, its id, its title, the cells read before, what reads one.
        self.places: list[tuple[int, str, str, dict[str, Any], Reader]] = [
            (index, name, title, {}, self.readers[name])
            for index, (title, name) in enumerate(zip(titles, names, strict=True))
            if name is not None
        ]
        #: What every row has to have: the column, its title, what it is where the cell is empty.
        self.needed = [
            (name, self.title_of.get(name) or column["title"], column.get("default"))
            for name, column in layout.columns.items()
            if "default" in column or column.get("required")
        ]
        #: Where the columns stand that no row may be too short for.
        self.required = [index for index, name, *_ in self.places if layout.columns[name].get("required")]
        self.passed_over = {n for n, title in enumerate(titles) if fold(title) in layout.ignore}
        self.problems: list[Problem] = []
        self.bad: set[int] = set()
        #: id -> the first row with it, its entry, whether a later row says something else.
        self.seen: dict[str, tuple[int, Entry | None]] = {}
        self.disputed: set[str] = set()

    def read(self, rows: Iterator[tuple[int, Sequence[str]]]) -> tuple[list[Entry], list[Problem]]:
        """Return the good rows and the problems."""
        any_row = False
        for number, cells in rows:
            any_row = self._take(number, cells) or any_row
        if not any_row:
            raise RefusedError("file")
        entries = [entry for row, entry in self.seen.values() if entry is not None and row not in self.bad]
        return entries, sorted(self.problems)

    def _take(self, number: int, cells: Sequence[str]) -> bool:
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        blank = True
        count = len(cells)
        for index, name, title, known, read in self.places:
            if index >= count or not (cell := cells[index]):
                continue
            value = known.get(cell)
            if value is None:
                value = self._cell(cell, read, name)
                if len(known) < MAX_KNOWN:
                    known[cell] = value
            if value is _BLANK:
                continue
            blank = False
            if value is _WRONG:
                problems.append((number, title))
            elif value is not _NOTHING:
                values[name] = value
        if blank and not any(cell.strip() for n, cell in enumerate(cells) if n not in self.passed_over):
            return False
        if any(cell.strip() for cell in cells[self.width :]) or any(at >= count for at in self.required):
            problems.append((number, ""))
        self._complete(number, values, problems)
        self._keep(number, values, problems)
        return True

    def _cell(self, cell: str, read: Reader, name: str) -> Any:
        """Return what a cell holds: a value, that it is blank, that it holds nothing, or that it is wrong."""
        text = cell.strip(_STRIPPED)
        if not text:
            return _BLANK
        if (
            len(text) <= 4
            and self.layout.columns[name]["type"] != "boolean"
            and fold(text) in self.layout.empty
        ):
            return _NOTHING
        if text[0] in "='#" and (
            (text[0] == "=" and len(text) > 1) or text[0] == "'" or text in _EXCEL_ERRORS
        ):
            return _WRONG
        try:
            value = read(text)
        except WrongCellError:
            return _WRONG
        return _NOTHING if value is None or value == [] else value

    def _complete(self, number: int, values: dict[str, Any], problems: list[Problem]) -> None:
        reported = {title for _, title in problems}
        for name, title, default in self.needed:
            if name in values or title in reported:
                continue
            if default is not None:
                values[name] = default
            else:
                problems.append((number, title))

    def _keep(self, number: int, values: dict[str, Any], problems: list[Problem]) -> None:
        entry_id = values.get("id")
        entry: Entry | None = None
        if not problems:
            for row in self.layout.lists.values():
                self._gather(row, values)
            entry = (values.pop("id"), values.pop("name"), values.pop("section", None), values)
        if entry_id is not None:
            first = self.seen.get(entry_id)
            title = self.title_of["id"]
            if first is None:
                self.seen[entry_id] = (number, entry)
            else:
                problems.append((number, title))
                if (entry is None or entry != first[1]) and entry_id not in self.disputed:
                    self.disputed.add(entry_id)
                    self.problems.append((first[0], title))
                    self.bad.add(first[0])
        if problems:
            self.problems += problems
            self.bad.add(number)

    def _gather(self, row: Mapping[str, Any], values: dict[str, Any]) -> None:
        parts = row["parts"]
        if not any(column in values for column in parts.values()):
            return
        made = {name: values.pop(column, None) for name, column in parts.items()}
        if "needs" in row and made[row["needs"]] is None:
            return
        if "source" in row and made[row["source"]] is None:
            made[row["source"]] = self.source
        shape = {"date": None, "source": self.source} if row["into"] == "ratings" else {}
        values.setdefault(row["into"], []).append({**shape, **row.get("fixed", {}), **made})


def import_objects(
    connection: sqlite3.Connection, entries: Sequence[Entry], by: str, source: str, now: datetime
) -> None:
    """Put entries into the register in one transaction, and note it in its chain."""
    at = text_of(now)
    connection.execute("BEGIN IMMEDIATE")
    try:
        before = {
            row[0]: (row[:4], row[4])
            for row in connection.execute(
                "SELECT id, name, section, data, changed_at FROM register_entry WHERE kind = ?", (KIND,)
            )
        }
        hashed = hashlib.sha256()
        texts = {entry[0]: canonical(entry[3]) for entry in entries}
        for entry in sorted(entries, key=lambda one: one[0].encode()):
            section = quoted(entry[2]) if entry[2] is not None else "null"
            row = f'["{KIND}",{quoted(entry[0])},{quoted(entry[1])},{section},{texts[entry[0]]}]\n'
            hashed.update(row.encode())
        fresh = [e for e in entries if before.get(e[0], ((),))[0] != (e[0], e[1], e[2], texts[e[0]])]
        for start in range(0, len(fresh), PART):
            connection.executemany(
                insert("register_entry") + " ON CONFLICT (kind, id) DO UPDATE SET name = excluded.name,"
                " section = excluded.section, data = excluded.data, changed_at = excluded.changed_at",
                [(KIND, e[0], e[1], e[2], texts[e[0]], at) for e in fresh[start : start + PART]],
            )
        added = [e[0] for e in fresh if e[0] not in before]
        body = canonical(
            {
                "credential": "machine",
                "source": source,
                "rows": len(entries),
                "added": len(added),
                "changed": len(fresh) - len(added),
                "removed": 0,
                "sha256": hashed.hexdigest(),
                "changes": {
                    "added": added,
                    "changed": {e[0]: _changed(before[e[0]][0], e) for e in fresh if e[0] in before},
                    "removed": {},
                },
            }
        )
        stream = f"register:{KIND}"
        last = connection.execute(
            "SELECT seq, hash FROM event WHERE stream = ? ORDER BY seq DESC LIMIT 1", (stream,)
        ).fetchone()
        seq, previous = (last[0] + 1, last[1]) if last else (1, GENESIS)
        digest = chained(stream, seq, at, by, "imported", body, previous)
        connection.execute(insert("event"), (stream, seq, at, by, "imported", body, previous, digest))
        statement = Statement()
        for start in range(0, len(fresh), PART):
            rows = fresh[start : start + PART]
            former = [(KIND, *before[e[0]][0], before[e[0]][1]) for e in rows if e[0] in before]
            statement.replaced("register_entry", former)
            statement.wrote("register_entry", [(KIND, e[0], e[1], e[2], texts[e[0]], at) for e in rows])
        statement.events([(stream, seq, digest)])
        connection.executemany(STATEMENT, statement.close())
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _changed(before: tuple[Any, ...], after: Entry) -> dict[str, Any]:
    old = {"name": before[1], "section": before[2], **parsed(before[3])}
    new = {"name": after[1], "section": after[2], **after[3]}
    return {
        name: [old.get(name), new.get(name)]
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    }
