"""Doing a transaction again that another one overtook: the one rule for commands, refusals and everything else that writes.

A conflict means that somebody else has written the same rows: what was judged is judged again from the start, in a new
transaction. Nothing else is tried again here. What fails in the environment (`ENVIRONMENT_ERRORS`) goes on to the caller:
the command line says it in a sentence, a daemon comes back at its next round.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from engine.app.ports.store import ConflictError

T = TypeVar("T")

#: How often a transaction is tried before its caller is given the conflict. Each conflict is somebody else's success, so
#: that of so many who write the same rows at one moment every one comes through.
TRIES = 200


def retry_on_conflict(transact: Callable[[], T], tries: int = TRIES) -> T:
    """Return what `transact` returns, which opens a transaction of its own; after a conflict it is called again.

    Raises ConflictError when `tries` calls have met one.
    """
    for _ in range(tries - 1):
        try:
            return transact()
        except ConflictError:
            continue
    return transact()
