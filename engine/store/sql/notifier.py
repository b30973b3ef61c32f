"""Calling the daemons on one PostgreSQL when there is work, so that they need not wait for their next look.

A call is sent with the unit it belongs to (NOTIFY), and heard when that is committed. It is a second layer: daemons
look by themselves every few seconds, so a call that is lost is only late.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Connection

from engine.store.sql.connections import postgres_times

#: The channel daemons listen on.
WORK = "ssj_work"


class Notifier:
    """Calls at most once in ``call_seconds`` of `postgres.yaml`; whoever is called looks again after that time."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._called_at: float | None = None

    def call(self, connection: Connection) -> None:
        """Call, unless that was done a moment ago."""
        now = self._monotonic()
        if self._called_at is None or now - self._called_at >= postgres_times()["call_seconds"]:
            connection.exec_driver_sql(f"NOTIFY {WORK}")
            self._called_at = now
