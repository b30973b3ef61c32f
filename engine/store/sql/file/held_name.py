"""A name that one process holds among all on a database: a file beside SQLite's, a lock of a session on a server."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from engine.files.held_file import held_file, remove_unheld

_HOLD = "SELECT pg_try_advisory_lock(hashtextextended(current_schema() || '/' || %s, 0))"


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
    try:
        with explaining():
            connection.autocommit = True
            (held,) = connection.execute(_HOLD, (name,)).fetchone()
        yield held
    finally:
        connection.close()
