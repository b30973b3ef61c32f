"""Heads that have not left the bureau within their day: whoever keeps heads outside has nothing to compare then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine.app.audit.signed_heads.history import STREAM, read_newest
from engine.kernel.instants import from_text
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

#: How long a head may wait to be sent, and how long it may be until the next is kept; a night runs some minutes late.
SENT_WITHIN, KEPT_WITHIN = timedelta(days=1), timedelta(days=2)


def heads_not_sent(transaction: Transaction, now: datetime) -> list[Message]:
    """Return which heads wait for a receiver longer than a day, or will not be tried again, oldest first."""
    waiting = [
        *transaction.outbox.listed(status="waiting"),
        *transaction.outbox.listed(status="incident"),
    ]
    return [
        say(
            "日志头 {number} 一天内没有送到“{channel}”",
            number=one.payload["head"]["number"],
            channel=one.channel,
        )
        for one in sorted(waiting, key=lambda item: (item.created_at, item.id))
        if one.kind == STREAM and now - one.created_at > SENT_WITHIN
    ]


def head_is_late(transaction: Transaction, now: datetime) -> bool:
    """Tell whether no head was kept for longer than a day and a night; a deployment that never kept one is not late."""
    last = read_newest(transaction).last
    return last is not None and now - from_text(last.at) > KEPT_WITHIN
