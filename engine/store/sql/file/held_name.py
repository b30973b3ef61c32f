"""A name that one process holds among all on a database: a file beside SQLite's, a lock of a session on a server."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from engine.files.held_file import held_file, remove_unheld

_KEY = "hashtextextended(current_schema() || '/' || %s, 0)"
_HOLD, _LET_GO = f"SELECT pg_try_advisory_lock({_KEY})", f"SELECT pg_advisory_unlock({_KEY})"


@contextmanager
def held_beside(database: Path, name: str) -> Iterator[bool]:
    """Hold `name` beside a file of SQLite; False where somebody else does. Raises OSError."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:16]
    remove_unheld(database.parent, f".{glob.escape(database.name)}.held-*")
    with held_file(database.with_name(f".{database.name}.held-{digest}")) as held:
        yield held


@contextmanager
def held_on_server(
    engine: Engine, explaining: Callable[[], AbstractContextManager[None]], name: str
) -> Iterator[bool]:
    """Hold `name` on a server; False where another session does. Raises what `explaining` makes of errors."""
    with explaining():
        pooled = engine.raw_connection()
        connection: Any = pooled.driver_connection
        # Its own from now on: a lock of a session must not go back into the pool.
        pooled.detach()
    held = False
    try:
        with explaining():
            connection.autocommit = True
            (held,) = connection.execute(_HOLD, (name,)).fetchone()
        yield held
    finally:
        try:
            if held:
                # The server takes a closed connection back in its own time; whoever comes next would find the name held.
                with suppress(engine.dialect.loaded_dbapi.Error):
                    connection.execute(_LET_GO, (name,))
        finally:
            connection.close()
