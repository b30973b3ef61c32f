"""What the verification of histories finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.app.history.paged_reading import Reading, as_stored
from engine.app.ports.audit.statements import Key
from engine.kernel.budget import JSON_ERRORS
from engine.kernel.instants import STANDARD_ZONE
from engine.kernel.plain_text import visible
from engine.language import Message, say

#: What reading stored values of any kind as what they should be can raise.
STORED_ERRORS = (*JSON_ERRORS, LookupError, ArithmeticError, AssertionError, StopIteration)
#: Signs of an error that are shown.
_LONGEST = 500
#: Days are counted in the zone of the law: the zone of a bureau is kept in the database that is being verified.
_ZONE = ZoneInfo(STANDARD_ZONE)


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """Something in the store that cannot be trusted: which history, from which entry and day on."""

    stream: str
    seq: int
    day: str
    message: Message

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "stream": _shown(self.stream),
            "seq": _shown_key(self.seq),
            "day": self.day,
            "message": _shown(self.message),
        }

    def __str__(self) -> str:
        return _shown(
            say(
                "{stream} 第 {seq} 条（{day} 起不可信）：{message}",
                stream=self.stream,
                seq=self.seq,
                day=self.day,
                message=self.message,
            )
        )


@dataclass(frozen=True, slots=True)
class RowFinding(AuditFinding):
    """A row of a table that is not as its transaction wrote it; `stream` is its case, or its table."""

    table: str = ""
    key: Key = ()
    case: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain values, with the table and the key of the row."""
        return {
            **AuditFinding.as_json(self),
            "table": self.table,
            "key": [_shown_key(one) for one in self.key],
        }

    def __str__(self) -> str:
        return _shown(
            say(
                "表 {table} 的行 {key}（{day} 起不可信）：{message}",
                table=self.table,
                key="/".join(map(str, self.key)),
                day=self.day,
                message=self.message,
            )
            if self.case is None
            else say(
                "{case}：表 {table} 的行 {key}（{day} 起不可信）：{message}",
                case=self.case,
                table=self.table,
                key="/".join(map(str, self.key)),
                day=self.day,
                message=self.message,
            )
        )


@dataclass(frozen=True, slots=True)
class SchemaFinding(AuditFinding):
    """Something in the schema of the database that is otherwise than its revision says."""

    kind: str = ""
    name: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return plain values, with the kind and the name of the object."""
        return {**AuditFinding.as_json(self), "kind": self.kind, "name": self.name}

    def __str__(self) -> str:
        return str(say("数据库结构：{message}", message=self.message))


def _shown(text: object) -> str:
    """Return a text that can be shown whatever somebody has stored."""
    return visible(str(text))


def _shown_key(value: object) -> int | str:
    return value if isinstance(value, int) else _shown(value)


def goes_on(
    what: str, reading: Reading, read: Callable[[], Iterator[AuditFinding]]
) -> Iterator[AuditFinding]:
    """Yield what `read` finds; where it fails on what is stored, that is a finding, and the other checks are still done."""
    try:
        yield from as_stored(reading, read)
    except STORED_ERRORS as problem:
        yield AuditFinding(
            what, 0, "-", say("核验没有做完，有内容读不出来：{problem}", problem=str(problem)[:_LONGEST])
        )


def day_of(at: datetime) -> str:
    """Return the day of an instant as people here count days."""
    return at.astimezone(_ZONE).date().isoformat()
