"""Checking the tables against the revision of the database, and every row of every table against the row statements.

All statements are folded to what each row must be now; then the tables are gone through in the order of their keys.
Others may write meanwhile: what differs is looked at once more at the end, rows and statements in one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from engine.app.audit.finding import RowFinding, SchemaFinding, day_of
from engine.app.audit.signed_heads.history import STREAM, HeadHistory, read_history
from engine.app.audit.signed_heads.verification import verify_heads
from engine.app.audit.statements import FoldedStatements, fold, statement_pages
from engine.app.history.paged_reading import Reading, page_of, pages_of
from engine.app.ports.audit.statements import Coverage, Key, PresentRow, RowPart, SchemaDifference
from engine.app.ports.store import Transaction
from engine.kernel.budget import JSON_ERRORS
from engine.kernel.plain_text import visible
from engine.language import Message, say

#: Rows compared at a time.
ROWS = 1000
#: Rows of one table that are named; of more only the number is said.
NAMED = 1000
#: What findings of the schema are of.
SCHEMA = "schema"
#: Differences of the schema that are named; of more only the number is said.
NAMED_OBJECTS = 200
#: Signs of a text of the database that are shown.
_SHOWN = 300


@dataclass(slots=True)
class VerifiedRows:
    """What was gone through."""

    statements: int = 0
    #: Rows nothing proves before they were taken over.
    taken_over: int = 0


def verify_rows(reading: Reading, verified: VerifiedRows | None = None) -> Iterator[RowFinding]:
    """Yield every row that is not as its transaction wrote it, every row missing, and every statement that is wrong."""
    coverage = page_of(reading).statements.coverage()
    folded = FoldedStatements(coverage)
    signed = HeadHistory()
    try:
        signed = read_history(reading)
    except JSON_ERRORS:
        yield RowFinding(
            STREAM, 0, "-", say("该条不成其为密钥、日志头或时间戳"), table="event", key=(STREAM,)
        )
    folded.note_roots(head.size for head in signed.heads)
    yield from fold(reading, folded)
    yield from folded.taken_whole()
    yield from folded.entered.unfinished()
    suspects = {table: _suspects(reading, folded, parts) for table, parts in coverage.parts.items()}
    found = list[RowFinding](_looked_at_again(page_of(reading), folded, coverage, suspects))
    yield from verify_heads(page_of(reading), signed, folded.roots)
    if verified is not None:
        verified.statements, verified.taken_over = folded.position, folded.taken_over
    if found:
        yield from _dated(reading, found)


def _suspects(reading: Reading, folded: FoldedStatements, parts: Sequence[RowPart]) -> list[Key]:
    """Return the keys of a table whose rows differ from what is stated, or are missing."""
    table, whole = parts[0].table, parts[0]
    differing: list[Key] = []
    seen: set[Key] = set()
    count = 0
    for page in _present(reading, table):
        for row in page:
            if not row.consistent or any(
                folded.digest(part, row.key) != own for part, own in zip(parts, row.digests, strict=True)
            ):
                differing.append(row.key)
            else:
                count += 1
    if count == folded.count(whole):
        return differing
    # Some are missing, or differ: only now the keys that are there are gathered.
    for page in _present(reading, table):
        seen.update(row.key for row in page)
    return [*differing, *(key for key, _ in folded.digests(whole) if key not in seen)]


def _present(reading: Reading, table: str) -> Iterator[Sequence[PresentRow]]:
    """Yield the rows of a table in the order of their keys, page by page."""
    return pages_of(
        lambda key: page_of(reading).statements.present(table, after=key, limit=ROWS),
        None,
        attrgetter("key"),
        ROWS,
    )


def _looked_at_again(
    transaction: Transaction, folded: FoldedStatements, coverage: Coverage, suspects: dict[str, list[Key]]
) -> Iterator[RowFinding]:
    """Yield what is wrong in one transaction: statements made meanwhile are taken in, and rows read once more."""
    yield from fold(transaction, folded)
    yield from _histories(transaction, folded)
    for table, keys in suspects.items():
        found = _differing(transaction, folded, coverage.parts[table], list(dict.fromkeys(keys)))
        yield from found[:NAMED]
        if len(found) > NAMED:
            message = say("表 {table} 另有 {count} 行与声明不符", table=table, count=len(found) - NAMED)
            yield RowFinding(table, 0, "-", message, table=table)


def _differing(
    transaction: Transaction, folded: FoldedStatements, parts: Sequence[RowPart], keys: list[Key]
) -> list[RowFinding]:
    if not keys:
        return []
    table = parts[0].table
    now = {row.key: row for row in transaction.statements.some(table, keys)}
    found = []
    for key in keys:
        row = now.get(key)
        message = wrong_row([folded.digest(part, key) for part in parts], row)
        if message is not None:
            place = parts[0].case
            case = row.case if row is not None else None if place is None else str(key[place])
            found.append(RowFinding(case or table, 0, "-", message, table=table, key=key, case=case))
    return found


def wrong_row(stated: Sequence[str | None], row: PresentRow | None) -> Message | None:
    """Return what is wrong with a row of which these are the digests of its parts; None where nothing is."""
    if row is None:
        return None if stated[0] is None else say("该行被删除")
    if stated[0] is None:
        return say("该行没有声明：不是本程序写入的")
    if tuple(stated) != row.digests:
        return say("该行在写入后被改动")
    if not row.consistent:
        return say("内容与该行所记的摘要不符")
    return None


def _histories(transaction: Transaction, folded: FoldedStatements) -> Iterator[RowFinding]:
    """Yield the histories that have not come as far as is stated, or further."""
    left = dict(folded.heads)
    for stream, last, head in transaction.events.last_hashes():
        stated = left.pop(stream, None)
        if stated is None:
            message = say("历史没有声明：不是本程序写入的")
        elif stated != (last, head):
            message = say(
                "声明记到第 {stated} 条，历史有 {seen} 条或末条哈希不同：末尾被删、被加或被改写",
                stated=stated[0],
                seen=last,
            )
        else:
            continue
        yield RowFinding(stream, last, "-", message, table="event", key=(stream, last))
    for stream, (last, _) in sorted(left.items()):
        message = say("声明记到第 {stated} 条，历史一条也没有：整体被删除", stated=last)
        yield RowFinding(stream, 0, "-", message, table="event", key=(stream,))


def _dated(reading: Reading, found: Sequence[RowFinding]) -> Iterator[RowFinding]:
    """Yield findings with the history and the day of the last statement about their row: it was right then."""
    wanted = {(one.table, one.key) for one in found}
    last: dict[tuple[str, Key], tuple[str, int]] = {}
    for page in statement_pages(reading):
        for statement in page:
            try:
                events, rows = json.loads(statement.events), json.loads(statement.rows)
                named = {(part.partition(".")[0], tuple(key)) for part, key, _ in rows} & wanted
                last.update((one, (events[0][0], events[0][2])) for one in named if events)
            except JSON_ERRORS:
                continue
    for one in found:
        stream, seq = last.get((one.table, one.key), (one.stream, 0))
        events = page_of(reading).events.of(stream, after=seq - 1, limit=1) if seq else []
        day = day_of(events[0].at) if events and events[0].seq == seq else one.day
        case = one.case or (stream if _is_case(page_of(reading), stream) else None)
        yield replace(one, stream=case or one.stream, day=day, case=case)


def _is_case(transaction: Transaction, stream: str) -> bool:
    """Tell whether a history is that of a case, whose row may not be readable."""
    try:
        return transaction.cases.get(stream) is not None
    except JSON_ERRORS:
        return True


def verify_schema(transaction: Transaction) -> Iterator[SchemaFinding]:
    """Yield what is in the database and not of its revision, what is missing, and what is otherwise."""
    found = transaction.statements.schema_differences()
    for one in found[:NAMED_OBJECTS]:
        yield SchemaFinding(SCHEMA, 0, "-", _message(one), one.kind, visible(one.name))
    if len(found) > NAMED_OBJECTS:
        yield SchemaFinding(
            SCHEMA, 0, "-", say("另有 {count} 处与本程序的结构不符", count=len(found) - NAMED_OBJECTS)
        )


def verify_indexes(transaction: Transaction) -> Iterator[SchemaFinding]:
    """Yield where an index does not lead to all rows of its table: what is looked up by it is not found, and is there."""
    for fault in transaction.statements.index_faults():
        message = say(
            "索引与表中的行不符，按它查不到的行仍在表里：{why}；请用备份核对后重建索引（REINDEX）",
            why=_shown(fault),
        )
        yield SchemaFinding(SCHEMA, 0, "-", message, "index", visible(fault)[:_SHOWN])


def _message(one: SchemaDifference) -> Message:
    if one.kind == "version":
        return say(
            "结构版本应为 {expected}，实为“{seen}”；属于较新版本的，请用那个版本的程序核验",
            expected=one.expected,
            seen=_shown(one.seen),
        )
    what, name = _kind(one.kind), _shown(one.name)
    if one.expected is None:
        return say(
            "{what} {name} 不属于本程序，可能改变所写所读的内容：{seen}",
            what=what,
            name=name,
            seen=_shown(one.seen),
        )
    if one.seen is None:
        return say("{what} {name} 不见了", what=what, name=name)
    return say(
        "{what} {name} 应为“{expected}”，实为“{seen}”",
        what=what,
        name=name,
        expected=one.expected,
        seen=_shown(one.seen),
    )


def _kind(kind: str) -> Message | str:
    """Return what a kind of object is called; others as the database calls them."""
    return {
        "table": say("表"),
        "column": say("列"),
        "index": say("索引"),
        "view": say("视图"),
        "trigger": say("触发器"),
        "sequence": say("序列"),
        "rule": say("规则"),
        "policy": say("行级策略"),
        "constraint": say("约束"),
        "function": say("函数"),
        "operator": say("运算符"),
        "event trigger": say("事件触发器"),
    }.get(kind, kind)


def _shown(text: str | None) -> str:
    return visible(" ".join((text or "").split())[:_SHOWN])
