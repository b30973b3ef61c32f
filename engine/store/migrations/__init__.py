"""The schema's revisions, run by programs: `upgrade`, `current`, `EXPECTED`.

A revision is called ``0002``, or ``0002.1`` where it only adds to ``0002``: tables, indexes, columns that may be left
out. A program that expects any ``0002`` goes on working on all of them, so that machines can be upgraded one after the
other. What takes away, renames or gives another meaning is ``0003``. A test compares the scripts with this.

A normal start compares `EXPECTED` with what the database says and imports no Alembic; only `upgrade` does.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from engine.store.revision import EXPECTED, order

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

_TABLE = "alembic_version"
#: What is returned in place of a revision that cannot be read.
UNREADABLE = "?"


def current(connection: Connection) -> str | None:
    """Return the revision of a database; None for one that is empty or not ours.

    Where there is more than one row, or a value that is no text, what is there as a text: no revision is called so.
    """
    from engine.store.sql.file.undecodable import is_undecodable

    if not inspect(connection).has_table(_TABLE):
        return None
    try:
        found = connection.execute(text(f"SELECT version_num FROM {_TABLE}")).scalars().all()  # noqa: S608 - a constant
    except DBAPIError as problem:
        if not is_undecodable(problem):
            raise
        return UNREADABLE
    return ", ".join(map(str, found)) if found else None


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring a database to `revision`, in the transaction of `connection`, which the caller commits."""
    from alembic.runtime.environment import EnvironmentContext

    script, config = _scripts(), _config()
    config.attributes["connection"] = connection
    before = current(connection)

    def steps(seen: Any, _context: Any) -> Any:
        return script._upgrade_revs(revision, seen)  # noqa: SLF001 - as the command itself, and Alembic has no other name for it

    # What `alembic.command.upgrade` does, with scripts that a process reads once instead of at each database.
    with EnvironmentContext(config, script, fn=steps, destination_rev=revision):
        script.run_env()
    if current(connection) == EXPECTED and before != EXPECTED:
        from engine.store.sql.taking_over import take_over

        take_over(connection, _restated(script, before))


def _config() -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@cache
def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config())


def _restated(script: ScriptDirectory, before: str | None) -> set[str]:
    """Return the tables whose rows the revisions since `before` have given other columns."""
    since = (0,) if before is None else order(before)
    return {
        table
        for one in script.walk_revisions()
        if order(one.revision) > since
        for table in getattr(one.module, "restated", ())
    }
