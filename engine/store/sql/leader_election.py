"""Leader election among the daemons on one PostgreSQL, and the notifications they receive.

Both need one connection of its own. The daemon that holds the advisory lock leads; the server takes it back with the
connection, so a leader that dies is followed by another within ``lead_seconds`` (`postgres.yaml`), one whose machine
vanishes after the server has noticed (``session`` there). Nothing relies on there being one leader at every instant:
what it does may be done twice without harm. Connection poolers that hand out connections per transaction carry
neither notifications nor locks of a session: behind one of those, give the daemons the address of the server itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine.store.sql.connections import postgres_times
from engine.store.sql.notifier import WORK

if TYPE_CHECKING:
    from engine.store.sql.store import SqlStore

#: The advisory lock of the leader: any number nothing else here uses.
_LEADER = 20190128
#: Seconds between two looks at whether to stop; and for how long notifications that come together count as one.
_LOOK, _TOGETHER = 0.5, 0.2
#: Seconds the end waits for the thread.
_JOIN_SECONDS = 2


class LeaderElection:
    """Runs on a connection of its own, in a thread of its own, until `end` is called."""

    def __init__(
        self,
        store: SqlStore,
        notified: Callable[[], None],
        leads: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Take what to call: `notified` when there is work, `leads` when this daemon now leads, `failed` after an error."""
        self._store = store
        self._notified = notified
        self._leads = leads
        self._failed = failed
        self._ended = threading.Event()
        self._leading = threading.Event()
        self._thread = threading.Thread(target=self._run, name="leader-election", daemon=True)

    @property
    def leading(self) -> bool:
        """Tell whether this daemon leads now."""
        return self._leading.is_set()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def end(self) -> None:
        """Stop leading and close the connection."""
        self._ended.set()
        if self._thread.is_alive():
            # Not for ever: it may wait for a server that no longer answers. The process ends all the same.
            self._thread.join(_JOIN_SECONDS)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._campaign()
            except Exception as problem:  # noqa: BLE001 - whatever it was, it begins again
                self._failed(problem)
            finally:
                self._leading.clear()
            self._ended.wait(postgres_times()["again_seconds"])

    def _campaign(self) -> None:
        held = self._store.engine.raw_connection()
        connection: Any = held.driver_connection
        # Its own from now on: a lock of a session must not go back into the pool.
        held.detach()
        try:
            connection.autocommit = True
            connection.execute(f"LISTEN {WORK}")
            self._listen(connection)
        finally:
            connection.close()

    def _listen(self, connection: Any) -> None:
        looks = max(1, round(postgres_times()["lead_seconds"] / _LOOK))
        look = 0
        while not self._ended.is_set():
            if look % looks == 0:
                self._lead(connection)
            look += 1
            if list(connection.notifies(timeout=_LOOK, stop_after=1)):
                self._notified()
                self._ended.wait(_TOGETHER)

    def _lead(self, connection: Any) -> None:
        """Lead if nobody does; if this daemon does, find out whether its connection still works."""
        if self.leading:
            connection.execute("SELECT 1")
        elif connection.execute("SELECT pg_try_advisory_lock(%s)", (_LEADER,)).fetchone()[0]:
            self._leading.set()
            self._leads()
