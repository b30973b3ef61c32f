"""Drafts in SQL."""

from __future__ import annotations

from sqlalchemy import delete, select

from engine.app.ports.records import Draft
from engine.store.people_codec import draft_of, draft_row
from engine.store.sql.prepared import DriverConnection, PreparedStatement, bind, insert_or_replace
from engine.store.sql.tables import draft as table

_KEY = ("person", "case_id", "step")
_THIS = [table.c[name] == bind(table, name) for name in _KEY]

GET = PreparedStatement(select(*table.c).where(*_THIS), *_KEY)
OF = PreparedStatement(
    select(*table.c)
    .where(table.c.person == bind(table, "person"))
    .order_by(table.c.person, table.c.case_id, table.c.step),
    "person",
)
PUT = insert_or_replace(table)
DROP = PreparedStatement(delete(table).where(*_THIS), *_KEY)


class SqlDrafts:
    """`engine.app.ports.drafts.Drafts`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def get(self, person: str, case_id: str, step: str) -> Draft | None:
        """Return the draft of a person for a step of a case."""
        row = self._driver.first(GET, (person, case_id, step))
        return None if row is None else draft_of(row)

    def of(self, person: str) -> list[Draft]:
        """Return the drafts of a person, ordered by case and step."""
        return [draft_of(row) for row in self._driver.run(OF, (person,))]

    def put(self, draft: Draft) -> None:
        """Store a draft; an earlier one for the same step is replaced."""
        row = draft_row(draft)
        self._driver.run(PUT, row)
        self._driver.wrote("draft", [row])

    def drop(self, person: str, case_id: str, step: str) -> bool:
        """Remove a draft; tell whether there was one."""
        key = (person, case_id, step)
        ahead = self._driver.ahead
        if (ahead is not None and ahead.pop(("no draft", *key), False)) or self._driver.run_many(
            DROP, [key]
        ) != 1:
            return False
        self._driver.removed("draft", [key])
        return True
