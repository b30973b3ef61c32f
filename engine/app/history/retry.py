"""Doing a transaction again that another one overtook."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from engine.app.ports.store import ConflictError

T = TypeVar("T")

#: How often a transaction is tried before its caller is given the conflict.
TRIES = 50


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
