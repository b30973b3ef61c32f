"""Settings in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.store.codec import from_json, to_json
from engine.store.sql.kept.kept_statements import kept
from engine.store.sql.prepared import DriverConnection

if TYPE_CHECKING:
    from engine.store.sql.core import settings as core
else:
    core = kept("settings")


class SqlSettings:
    """`engine.app.ports.repositories.Settings`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def get(self, name: str) -> Any:
        """Return the JSON value of `name`, or None."""
        row = self._driver.first(core.GET, (name,))
        return None if row is None else from_json(row[0])

    def put(self, name: str, value: Any) -> None:
        """Store a JSON value as `name`."""
        self._driver.touched = True
        row = (name, to_json(value))
        self._driver.run(core.PUT, row)
        self._driver.wrote("setting", [row])

    def drop(self, name: str) -> None:
        """Remove the value of `name`."""
        self._driver.touched = True
        self._driver.run(core.DROP, (name,))
        self._driver.removed("setting", [(name,)])

    def names(self, prefix: str) -> list[str]:
        """Return the names that begin with `prefix`, ordered."""
        query = core.names(prefix)
        return [name for name in self._driver.connection.execute(query).scalars() if name.startswith(prefix)]
