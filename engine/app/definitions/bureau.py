"""The bureau of what was published last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.ports.store import Transaction
from engine.lifecycle.model.bureau import Bureau

if TYPE_CHECKING:
    from engine.app.definitions.cache import DefinitionCache


def bureau_of(definitions: DefinitionCache, transaction: Transaction) -> Bureau | None:
    """Return the bureau of what was published last; None before anything is published."""
    versions = transaction.definitions.versions()
    if not versions:
        return None
    last = max(versions, key=lambda version: (version.published_at, version.workflow, version.number))
    return definitions.get(transaction, last.workflow, last.number).bureau
