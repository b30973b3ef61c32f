"""Folding row statements: the digest each part of each row must have now, and how far each history must have come."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from operator import attrgetter
from typing import Any

from engine.app.audit.finding import RowFinding
from engine.app.history.paged_reading import Reading, page_of, pages_of
from engine.app.ports.audit.readings import KINDS
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

#: No history is as long.
_MANY = 2**63
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
        self.entered = EnteredRows(self.heads.__contains__)
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
        made = hash_made_of(statement)
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
        for stream, first, last, head in events_of(statement):
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
        yield from self.entered.add(statement, stated, written)
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


#: Whatever history; and none.
_ANY, _NEVER = "", "\0"
#: Part -> the history each change of its rows is entered into, in the same transaction.
_HISTORIES = {
    "credential": "sign-in",
    "token": "sign-in",
    "token.revoked": "sign-in",
    "delegation": "delegations",
    "delegation.ended": "delegations",
    "workflow_version": "definitions",
    "draw_key": _ANY,
    "evidence": _ANY,
    "paper": _ANY,
    "publication": _ANY,
    "signature": _ANY,
}
#: The part whose rows are entered in the history of their case.
_OF_CASE = "retention"
#: Settings that decide who may do what -> the history each change is entered into; of the mode of sign-in its first part.
_SETTINGS = {"administrators": "proposals", "sign_in": "sign-in"}
#: The tables of which this program removes rows. Rows of the others are written over at most.
REMOVABLE = frozenset(
    {
        *KINDS.values(), "daemon", "draw_line", "personal_value", "register_entry", "setting", "task", "timer",
    }
)  # fmt: skip
#: The history a deployment that is set up has: before it has an entry, the mode of sign-in is what the settings say.
_SET_UP = "definitions"


class EnteredRows:
    """Holds that rows of statements stand in entries of their histories; else somebody has added the statement.

    A long transaction states what it has written piece by piece, and says in its last piece which history holds it.
    """

    def __init__(self, is_begun: Callable[[str], bool]) -> None:
        #: Tells whether a history has an entry: before that a register is what somebody has set up by a program.
        self._is_begun = is_begun
        #: Of a long transaction: what is wrong unless the next statement has its entry, and the history that is missing.
        self._waiting: list[tuple[str, RowFinding]] = []

    def add(
        self, statement: RowStatement, stated: Sequence[Sequence[Any]], written: AbstractSet[str]
    ) -> Iterator[RowFinding]:
        """Take in the rows of the next statement and the histories it has written; yield those that stand in no entry."""
        found = [one for one in self._waiting if not _is_there(one[0], written)]
        self._waiting = []
        if statement.kind != TAKEN_OVER:
            found += self._missing(stated, written)
        if len(stated) >= MAX_STATED:
            self._waiting = found
        else:
            yield from (finding for _, finding in found)

    def unfinished(self) -> Iterator[RowFinding]:
        """Yield the rows of a long transaction that has no last piece."""
        yield from (finding for _, finding in self._waiting)

    def _missing(
        self, stated: Sequence[Sequence[Any]], written: AbstractSet[str]
    ) -> Iterator[tuple[str, RowFinding]]:
        for part, key, digest in stated:
            table = part.partition(".")[0]
            if digest is None and table not in REMOVABLE:
                message = say("本程序不删去这张表的行")
                yield _NEVER, RowFinding(table, 0, "-", message, table=table, key=tuple(key))
                continue
            stream = _history_of(part, key)
            if stream is None or _is_there(stream, written):
                continue
            if part == "register_entry" and not self._is_begun(stream):
                continue
            if key[0] == "sign_in" and part == "setting" and not self._is_begun(_SET_UP):
                continue
            if stream == _ANY:
                message = say("该行的声明不带任何历史的条目：不是本程序写入的")
            else:
                message = say("该行的声明不在历史“{stream}”的任何一条里：不是本程序写入的", stream=stream)
            yield stream, RowFinding(table, 0, "-", message, table=table, key=tuple(key))


def _history_of(part: str, key: Sequence[Any]) -> str | None:
    """Return the history a change of a row is entered into; `_ANY` for whichever, None where it needs none."""
    if part == "setting":
        return _SETTINGS.get(key[0])
    if part == "register_entry":
        return f"register:{key[0]}"
    return str(key[0]) if part == _OF_CASE else _HISTORIES.get(part)


def _is_there(stream: str, written: AbstractSet[str]) -> bool:
    return bool(written) if stream == _ANY else stream in written


def events_of(statement: RowStatement) -> list[tuple[str, int, int, str]]:
    """Return the histories a statement names. Raises ValueError, TypeError where it is none of this program."""
    if "\\u" in statement.events:
        # Names of histories have no control characters, which alone are written like this.
        raise ValueError(statement.events)
    found: list[tuple[str, int, int, str]] = json.loads(statement.events)
    for stream, first, last, head in found:
        if not (type(stream) is type(head) is str and type(first) is type(last) is int):
            raise TypeError(stream)
        if not (0 < first < _MANY and 0 < last < _MANY):
            raise ValueError(first)
    return found


def rows_of(statement: RowStatement) -> list[tuple[str, Key, str | None]]:
    """Return part, key and digest of what a statement says of rows. Raises ValueError, TypeError where it is none of this program."""
    return [(part, tuple(key), digest) for part, key, digest in json.loads(statement.rows)]


def hash_made_of(statement: RowStatement) -> str:
    """Return the hash a statement must have; none that any has where it is no text."""
    try:
        return statement_hash(statement.kind, statement.events, statement.rows)
    except UnicodeEncodeError:
        return ""


def wrong_statement(statement: RowStatement, message: Message) -> RowFinding:
    """Return that a statement cannot be relied on."""
    return RowFinding(
        STATEMENTS, statement.position, "-", message, table=STATEMENTS, key=(statement.position,)
    )
