"""A try to get in, by a person or a firm: judged in one transaction, counted where it fails, every failure kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from engine.app.history.journal import add_entry
from engine.app.history.retry import retry_on_conflict
from engine.app.sign_in.attempts import Locked, count_failures, locked
from engine.app.sign_in.tokens import STREAM
from engine.kernel.instants import to_text

if TYPE_CHECKING:
    from engine.app.access.command import StoreAndClock
    from engine.app.ports.store import Transaction

T = TypeVar("T")


def judge_try(
    services: StoreAndClock,
    keys: Mapping[str, int],
    judge: Callable[[Transaction, datetime], T | None],
    by: str,
    body: Mapping[str, Any],
) -> T | Locked | None:
    """Return what `judge` lets in; None where it lets nobody in, which is counted for `keys` and entered as `by` with `body`.

    Of tries that run side by side no more are answered than may fail: the next one finds the lock, right or wrong.
    """

    def transact() -> T | Locked | None:
        with services.store.write() as transaction:
            transaction.serialize()
            now = services.clock.now()
            if (held := locked(transaction, keys, now)) is not None:
                return held
            if (found := judge(transaction, now)) is not None:
                return found
            lock = count_failures(transaction, keys, now)
            entered = {**body, "locked": to_text(lock.until) if lock else None}
            add_entry(transaction, now, "refused", by, entered, stream=STREAM)
        return lock

    return retry_on_conflict(transact)
