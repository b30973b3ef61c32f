"""Writing the file of a database anew, so that nothing of what was deleted is left in free pages or in its log."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from engine.app.ports.store import UnavailableError

if TYPE_CHECKING:
    from engine.store.sql.store import SqlStore

#: How long it waits for others that write.
_BUSY_TIMEOUT_SECONDS = 30


def compact(store: SqlStore) -> bool:
    """Write an SQLite file anew and cut its log; False on a server, whose own administrator does so (``VACUUM FULL``).

    Others wait meanwhile, for as long as it takes to copy the file. Raises UnavailableError where somebody else writes
    for too long, or the disk has no room for a second copy.
    """
    if store.engine.dialect.name != "sqlite":
        return False
    file = store.engine.url.database
    try:
        with closing(sqlite3.connect(str(file), timeout=_BUSY_TIMEOUT_SECONDS, isolation_level=None)) as own:
            own.execute("VACUUM")
            own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.OperationalError as problem:
        raise UnavailableError(str(problem)) from None
    return True
