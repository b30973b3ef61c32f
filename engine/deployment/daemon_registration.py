"""A daemon among the daemons of one deployment: its name, its signs of life, whether it leads."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from engine import __version__
from engine.app.daemons.heartbeats import alive, deregister, record
from engine.app.ports.store import Clock, Store
from engine.language import say
from engine.runtime.logs import note, note_failure

if TYPE_CHECKING:
    from engine.store.sql.leader_election import LeaderElection

#: A daemon that has missed so many signs is no longer counted as alive.
_MISSED = 4


class DaemonRegistration:
    """The place of this process among the daemons. On a database of one file it is the only one, and leads."""

    def __init__(self, store: Store, clock: Clock, every: timedelta) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._store = store
        self._clock = clock
        self.every = every
        #: When this daemon last left a sign, by its own clock.
        self.shown_at: datetime | None = None
        self._one_at_a_time = threading.Lock()
        self._shared = self._server_clock() is not None
        self._election: LeaderElection | None = None

    @property
    def leading(self) -> bool:
        """Tell whether this daemon does now what one does for all."""
        return not self._shared or (self._election is not None and self._election.leading)

    def stand(self, called: Callable[[], None], leads: Callable[[], None]) -> None:
        """Begin to hear calls for work, and to lead where nobody else does."""
        from engine.store.sql import SqlStore

        if not self._shared or not isinstance(self._store, SqlStore):
            return
        from engine.store.sql.leader_election import LeaderElection

        def taken_the_lead() -> None:
            note(logging.INFO, "leading", say("本守护进程现在主持夜间核验、封存、公示网站和每日汇总"))
            self.shown_at = None
            leads()

        self._election = LeaderElection(
            self._store, called, taken_the_lead, lambda problem: note_failure("standing-failed", problem)
        )
        self._election.start()

    def show(self) -> None:
        """Leave a sign of life, unless that was done a moment ago. Any thread may call."""
        with self._one_at_a_time:
            now = self._clock.now()
            if self.shown_at is not None and now - self.every < self.shown_at <= now:
                return
            server = self._server_clock()
            ahead = None if server is None else self._clock.now() - server
            record(self._store, self.name, __version__, now, leads=self.leading, ahead=ahead)
            self.shown_at = now

    def as_json(self) -> dict[str, Any]:
        """Return who lives and who leads, as the health answer tells it."""
        with self._store.read() as transaction:
            known = alive(transaction, self._clock.now(), self.every * _MISSED)
        return {
            "name": self.name,
            "leads": self.leading,
            "living": [{"name": one.name, "version": one.version, "leads": one.leads} for one in known],
        }

    def end(self) -> None:
        """Step down, and say that this daemon is no longer there."""
        if self._election is not None:
            self._election.end()
        try:
            deregister(self._store, self.name)
        except Exception as problem:  # noqa: BLE001 - the database may be what we stop for; the sign grows old by itself
            note_failure("leave-failed", problem)

    def _server_clock(self) -> datetime | None:
        from engine.store.sql import SqlStore

        return self._store.clock() if isinstance(self._store, SqlStore) else None
