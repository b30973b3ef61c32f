"""Folding row statements: the digest each part of each row must have now, and how far each history must have come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from engine.app.audit.finding import RowFinding
from engine.app.history.paged_reading import Reading, page_of, pages_of
from engine.app.ports.audit.statements import (
    TAKEN_OVER,
    WRITTEN,
    Coverage,
    Key,
    RowPart,
    RowStatement,
    statement_hash,
)
from engine.kernel.append_only_tree import GrowingTree, leaf_hash
from engine.language import say

#: Statements fetched at a time.
PAGE = 500
STATEMENTS = "row_statement"

#: What a statement that somebody wrote by hand may make its reader raise.
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)


class FoldedStatements:
    """What the statements until a position say. `add` takes in the next one."""

    def __init__(self, coverage: Coverage) -> None:
        self._parts: dict[str, RowPart] = {
            part.name: part for parts in coverage.parts.values() for part in parts
        }
        self._of_table: Mapping[str, tuple[RowPart, ...]] = coverage.parts
        #: part -> the key without its last value -> the last value -> digest
        self._rows: dict[str, dict[Key, dict[Any, bytes]]] = {name: {} for name in self._parts}
        #: stream -> number and hash of its newest event
        self.heads: dict[str, tuple[int, str]] = {}
        self.position = 0
        #: Rows that were there when statements began, or when their columns changed.
        self.taken_over = 0
        #: The tree over the statements until now, and its roots at the sizes that were asked for.
        self.tree = GrowingTree()
        self._asked: frozenset[int] = frozenset()
        self.roots: dict[int, str] = {}

    def note_roots(self, sizes: Iterable[int]) -> None:
        """Keep the roots of the first so many statements, while they are taken in."""
        self._asked = frozenset(sizes)

    def add(self, statement: RowStatement) -> Iterator[RowFinding]:
        """Take in a statement; yields what is wrong with it."""
        self.position = statement.position
        made = statement_hash(statement.kind, statement.events, statement.rows)
        if self._asked:
            self.tree.append(leaf_hash(made.encode()))
            if self.tree.size in self._asked:
                self.roots[self.tree.size] = self.tree.root().hex()
        if statement.hash != made:
            yield _wrong(statement, say("声明的内容与哈希不符：写入后被改动"))
        try:
            yield from self._add(statement)
        except UNREADABLE:
            yield _wrong(statement, say("声明读不出来：写入后被改动"))

    def _add(self, statement: RowStatement) -> Iterator[RowFinding]:
        if statement.kind not in (WRITTEN, TAKEN_OVER):
            raise ValueError(statement.kind)
        for stream, first, last, head in json.loads(statement.events):
            known = self.heads.get(stream, (0, ""))[0]
            if first != known + 1 or last < first:
                yield _wrong(
                    statement,
                    say(
                        "“{stream}”应从第 {expected} 条声明起，实为第 {seen} 条：有声明被删除、移动或插入",
                        stream=stream,
                        expected=known + 1,
                        seen=first,
                    ),
                )
            self.heads[stream] = (last, head)
        for part, key, digest in json.loads(statement.rows):
            if part in self._rows:
                self._state(self._parts[part], tuple(key), digest)
                self.taken_over += statement.kind == TAKEN_OVER

    def _state(self, part: RowPart, key: Key, digest: str | None) -> None:
        if digest is not None:
            self._rows[part.name].setdefault(key[:-1], {})[key[-1]] = bytes.fromhex(digest)
            return
        for one in self._of_table[part.table]:
            if len(key) < part.key:
                self._rows[one.name].pop(key, None)
            elif (group := self._rows[one.name].get(key[:-1])) is not None:
                group.pop(key[-1], None)

    def digest(self, part: RowPart, key: Key) -> str | None:
        """Return the digest a part of a row must have; None where there must be no row."""
        found = self._rows[part.name].get(key[:-1], {}).get(key[-1])
        return None if found is None else found.hex()

    def digests(self, part: RowPart) -> Iterator[tuple[Key, str]]:
        """Yield the key and the digest of every row that must be there."""
        for group, rows in self._rows[part.name].items():
            for last, digest in rows.items():
                yield (*group, last), digest.hex()

    def count(self, part: RowPart) -> int:
        """Return how many rows must be there."""
        return sum(map(len, self._rows[part.name].values()))


def fold(reading: Reading, folded: FoldedStatements) -> Iterator[RowFinding]:
    """Take in all statements there are after those taken in before; yields what is wrong with them."""
    for page in statement_pages(reading, folded.position):
        for statement in page:
            yield from folded.add(statement)


def statement_pages(reading: Reading, after: int = 0) -> Iterator[Sequence[RowStatement]]:
    """Yield the statements after a position, page by page."""
    return pages_of(
        lambda place: page_of(reading).statements.of(after=place, limit=PAGE),
        after,
        attrgetter("position"),
        PAGE,
    )


def _wrong(statement: RowStatement, message: Any) -> RowFinding:
    return RowFinding(
        STATEMENTS, statement.position, "-", message, table=STATEMENTS, key=(statement.position,)
    )
