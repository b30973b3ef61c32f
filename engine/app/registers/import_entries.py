"""Putting checked entries into a register, with its trace in the history ``register:<kind>``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from engine.app.history.journal import add_entry
from engine.app.ports.records import RegisterEntry
from engine.app.registers.changes import changes_between, stream_of
from engine.lifecycle.chain import canonical

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.app.services import Services

#: Entries written in one statement.
PART = 2000


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changes, or would change."""

    added: int
    changed: int
    same: int
    #: Ids that are in the register and not in the file; they stay unless asked to go.
    missing: tuple[str, ...]
    removed: int


def count_changes(
    before: Mapping[str, RegisterEntry], entries: Sequence[RegisterEntry], *, remove_missing: bool = False
) -> Imported:
    """Return what putting `entries` into a register that holds `before` changes. Changes nothing."""
    fresh = [entry for entry in entries if before.get(entry.id) != entry]
    added = sum(1 for entry in fresh if entry.id not in before)
    missing = tuple(sorted(set(before) - {entry.id for entry in entries}))
    return Imported(
        added=added,
        changed=len(fresh) - added,
        same=len(entries) - len(fresh),
        missing=missing,
        removed=len(missing) if remove_missing else 0,
    )


def put_entries_into(
    transaction: Transaction,
    now: datetime,
    kind: str,
    before: Mapping[str, RegisterEntry],
    entries: Sequence[RegisterEntry],
    by: str,
    *,
    source: str,
    remove_missing: bool = False,
) -> Imported:
    """Put entries into a register that holds `before`, all or none, and enter it in the history of the register."""
    outcome = count_changes(before, entries, remove_missing=remove_missing)
    fresh = [entry for entry in entries if before.get(entry.id) != entry]
    for start in range(0, len(fresh), PART):
        transaction.registers.put(fresh[start : start + PART], now)
    removed = outcome.missing if remove_missing else ()
    if removed:
        transaction.registers.remove(kind, removed)
    body = {
        "source": source,
        "rows": len(entries),
        "added": outcome.added,
        "changed": outcome.changed,
        "removed": outcome.removed,
        "sha256": digest_of(entries),
        "changes": changes_between(before, fresh, removed),
    }
    add_entry(transaction, now, "imported", by, body, stream=stream_of(kind))
    return outcome


def import_entries(
    services: Services,
    kind: str,
    entries: Sequence[RegisterEntry],
    by: str,
    *,
    source: str,
    remove_missing: bool = False,
) -> Imported:
    """Put entries into a register in a transaction of its own: for a deployment that is being set up.

    Nobody is asked whether `by` may; people import through `engine.app.commands.registers`.
    """
    with services.store.write() as transaction:
        before = {entry.id: entry for entry in transaction.registers.all(kind)}
        return put_entries_into(
            transaction,
            services.clock.now(),
            kind,
            before,
            entries,
            by,
            source=source,
            remove_missing=remove_missing,
        )


def digest_of(entries: Sequence[RegisterEntry]) -> str:
    """Return the SHA-256 over entries in the order of their ids, so that the order of rows does not matter."""
    hashed = hashlib.sha256()
    for entry in sorted(entries, key=lambda e: e.id.encode()):
        row = [entry.kind, entry.id, entry.name, entry.section, dict(entry.data)]
        hashed.update(canonical(row).encode() + b"\n")
    return hashed.hexdigest()
