"""Versions one person published where two have to agree and there was no second (单人办理), as the history of definitions says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.history.credential import SINGLE_HANDED
from engine.app.history.replay import history

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction


#: The history of definitions.
STREAM = "definitions"


def versions_by_one(transaction: Transaction) -> frozenset[tuple[str, int]]:
    """Return workflow and number of every version that was published by one person alone."""
    return frozenset(
        (str(event.body["workflow"]), int(event.body["version"]))
        for event in history(transaction, STREAM)
        if event.kind == "published" and event.body.get(SINGLE_HANDED) is True
    )
