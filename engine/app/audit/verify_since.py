"""Checking what came after a kept head, and nothing that it covers: as much work as was done since.

The head is relied on: its signature is checked, and that the subtrees it was kept with have its root. Every statement
since has to be whole and every history it names has to follow from its entry before; every row it names has to be as it
is stated. An old row or entry that nobody has written since is not read, so that one changed in its place is not noticed here:
`engine.app.audit.verify_deployment` reads everything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from engine.app.audit.finding import AuditFinding, RowFinding, goes_on
from engine.app.audit.seals import SEALED, SUBTREES
from engine.app.audit.seals import STREAM as SEALS
from engine.app.audit.signed_heads.history import STREAM, HeadHistory, KeptHead
from engine.app.audit.signed_heads.verification import verify_heads_since
from engine.app.audit.statements import (
    OVERWRITTEN,
    STATEMENTS,
    EnteredRows,
    events_of,
    hash_made_of,
    statement_pages,
    wrong_statement,
)
from engine.app.audit.verify import PresentCases, Walk
from engine.app.audit.verify_rows import verify_schema
from engine.app.audit.verify_seals import verify_seals
from engine.app.history.paged_reading import as_stored
from engine.app.ports.audit.statements import (
    TAKEN_OVER,
    WAS,
    WRITTEN,
    Coverage,
    Key,
    PresentRow,
    RowStatement,
)
from engine.app.ports.store import Transaction
from engine.kernel.append_only_tree import leaf_hash
from engine.kernel.budget import JSON_ERRORS
from engine.language import Message, say

#: Entries of a history, and rows of a table, fetched at a time.
ROWS = 500


@dataclass(slots=True)
class VerifiedSince:
    """What was gone through."""

    statements: int = 0
    events: int = 0
    streams: int = 0
    rows: int = 0


@dataclass(slots=True)
class _Since:
    """What the statements after a head say."""

    entered: EnteredRows
    #: stream -> its first new entry, its last, the hash of the last
    streams: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    #: table -> key -> name of the part -> digest, None where the row was removed
    rows: dict[str, dict[Key, dict[str, str | None]]] = field(default_factory=dict)
    #: table -> keys without their last value, of which all rows were removed
    groups: dict[str, set[Key]] = field(default_factory=dict)


def verify_since(
    transaction: Transaction, history: HeadHistory, head: KeptHead, verified: VerifiedSince | None = None
) -> Iterator[AuditFinding]:
    """Yield what is wrong with `head`, or with anything written after it. `history` holds the head and those after it."""
    verified = verified or VerifiedSince()
    yield from goes_on("schema", transaction, lambda: verify_schema(transaction))
    try:
        roots = {head.size: head.tree().root().hex()}
    except JSON_ERRORS:
        yield _of_head(head, say("该条不成其为密钥、日志头或时间戳"))
        return

    def begun(stream: str) -> bool:
        return transaction.events.last(stream) is not None

    since, coverage = _Since(EnteredRows(begun)), transaction.statements.coverage()

    def stated() -> Iterator[AuditFinding]:
        nonlocal since
        # Where a statement cannot be read, they are all read once more.
        tree, since, verified.statements = head.tree(), _Since(EnteredRows(begun)), 0
        for page in statement_pages(transaction, head.position):
            for one in page:
                verified.statements += 1
                yield from _taken(one, since, coverage)
                tree.append(leaf_hash(hash_made_of(one).encode()))
                roots[tree.size] = tree.root().hex()
        yield from since.entered.unfinished()

    yield from goes_on(STATEMENTS, transaction, stated)
    yield from goes_on(STREAM, transaction, lambda: verify_heads_since(transaction, history, head, roots))
    cases = as_stored(transaction, lambda: iter([PresentCases(transaction, list(since.streams))]))[0]
    for stream in since.streams:
        yield from goes_on(
            stream, transaction, partial(_history, transaction, cases, stream, since, verified)
        )
    yield from goes_on(SEALS, transaction, lambda: _seals(transaction, since))
    for table, rows in since.rows.items():
        verified.rows += len(rows)
        groups = since.groups.get(table, set())
        yield from goes_on(table, transaction, partial(_rows, transaction, coverage, table, rows, groups))


def _taken(statement: RowStatement, since: _Since, coverage: Coverage) -> Iterator[AuditFinding]:
    if statement.hash != hash_made_of(statement):
        yield wrong_statement(statement, say("声明的内容与哈希不符：写入后被改动"))
    try:
        if statement.kind not in (WRITTEN, TAKEN_OVER):
            raise ValueError(statement.kind)
        written = set[str]()
        for stream, first, last, hashed in events_of(statement):
            written.add(stream)
            begun, known, _ = since.streams.get(stream, (first, first - 1, ""))
            if first != known + 1 or last < first:
                message = say(
                    "“{stream}”应从第 {expected} 条声明起，实为第 {seen} 条：有声明被删除、移动或插入",
                    stream=stream,
                    expected=known + 1,
                    seen=first,
                )
                yield wrong_statement(statement, message)
            since.streams[stream] = (begun, last, hashed)
        stated = json.loads(statement.rows)
        yield from since.entered.add(statement, stated, written)
        yield from _take_rows(stated, since, coverage)
    except JSON_ERRORS:
        yield wrong_statement(statement, say("声明读不出来：写入后被改动"))


def _take_rows(stated: Sequence[Sequence[Any]], since: _Since, coverage: Coverage) -> Iterator[AuditFinding]:
    known = {part.name: part for parts in coverage.parts.values() for part in parts}
    for name, listed, digest in stated:
        key: Key = tuple(listed)
        if name.startswith(WAS) and (part := known.get(name.removeprefix(WAS))) is not None:
            # What was stated before the head is not looked up: the check of everything holds it against this.
            before = since.rows.get(part.table, {}).get(key, {}).get(part.name, digest)
            if before != digest:
                yield RowFinding(part.table, 0, "-", OVERWRITTEN, table=part.table, key=key)
        if (part := known.get(name)) is None:
            continue
        rows = since.rows.setdefault(part.table, {})
        every = {one.name: None for one in coverage.parts[part.table]}
        if len(key) < part.key:
            since.groups.setdefault(part.table, set()).add(key)
            rows.update({one: dict(every) for one in rows if one[: len(key)] == key})
        elif digest is None:
            rows[key] = dict(every)
        else:
            rows.setdefault(key, {})[name] = digest


def _history(
    transaction: Transaction, cases: PresentCases, stream: str, since: _Since, verified: VerifiedSince
) -> Iterator[AuditFinding]:
    first, last, hashed = since.streams[stream]
    verified.streams += 1
    verified.events += last - first + 1
    before = transaction.events.of(stream, after=first - 2, limit=1) if first > 1 else []
    if first > 1 and (not before or before[0].seq != first - 1):
        yield _of_stream(stream, first - 1, say("应为第 {expected} 条，这一条不见了", expected=first - 1))
        return
    walk = Walk(stream, before[0] if before else None)
    while True:
        # One more than is stated: whatever follows is too much.
        most = min(ROWS, max(last - walk.place, 0) + 1)
        rows = transaction.events.stored((stream, walk.place), most)
        own = [row for row in rows if row[0] == stream]
        for row in own:
            walk.take(row)
        if len(own) < most:
            break
    yield from walk.ended(cases)
    if not walk.broken and (walk.seq, walk.head) != (last, hashed):
        message = say(
            "声明记到第 {stated} 条，历史有 {seen} 条或末条哈希不同：末尾被删、被加或被改写",
            stated=last,
            seen=walk.seq,
        )
        yield _of_stream(stream, walk.seq, message)


def _seals(transaction: Transaction, since: _Since) -> Iterator[AuditFinding]:
    if SEALS not in since.streams:
        return
    first = since.streams[SEALS][0]
    before = transaction.events.of(SEALS, after=first - 2, limit=1) if first > 1 else []
    # A seal that follows one of an earlier program begins a tree of its own, over everything.
    start = before[0] if before and before[0].kind == SEALED and SUBTREES in before[0].body else None
    yield from verify_seals(transaction, start)


def _rows(
    transaction: Transaction,
    coverage: Coverage,
    table: str,
    stated: dict[Key, dict[str, str | None]],
    groups: set[Key],
) -> Iterator[AuditFinding]:
    parts = coverage.parts[table]
    keys = list(stated)
    for at in range(0, len(keys), ROWS):
        piece = keys[at : at + ROWS]
        now = {row.key: row for row in transaction.statements.some(table, piece)}
        for key in piece:
            own = dict(zip((one.name for one in parts), now[key].digests, strict=True)) if key in now else {}
            message = _unlike(stated[key], own, now.get(key))
            if message is not None:
                yield _of_row(table, key, now.get(key), message)
    for group in groups:
        # The last value of such a key is a number.
        after: Key = (*group, -1)
        page = transaction.statements.present(table, after=after, limit=ROWS)
        for row in page:
            if row.key[: len(group)] != group:
                break
            if row.key not in stated:
                yield _of_row(table, row.key, row, say("该行没有声明：不是本程序写入的"))


def _unlike(stated: dict[str, str | None], own: dict[str, str], row: PresentRow | None) -> Message | None:
    gone = all(digest is None for digest in stated.values())
    if row is None:
        return None if gone else say("该行被删除")
    if gone:
        return say("该行没有声明：不是本程序写入的")
    if any(digest is not None and own[name] != digest for name, digest in stated.items()):
        return say("该行在写入后被改动")
    return None if row.consistent else say("内容与该行所记的摘要不符")


def _of_row(table: str, key: Key, row: PresentRow | None, message: Message) -> RowFinding:
    case = None if row is None else row.case
    return RowFinding(case or table, 0, "-", message, table=table, key=key, case=case)


def _of_stream(stream: str, seq: int, message: Message) -> RowFinding:
    return RowFinding(stream, seq, "-", message, table="event", key=(stream, seq))


def _of_head(head: KeptHead, message: Message) -> RowFinding:
    return RowFinding(STREAM, head.seq, head.day, message, table="event", key=(STREAM, head.seq))
