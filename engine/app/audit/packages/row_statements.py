"""The rows a package of a case is made of, held against what the transactions that wrote them have stated.

The audit does so with every row of the deployment (`engine.app.audit.verify_rows`). Here the statements that name one case
are folded, and its rows compared with them: any column of any of them, a row that was added, and one that is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from engine.app.audit.statements import OVERWRITTEN, PAGE, EnteredRows, events_of, hash_made_of, rows_of
from engine.app.audit.verify_rows import wrong_row
from engine.app.history.paged_reading import pages_of
from engine.app.ports.audit.statements import MAX_STATED, WAS
from engine.kernel.budget import JSON_ERRORS
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.audit.finding import RowFinding
    from engine.app.ports.audit.statements import Key, PresentRow, RowPart, RowStatement
    from engine.app.ports.records import DrawRow
    from engine.app.ports.store import Transaction

#: The tables of which a package holds the rows of a case -> what one of their rows is called. All their columns count.
PACKED: Mapping[str, Message] = {
    "case": say("案件"),
    "document": say("文书正文"),
    "paper": say("文书登记"),
    "publication": say("公示"),
    "kept_file": say("附件"),
    "signature": say("签名"),
    "draw": say("抽取"),
    "draw_line": say("抽取的日志行"),
}
#: Others it holds rows of: the lines of the public log, and the names of those who took part.
_BESIDE: Mapping[str, Message] = {"draw_log": say("公开日志行"), "register_entry": say("名册条目")}
#: The registers a name is looked for in.
REGISTERS = ("people", "inspectors", "experts")
#: Parts that are held against the history itself, which makes all that is in them (`case_unlike`, `records_unlike`); of an
#: answer that is not its own a package says so, and is made.
_OF_HISTORY = frozenset({"case.carried"})
#: Those of them a package holds of the case above as well: what was drawn there.
_ABOVE = ("draw", "draw_line")


def rows_unlike(
    transaction: Transaction, case: str, parent: str | None = None, people: Iterable[str] = ()
) -> Iterator[Message]:
    """Yield a sentence for each row a package of a case holds that is other than stated, not stated, or gone.

    Of its parent those of the draw count, of `people` their names in the registers.
    """
    statements = transaction.statements
    own = _draw(transaction, case)
    yield from _case_unlike(transaction, case, tuple(PACKED))
    if own is None and parent is not None:
        own = _draw(transaction, parent)
        yield from _case_unlike(transaction, parent, _ABOVE)
    if own is not None and own.public:
        log = _Stated(transaction, ("draw_log",), lambda _: True)
        yield from log.take(partial(_pages_of_table, transaction, "draw_log"))
        lines = pages_of(
            lambda key: statements.present("draw_log", after=key, limit=PAGE), None, attrgetter("key"), PAGE
        )
        yield from log.unlike("draw_log", [row for page in lines for row in page])
    if keys := [(kind, one) for kind in REGISTERS for one in sorted(set(people))]:
        names = _Stated(transaction, ("register_entry",), set(keys).__contains__)
        yield from names.take(partial(_pages_of_table, transaction, "register_entry"))
        yield from names.unlike("register_entry", statements.some("register_entry", keys))


def _draw(transaction: Transaction, case: str) -> DrawRow | None:
    """Return the draw of a case; None where its row cannot be read, which is named as the row it is."""
    try:
        return transaction.records.draw(case)
    except JSON_ERRORS:
        return None


def _case_unlike(transaction: Transaction, case: str, tables: Sequence[str]) -> Iterator[Message]:
    statements = transaction.statements
    stated = _Stated(
        transaction, tables, lambda key: key[0] == case or str(key[0]).startswith(f"{case}/"), case
    )
    yield from stated.take(lambda place: statements.about(case, after=place, limit=PAGE))
    if "case" in tables:
        yield from stated.history()
    for table in tables:
        yield from stated.unlike(table, statements.of_case(table, case))


def _pages_of_table(transaction: Transaction, table: str, place: int) -> list[RowStatement]:
    return transaction.statements.of_table(table, after=place, limit=PAGE)


class _Stated:
    """What statements say of some rows of some tables, folded in the order of their positions."""

    def __init__(
        self, transaction: Transaction, tables: Sequence[str], is_one: Callable[[Key], bool], case: str = ""
    ) -> None:
        """`is_one` tells by its key whether a row is one of them; of `case` the history is held against them too."""
        self._transaction, self._is_one, self._case = transaction, is_one, case
        self._of_table: Mapping[str, Sequence[RowPart]] = {
            table: parts
            for table, parts in transaction.statements.coverage().parts.items()
            if table in tables
        }
        self._parts = {part.name: part for own in self._of_table.values() for part in own}
        #: part -> key -> digest
        self._rows: dict[str, dict[Key, str]] = {name: {} for name in self._parts}
        #: Number and hash of the newest entry of the case that is stated.
        self._head = (0, "")
        #: The histories that have an entry.
        self._begun = set[str]()
        self._entered = EnteredRows(self._begun.__contains__)

    def take(self, read: Callable[[int], list[RowStatement]]) -> Iterator[Message]:
        """Take in the statements `read` gives after a position; yields what is wrong with them."""
        for page in pages_of(read, 0, attrgetter("position"), PAGE):
            for statement in page:
                yield from self._take(statement)

    def _take(self, statement: RowStatement) -> Iterator[Message]:
        if statement.hash != hash_made_of(statement):
            yield _of_statement(statement, say("声明的内容与哈希不符：写入后被改动"))
        try:
            events = events_of(statement)
            stated = rows_of(statement)
            own = [one for one in stated if self._is_own(one[0], one[1])]
        except JSON_ERRORS:
            yield _of_statement(statement, say("声明读不出来：写入后被改动"))
            return
        for stream, first, last, head in events:
            if stream == self._case:
                if first != self._head[0] + 1:
                    message = say(
                        "“{stream}”应从第 {expected} 条声明起，实为第 {seen} 条：有声明被删除、移动或插入",
                        stream=stream, expected=self._head[0] + 1, seen=first,
                    )  # fmt: skip
                    yield _of_statement(statement, message)
                self._head = (last, head)
            self._begun.add(stream)
        if len(stated) < MAX_STATED:
            # A long transaction says in its last statement which history holds it: the audit reads them all.
            found = self._entered.add(statement, own, {stream for stream, *_ in events})
            yield from (_of_finding(one) for one in found)
        for name, key, digest in own:
            yield from self._state(name, key, digest)

    def _is_own(self, name: str, key: Key) -> bool:
        """Tell whether a part is one of the rows that are looked at."""
        return name.removeprefix(WAS) in self._parts and self._is_one(key)

    def _state(self, name: str, key: Key, digest: str | None) -> Iterator[Message]:
        part = self._parts[name.removeprefix(WAS)]
        if name.startswith(WAS):
            if self._rows[part.name].get(key) != digest:
                yield _of_row(part.table, key, OVERWRITTEN)
        elif digest is not None:
            self._rows[name][key] = digest
        else:
            for one in self._of_table[part.table]:
                rows = self._rows[one.name]
                for gone in [there for there in rows if there[: len(key)] == key]:
                    del rows[gone]

    def history(self) -> Iterator[Message]:
        """Yield that the history of the case has not come as far as is stated, or further."""
        last = self._transaction.events.last(self._case)
        seen = (0, "") if last is None else (last.seq, last.hash)
        if seen != self._head:
            yield say(
                "本件的历史与声明不符：声明记到第 {stated} 条，历史有 {seen} 条或末条哈希不同",
                stated=self._head[0],
                seen=seen[0],
            )

    def unlike(self, table: str, there: Sequence[PresentRow]) -> Iterator[Message]:
        """Yield what is wrong with the rows of a table that are there, and those that are gone."""
        parts = self._of_table[table]
        present = {row.key: row for row in there}
        away = [key for key in self._rows[parts[0].name] if key not in present]
        if away:
            # Gone, or said to be of another case.
            present |= {row.key: row for row in self._transaction.statements.some(table, away)}
        held = [place for place, part in enumerate(parts) if part.name not in _OF_HISTORY]
        for key in sorted({*present, *away}, key=str):
            stated = [self._rows[parts[place].name].get(key) for place in held]
            row = present.get(key)
            if row is not None:
                row = replace(row, digests=tuple(row.digests[place] for place in held))
            message = wrong_row(stated, row)
            if message is not None:
                yield _of_row(table, key, message)


def _of_row(table: str, key: Sequence[Any], problem: Message) -> Message:
    return say(
        "{what}“{key}”与写入时不符：{problem}",
        what={**PACKED, **_BESIDE}[table],
        key=" ".join(map(str, key)),
        problem=problem,
    )


def _of_statement(statement: RowStatement, problem: Message) -> Message:
    return say("写本件各行的第 {position} 条声明：{problem}", position=statement.position, problem=problem)


def _of_finding(found: RowFinding) -> Message:
    return _of_row(found.table, found.key, found.message)
