"""Folding row statements: the digest each part of each row must have now, and how far each history must have come."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from engine.app.audit.finding import RowFinding
from engine.app.history.paged_reading import Reading, page_of, pages_of
from engine.app.ports.audit.statements import (
    MAX_STATED,
    TAKEN_OVER,
    WAS,
    WRITTEN,
    Coverage,
    Key,
    RowPart,
    RowStatement,
    statement_hash,
)
from engine.kernel.append_only_tree import GrowingTree, leaf_hash
from engine.kernel.budget import JSON_ERRORS
from engine.language import Message, say

#: What is said of a row that was changed by other means and then written by this program, which keeps what was changed.
OVERWRITTEN = say("该行在写入后被改动，其后本程序又在改动后的内容上写入")

#: Statements fetched at a time.
PAGE = 500
STATEMENTS = "row_statement"


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
        #: Table -> the keys of the rows taken over by the statements before this one, without another between.
        self._taken: dict[str, set[Key]] = {}
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
            yield wrong_statement(statement, say("声明的内容与哈希不符：写入后被改动"))
        try:
            yield from self._add(statement)
        except JSON_ERRORS:
            yield wrong_statement(statement, say("声明读不出来：写入后被改动"))

    def _add(self, statement: RowStatement) -> Iterator[RowFinding]:
        if statement.kind not in (WRITTEN, TAKEN_OVER):
            raise ValueError(statement.kind)
        written = set[str]()
        for stream, first, last, head in json.loads(statement.events):
            known = self.heads.get(stream, (0, ""))[0]
            if first != known + 1 or last < first:
                yield wrong_statement(
                    statement,
                    say(
                        "“{stream}”应从第 {expected} 条声明起，实为第 {seen} 条：有声明被删除、移动或插入",
                        stream=stream,
                        expected=known + 1,
                        seen=first,
                    ),
                )
            self.heads[stream] = (last, head)
            written.add(stream)
        stated = json.loads(statement.rows)
        if statement.kind == WRITTEN:
            yield from self.taken_whole()
        yield from not_entered(statement, stated, written, self.heads.__contains__)
        for part, key, digest in stated:
            if part in self._rows:
                self._state(self._parts[part], tuple(key), digest)
                if statement.kind == TAKEN_OVER:
                    self.taken_over += 1
                    self._taken.setdefault(self._parts[part].table, set()).add(tuple(key))
            elif part.startswith(WAS):
                yield from self._was(part.removeprefix(WAS), tuple(key), digest)

    def taken_whole(self) -> Iterator[RowFinding]:
        """Yield the tables of which only some rows were taken over last: an upgrade takes over all rows of a table."""
        for table, keys in self._taken.items():
            if len(keys) != self.count(self._of_table[table][0]):
                message = say(
                    "升级接管的是整张表，这里只接管了表 {table} 的 {count} 行：声明不是本程序写入的",
                    table=table,
                    count=len(keys),
                )
                yield RowFinding(table, 0, "-", message, table=table)
        self._taken = {}

    def _was(self, name: str, key: Key, digest: str) -> Iterator[RowFinding]:
        """Yield that a row was not as it is stated when this program wrote over it."""
        part = self._parts.get(name)
        if part is not None and self.digest(part, key) != digest:
            yield RowFinding(part.table, 0, "-", OVERWRITTEN, table=part.table, key=key)

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


#: Part -> the history each change of its rows is entered into, in the same transaction; of registers its first part.
_HISTORIES = {
    "register_entry": "register",
    "credential": "sign-in",
    "token": "sign-in",
    "token.revoked": "sign-in",
    "delegation": "delegations",
    "delegation.ended": "delegations",
    "workflow_version": "definitions",
}


def not_entered(
    statement: RowStatement,
    stated: Sequence[Sequence[Any]],
    written: Container[str],
    is_begun: Callable[[str], bool],
) -> Iterator[RowFinding]:
    """Yield the rows of a statement that stand in no entry of their history: somebody has added the statement.

    `stated` are its rows, `written` the histories it has written. `is_begun` tells whether a history has an entry: before
    that a register is what somebody has set up by a program.
    """
    if statement.kind == TAKEN_OVER or len(stated) >= MAX_STATED:
        # A long transaction says in its last statement which history holds it.
        return
    for part, key, _ in stated:
        if (stream := _HISTORIES.get(part)) is None:
            continue
        if part == "register_entry":
            stream = f"{stream}:{key[0]}"
            if not is_begun(stream):
                continue
        if stream not in written:
            table = part.partition(".")[0]
            message = say("该行的声明不在历史“{stream}”的任何一条里：不是本程序写入的", stream=stream)
            yield RowFinding(table, 0, "-", message, table=table, key=tuple(key))


def wrong_statement(statement: RowStatement, message: Message) -> RowFinding:
    """Return that a statement cannot be relied on."""
    return RowFinding(
        STATEMENTS, statement.position, "-", message, table=STATEMENTS, key=(statement.position,)
    )
