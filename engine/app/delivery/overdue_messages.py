"""Messages that wait longer than any rest, holiday or further try would make them wait: somebody has put them off by hand.

When a message is tried next is no part of what is stated of its row, since it changes with every try.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

#: The longest holidays and the further tries of a message end well before.
WAITS_AT_MOST = timedelta(days=15)
#: So many waiting messages are looked at, and so many named.
_MAX_MESSAGES, _NAMED = 100_000, 20


def messages_put_off(transaction: Transaction, now: datetime) -> list[Message]:
    """Return which messages have waited for too long, oldest first."""
    waiting = transaction.outbox.listed(status="waiting", limit=_MAX_MESSAGES)
    late = sorted(
        (one for one in waiting if now - one.created_at > WAITS_AT_MOST),
        key=lambda one: (one.created_at, one.id),
    )
    return [
        say(
            "消息 {id} 给“{recipient}”，{days} 天仍未送出：下次发送的时间不是本程序定的",
            id=one.id,
            recipient=one.recipient,
            days=(now - one.created_at).days,
        )
        for one in late[:_NAMED]
    ]
