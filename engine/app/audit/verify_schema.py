"""Comparing the schema of the database with what its revision says: a trigger, a view or a column more may change what is written or read."""

from __future__ import annotations

from collections.abc import Iterator

from engine.app.audit.finding import SchemaFinding
from engine.app.ports.audit.statements import SchemaDifference
from engine.app.ports.store import Transaction
from engine.kernel.plain_text import visible
from engine.language import Message, say

#: What findings of the schema are of.
SCHEMA = "schema"
#: Differences that are named; of more only the number is said.
NAMED = 200
#: Signs of a text of the database that are shown.
_SHOWN = 300


def verify_schema(transaction: Transaction) -> Iterator[SchemaFinding]:
    """Yield what is in the database and not of its revision, what is missing, and what is otherwise."""
    found = transaction.statements.schema_differences()
    for one in found[:NAMED]:
        yield SchemaFinding(SCHEMA, 0, "-", _message(one), one.kind, visible(one.name))
    if len(found) > NAMED:
        yield SchemaFinding(
            SCHEMA, 0, "-", say("另有 {count} 处与本程序的结构不符", count=len(found) - NAMED)
        )


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
