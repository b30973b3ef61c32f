"""Drafts in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.ports.records import Draft
from engine.store.people_codec import draft_of, draft_row
from engine.store.sql.kept.kept_statements import kept
from engine.store.sql.prepared import DriverConnection

if TYPE_CHECKING:
    from engine.store.sql.core import drafts as core
else:
    core = kept("drafts")


class SqlDrafts:
    """`engine.app.ports.drafts.Drafts`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def get(self, person: str, case_id: str, step: str) -> Draft | None:
        """Return the draft of a person for a step of a case."""
        row = self._driver.first(core.GET, (person, case_id, step))
        return None if row is None else draft_of(row)

    def of(self, person: str) -> list[Draft]:
        """Return the drafts of a person, ordered by case and step."""
        return [draft_of(row) for row in self._driver.run(core.OF, (person,))]

    def put(self, draft: Draft) -> None:
        """Store a draft; an earlier one for the same step is replaced."""
        row = draft_row(draft)
        self._driver.run(core.PUT, row)
        self._driver.wrote("draft", [row])

    def drop(self, person: str, case_id: str, step: str) -> bool:
        """Remove a draft; tell whether there was one."""
        key = (person, case_id, step)
        ahead = self._driver.ahead
        if (ahead is not None and ahead.pop(("no draft", *key), False)) or self._driver.run_many(
            core.DROP, [key]
        ) != 1:
            return False
        self._driver.removed("draft", [key])
        return True
