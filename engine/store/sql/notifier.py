"""Notifying the daemons on one PostgreSQL that there is work, so that they need not wait for their next look.

A notification is sent in the transaction it belongs to (NOTIFY) and delivered when that is committed. Daemons look by
themselves every few seconds too, so one that is lost only makes the work late.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.store.sql.connections import postgres_times

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from engine.store.sql.prepared import DriverConnection

#: The channel daemons listen on.
WORK = "ssj_work"


class Notifier:
    """Notifies at most once in ``call_seconds`` of `postgres.yaml`; daemons look again after that time."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._notified_at: float | None = None

    def notify(self, connection: Connection | DriverConnection) -> None:
        """Notify, unless that was done a moment ago."""
        now = self._monotonic()
        if self._notified_at is None or now - self._notified_at >= postgres_times()["call_seconds"]:
            connection.exec_driver_sql(f"NOTIFY {WORK}")
            self._notified_at = now
