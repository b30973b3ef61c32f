"""Who may work on a database of an earlier revision: asked in a copy of its people, brought up to date.

The database itself is not touched. What is copied are the registers, the settings, the definitions and what people sign
in with; cases, histories and documents are not. The copy is thrown away, so that nothing can be entered in it to last.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.commands import Caller, Clock, operations
from engine.deployment.open import open_application, open_deployment_store
from engine.kernel.refusal import Refusal

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from engine.app.commands.application import Application
    from engine.deployment.home import Home

#: The tables that are copied, by their names in all revisions.
COPIED = frozenset(
    {
        "credential",
        "definition_source",
        "delegation",
        "register_entry",
        "setting",
        "sign_in_attempt",
        "source_text",
        "token",
        "workflow_version",
    }
)


@contextmanager
def open_people(home: Home, clock: Clock | None = None) -> Iterator[Application]:
    """Open the people of an older database, to sign them in and ask what they may. Raises StoreUnavailableError."""
    from engine.store.sql import open_store

    with tempfile.TemporaryDirectory(prefix=".ssj-people-") as place:
        file = Path(place) / "people.sqlite"
        _copy_people(home, file)
        store = open_store(file, synchronous="NORMAL")
        try:
            yield open_application(home, clock=clock, store=store)
        finally:
            store.close()


def upgrade_database(home: Home, caller: Caller, clock: Clock | None = None) -> Refusal | None:
    """Bring an older database to this program's revision for `caller`; returns the refusal where they may not.

    Who may is asked before anything is changed; once it is done it is entered in the history "office".
    """
    from engine.store.revision import EXPECTED

    with open_people(home, clock) as people:
        before = revision_of(home)
        tried = operations.enter_upgrade(people, Caller(caller.person, dry_run=True), before, EXPECTED)
        if isinstance(tried, Refusal):
            return tried
    open_deployment_store(home, create=True).close()
    application = open_application(home, clock=clock)
    try:
        entered = operations.enter_upgrade(application, caller, before, EXPECTED)
        return entered if isinstance(entered, Refusal) else None
    finally:
        application.store.close()


def revision_of(home: Home) -> str:
    """Return the revision of the tables of a deployment. Raises StoreUnavailableError, ServerCopyError."""
    from engine.store.migrations import current

    engine = _reader(home)
    try:
        with engine.connect() as connection:
            return current(connection) or ""
    finally:
        engine.dispose()


def _copy_people(home: Home, target: Path) -> None:
    from sqlalchemy import MetaData
    from sqlalchemy.exc import DBAPIError

    from engine.store import migrations
    from engine.store.sql import copy
    from engine.store.sql.connections import sqlite_engine
    from engine.store.sql.database_url import address
    from engine.store.sql.error_messages import explained

    source = _reader(home)
    made = sqlite_engine(address(str(target)), writing=True, synchronous="NORMAL")
    try:
        with source.connect() as old, made.begin() as new:
            migrations.upgrade(new, migrations.current(old) or "head")
            found = MetaData()
            found.reflect(new)
            tables = [table for table in found.sorted_tables if table.name in COPIED]
            copy.copy(old, new, lambda _table, _rows: None, tables)
        with made.begin() as new:
            migrations.upgrade(new)
    except DBAPIError as problem:
        other = explained(problem, address(home.database).render_as_string(hide_password=True))
        if other is problem:
            raise
        raise other from problem
    finally:
        made.dispose()
        source.dispose()


def _reader(home: Home) -> Engine:
    """Return what reads the database of a deployment, whatever its revision."""
    from engine.operations.server_copy import on_server
    from engine.store.sql.connections import server_engines, sqlite_engine
    from engine.store.sql.database_url import address

    if on_server(home):
        return server_engines(address(home.database))[1]
    return sqlite_engine(address(home.database), writing=False, synchronous="NORMAL")
