"""Personal values outside the histories, in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from engine.app.ports.audit.personal_values import BESIDE_REGISTERS, PersonalValue
from engine.kernel.instants import to_text
from engine.store.readings_codec import value_of, value_row
from engine.store.sql.building import bind, insert_new
from engine.store.sql.prepared import DriverConnection, PreparedStatement
from engine.store.sql.tables import personal_value as table

ADD = insert_new(table)
GET = PreparedStatement(select(table).where(table.c.id == bind(table, "id")), "id")
OF = PreparedStatement(
    select(table).where(table.c.subject == bind(table, "subject")).order_by(table.c.at, table.c.id), "subject"
)
DESTROY = PreparedStatement(delete(table).where(table.c.id == bind(table, "id")), "id")


class SqlPersonalValues:
    """`engine.app.ports.audit.personal_values.PersonalValues`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def add(self, values: Sequence[PersonalValue]) -> None:
        """Store values under new ids."""
        rows = [value_row(one) for one in values]
        self._driver.run_many(ADD, rows)
        self._driver.wrote("personal_value", rows)

    def some(self, ids: Iterable[str]) -> Mapping[str, PersonalValue]:
        """Return values by id; those destroyed are left out."""
        found = (self._driver.first(GET, (one,)) for one in dict.fromkeys(ids))
        return {row[0]: value_of(row) for row in found if row is not None}

    def past(self, before: datetime, limit: int, subject: str | None = None) -> Sequence[PersonalValue]:
        """Return at most `limit` values of before an instant, oldest first: of registers, or those with this subject."""
        wanted = table.c.subject.not_in(BESIDE_REGISTERS) if subject is None else table.c.subject == subject
        query = select(table).where(wanted, table.c.at < to_text(before)).order_by(table.c.at, table.c.id)
        return [value_of(row) for row in self._driver.connection.execute(query.limit(limit))]

    def of_subject(self, subject: str) -> Sequence[PersonalValue]:
        """Return all values with a subject, oldest first."""
        return [value_of(row) for row in self._driver.run(OF, (subject,))]

    def destroy(self, ids: Sequence[str]) -> None:
        """Remove values, with their bytes in the file of the database."""
        connection = self._driver.connection
        if connection.dialect.name == "sqlite":
            # What is deleted is overwritten, and not only given free.
            connection.exec_driver_sql("PRAGMA secure_delete = ON").close()
        keys = [(one,) for one in ids]
        self._driver.run_many(DESTROY, keys)
        self._driver.removed("personal_value", keys)
