"""Settings in SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from engine.store.codec import from_json, to_json
from engine.store.sql.prepared import DriverConnection, PreparedStatement, bind, insert_or_replace
from engine.store.sql.tables import setting

_THIS = setting.c.name == bind(setting, "name")

GET = PreparedStatement(select(setting.c.body).where(_THIS), "name")
PUT = insert_or_replace(setting)
DROP = PreparedStatement(delete(setting).where(_THIS), "name")


class SqlSettings:
    """`engine.app.ports.repositories.Settings`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def get(self, name: str) -> Any:
        """Return the JSON value of `name`, or None."""
        row = self._driver.first(GET, (name,))
        return None if row is None else from_json(row[0])

    def put(self, name: str, value: Any) -> None:
        """Store a JSON value as `name`."""
        self._driver.touched = True
        row = (name, to_json(value))
        self._driver.run(PUT, row)
        self._driver.wrote("setting", [row])

    def drop(self, name: str) -> None:
        """Remove the value of `name`."""
        self._driver.touched = True
        self._driver.run(DROP, (name,))
        self._driver.removed("setting", [(name,)])

    def names(self, prefix: str) -> list[str]:
        """Return the names that begin with `prefix`, ordered."""
        query = select(setting.c.name).where(setting.c.name >= prefix).order_by(setting.c.name)
        return [name for name in self._driver.connection.execute(query).scalars() if name.startswith(prefix)]
