"""What the verification of histories finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.app.ports.audit.statements import Key
from engine.kernel.instants import STANDARD_ZONE
from engine.language import Message, say

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
        return {"stream": self.stream, "seq": self.seq, "day": self.day, "message": str(self.message)}

    def __str__(self) -> str:
        return str(
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
            "stream": self.stream,
            "seq": self.seq,
            "day": self.day,
            "message": str(self.message),
            "table": self.table,
            "key": [one if isinstance(one, int) else str(one) for one in self.key],
        }

    def __str__(self) -> str:
        return str(
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


def day_of(at: datetime) -> str:
    """Return the day of an instant as people here count days."""
    return at.astimezone(_ZONE).date().isoformat()
