"""Entries of the histories that belong to no case: registers, calendars, definitions, sign-in, the deployment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.app.history.credential import with_credential
from engine.app.history.event_time import behind, event_time
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
    """Append an entry to the chain `stream`, with the credential of `actor`; it is never of before the last one.

    Raises ConflictError where somebody else has appended meanwhile.
    """
    last = transaction.events.last(stream)
    seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
    settled = event_time(at, last.at if last else None)
    written = {**with_credential(actor, body), **behind(at, settled)}
    transaction.events.append([follow(stream, seq, settled, actor, kind, written, previous)])
