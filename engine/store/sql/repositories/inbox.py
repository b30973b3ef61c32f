"""The inbox in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from engine.app.ports.records import InboxEntry
from engine.kernel.instants import to_text
from engine.store.codec import inbox_of, inbox_row
from engine.store.sql.kept.kept_statements import kept
from engine.store.sql.prepared import DriverConnection

if TYPE_CHECKING:
    from engine.store.sql.core import inbox as core
else:
    core = kept("inbox")


class SqlInbox:
    """`engine.app.ports.repositories.Inbox`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def put(self, entries: Sequence[InboxEntry]) -> None:
        """Add entries; one whose id is already there is left as it is."""
        rows = [inbox_row(entry) for entry in entries]
        added = self._driver.run_each(core.PUT, rows)
        self._driver.wrote("inbox", [row for row, new in zip(rows, added, strict=True) if new])

    def of(self, recipient: str, *, unacked: bool = False, limit: int = 1000) -> list[InboxEntry]:
        """Return a person's entries, newest first."""
        query = core.of(recipient, unacked, limit)
        return [inbox_of(row) for row in self._driver.connection.execute(query)]

    def ack(self, recipient: str, ids: Sequence[str], at: datetime) -> list[str]:
        """Mark a person's own entries as read."""
        moment = to_text(at)
        changed = [
            one for one in dict.fromkeys(ids) if self._driver.run(core.ACK, (moment, one, recipient)).rowcount
        ]
        self._driver.changed("inbox.acked", [(one, moment) for one in changed])
        return changed
