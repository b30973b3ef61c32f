"""What is wrong with the database of a deployment that a command failed on: everything is verified, whoever asks.

The rows that say who may look, or which deployment the database belongs to, may be those that cannot be read; so neither is
asked. A finding names a table and a key, and shows nothing of the row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.audit.verify_histories import AuditReport, verify_all_histories
from engine.app.history.paged_reading import PagedReading
from engine.store.sql import open_store

if TYPE_CHECKING:
    from engine.deployment.home import Home


def verify_damaged(home: Home) -> AuditReport:
    """Verify everything in the database of `home`. Raises StoreUnavailableError where it cannot be used as it is."""
    store = open_store(home.database)
    try:
        with PagedReading(store) as pages:
            return verify_all_histories(pages, None)
    finally:
        store.close()
