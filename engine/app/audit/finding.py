"""What the verification of histories finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.language import Message, say

#: Days are counted in local time.
_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """Something in the store that cannot be trusted: which history, from which entry and day on."""

    stream: str
    seq: int
    day: str
    message: Message

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


def day_of(at: datetime) -> str:
    """Return the day of an instant as people here count days."""
    return at.astimezone(_ZONE).date().isoformat()
