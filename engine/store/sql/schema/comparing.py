"""Comparing the schema of a database with what its revision says, and naming its tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.app.ports.audit.statements import SchemaDifference
from engine.store.revision import EXPECTED
from engine.store.sql.schema import of_postgres, of_sqlite
from engine.store.sql.schema.objects import VERSION, Objects, differences

if TYPE_CHECKING:
    from engine.store.sql.prepared import DriverConnection


def schema_differences(driver: DriverConnection) -> list[SchemaDifference]:
    """Return what is otherwise in the database than the revision of this program says, the revision itself first."""
    expected, present = _both(driver)
    found = []
    if ("table", VERSION) in present:
        versions = [str(row[0]) for row in _ask(driver, f"SELECT version_num FROM {VERSION}")]  # noqa: S608 - a constant
        if versions != [EXPECTED]:
            found.append(SchemaDifference("version", VERSION, ", ".join(sorted(versions)), EXPECTED))
    return [*found, *differences(expected, present)]


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
