"""Entries of the histories that belong to no case: registers, calendars, definitions, sign-in, the deployment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.app.ports.store import Transaction
from engine.lifecycle.chain import GENESIS, follow


def add_entry(
    transaction: Transaction,
    at: datetime,
    kind: str,
    actor: str,
    body: Mapping[str, Any],
    stream: str = "office",
) -> None:
    """Append an entry to the chain `stream`. Raises ConflictError where somebody else has appended meanwhile."""
    last = transaction.events.last(stream)
    seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
    transaction.events.append([follow(stream, seq, at, actor, kind, body, previous)])
