"""What a look at a deployment gives: one line for each thing, with what to do about it; of its database everything that is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from engine.kernel.clean_text import quoted
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.audit.verify_histories import AuditReport
    from engine.deployment.home import Home


class Status(StrEnum):
    """How a check came out. Only FAIL makes the whole a failure."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One thing looked at; `fix` says what to do where it is not right."""

    name: str
    status: Status
    message: Message
    fix: Message | None = None

    def __str__(self) -> str:
        return self._line(self.fix)

    @property
    def on_page(self) -> str:
        """Return the line for a page: what to do is left out where that is a command of the command line."""
        return self._line(None if self.fix is None or "ssj " in self.fix.text else self.fix)

    def _line(self, fix: Message | None) -> str:
        head = f"{self.status.value}\t{self.name}\t{quoted(self.message)}"
        return f"{head} {say('→ {fix}', fix=quoted(fix))}" if fix else head

    def as_json(self) -> dict[str, Any]:
        """Return plain values in the language of the process."""
        return {
            "check": self.name,
            "status": self.status.value,
            "message": str(self.message),
            "fix": str(self.fix) if self.fix else None,
        }


def verify_damaged(home: Home) -> AuditReport:
    """Verify everything in the database of `home`, which a command failed on, whoever asks. Raises StoreUnavailableError.

    The rows that say who may look, or which deployment the database belongs to, may be those that cannot be read; so neither
    is asked. A finding names a table and a key, and shows nothing of the row.
    """
    from engine.app.audit.verify_histories import verify_all_histories
    from engine.app.history.paged_reading import PagedReading
    from engine.store.sql import open_store

    store = open_store(home.database)
    try:
        with PagedReading(store) as pages:
            return verify_all_histories(pages, None)
    finally:
        store.close()
