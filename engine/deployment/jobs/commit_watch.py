"""Waking the daemon on a database of one file: whoever commits there calls nobody, so it looks whether anybody has.

On PostgreSQL a transaction that queues a job notifies the daemons. SQLite has no such call, but it counts commits
(``PRAGMA data_version``), which costs some microseconds to read and holds no lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine.app.ports.store import ENVIRONMENT_ERRORS
from engine.store.sql.error_messages import DATABASE_ERRORS

if TYPE_CHECKING:
    from engine.app.ports.store import Store

#: Seconds between two looks.
_LOOK = 0.2
#: Seconds until a new try after an error, and for how long the end waits for the thread.
_AGAIN, _JOIN = 5, 2


class CommitWatch:
    """Calls `look` after every commit to the file, and whenever `ended` says that a worker has; in a thread of its own."""

    def __init__(
        self,
        store: Store,
        look: Callable[[], object],
        ended: Callable[[], bool],
        failed: Callable[[Exception], None],
        seconds: float = _LOOK,
    ) -> None:
        self._store = store
        self._look = look
        self._ended = ended
        self._failed = failed
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="commit-watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def end(self) -> None:
        """Look no more."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(_JOIN)

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                self._watch()
            except (*ENVIRONMENT_ERRORS, *DATABASE_ERRORS) as problem:
                # The sweep looks too, every few seconds: this only makes it sooner.
                self._failed(problem)
                self._over.wait(_AGAIN)

    def _watch(self) -> None:
        connection = self._connection()
        try:
            seen = None
            while not self._over.wait(self._seconds):
                now = None if connection is None else _commits(connection)
                # A worker that ends has looked for work a moment before: what came in between is nobody's.
                if now != seen or self._ended():
                    seen = now
                    self._look()
        finally:
            if connection is not None:
                connection.close()

    def _connection(self) -> Any:
        """Return a connection of its own to the file; None where the store is none."""
        from engine.store.sql import SqlStore

        if not isinstance(self._store, SqlStore) or self._store.engine.dialect.name != "sqlite":
            return None
        held = self._store.engine.raw_connection()
        connection = held.driver_connection
        held.detach()
        return connection


def _commits(connection: Any) -> int:
    return int(connection.execute("PRAGMA data_version").fetchone()[0])
