"""Comparing the schema of a database with what its revision says, and naming its tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DatabaseError

from engine.app.ports.audit.statements import SchemaDifference
from engine.store.revision import EXPECTED, works_on
from engine.store.sql.schema import of_postgres, of_sqlite
from engine.store.sql.schema.objects import VERSION, Objects, differences

if TYPE_CHECKING:
    from engine.store.sql.prepared import DriverConnection

#: Faults of indexes that are named.
MOST_FAULTS = 100
_INDEXES_ON_SERVER = """
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am a ON a.oid = c.relam
WHERE n.nspname = current_schema() AND a.amname = 'btree' AND i.indisvalid ORDER BY c.relname
"""


def schema_differences(driver: DriverConnection) -> list[SchemaDifference]:
    """Return what is otherwise in the database than the revision of this program says, the revision itself first."""
    expected, present = _both(driver)
    found = []
    if ("table", VERSION) in present:
        versions = [str(row[0]) for row in _ask(driver, f"SELECT version_num FROM {VERSION}")]  # noqa: S608 - a constant
        if versions != [EXPECTED]:
            found.append(SchemaDifference("version", VERSION, ", ".join(sorted(versions)), EXPECTED))
            if len(versions) == 1 and works_on(versions[0]):
                # A later program has added to the tables: only it can tell what.
                return found
    return [*found, *differences(expected, present)]


def index_faults(driver: DriverConnection) -> list[str]:
    """Return where indexes do not lead to all rows and to no others, in words of the database; at most `MOST_FAULTS`.

    A server is asked where its administrator has installed the extension ``amcheck``; without it nothing is found.
    """
    if not driver.on_server:
        rows = _ask(driver, f"PRAGMA integrity_check({MOST_FAULTS})")
        return [str(row[0]) for row in rows if row[0] != "ok"]
    if not _ask(driver, "SELECT 1 FROM pg_extension WHERE extname = 'amcheck'"):
        return []
    found = []
    for (name,) in _ask(driver, _INDEXES_ON_SERVER):
        try:
            with driver.connection.begin_nested():
                _ask(driver, "SELECT bt_index_check(to_regclass(%s), true)", name)
        except DatabaseError as problem:
            found.append(f"{name}: {str(problem.orig).splitlines()[0]}")
    return found[:MOST_FAULTS]


def foreign_tables(driver: DriverConnection) -> tuple[str, ...]:
    """Return the tables of the database that are not of this program."""
    expected, present = _both(driver)
    return tuple(name for kind, name in sorted(present.keys() - expected.keys()) if kind == "table")


def own_tables(driver: DriverConnection) -> tuple[str, ...]:
    """Return the tables the database keeps for itself among the others."""
    if driver.on_server:
        return ()
    names = {str(row[0]) for row in _ask(driver, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    return tuple(sorted(names & of_sqlite.OWN_TABLES))


def _both(driver: DriverConnection) -> tuple[Objects, Objects]:
    of = of_postgres if driver.on_server else of_sqlite
    return of.expected(), of.present(lambda query, *values: _ask(driver, query, *values))


def _ask(driver: DriverConnection, query: str, *values: str) -> Sequence[Any]:
    return driver.connection.exec_driver_sql(query, values or None).fetchall()
