"""Records of readings in SQL."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from engine.app.ports.audit.readings import PersonalReading
from engine.store.readings_codec import reading_of, reading_row
from engine.store.sql.building import bind, insert_new
from engine.store.sql.prepared import DriverConnection, PreparedStatement
from engine.store.sql.tables import personal_reading as table

_KEY = ("day", "person", "use_case", "about")
KNOWN = PreparedStatement(
    select(table.c.day).where(*[table.c[name] == bind(table, name) for name in _KEY]), *_KEY
)
ADD = insert_new(table)


class SqlReadings:
    """`engine.app.ports.audit.readings.Readings`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def known(self, day: str, person: str, use_case: str, about: str) -> bool:
        """Tell whether there is a record of it already."""
        return self._driver.first(KNOWN, (day, person, use_case, about)) is not None

    def add(self, readings: Sequence[PersonalReading]) -> None:
        """Store records; one that is there already is left as it is."""
        rows = [reading_row(one) for one in readings]
        added = self._driver.run_each(ADD, rows)
        self._driver.wrote("personal_reading", [row for row, new in zip(rows, added, strict=True) if new])

    def newest(self, person: str | None = None, limit: int = 100) -> list[PersonalReading]:
        """Return the newest records (of one person), newest first."""
        order = [table.c[name].desc() for name in ("at", "person", "use_case", "about")]
        query = select(table).order_by(*order).limit(limit)
        if person is not None:
            query = query.where(table.c.person == person)
        return [reading_of(row) for row in self._driver.connection.execute(query)]
