"""Registers as use cases: importing what has been read and checked, with its trace in the history."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.app.history.journal import add_entry
from engine.app.ports.records import RegisterEntry
from engine.app.registers.changes import changes_between
from engine.lifecycle.chain import canonical

if TYPE_CHECKING:
    from engine.app.services import Services

#: Entries written in one statement.
PART = 2000


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed."""

    added: int
    changed: int
    same: int
    #: Ids that stood in the register and are not in the file; they stay unless asked to go.
    missing: tuple[str, ...]
    removed: int


def import_entries(
    services: Services,
    kind: str,
    entries: Sequence[RegisterEntry],
    by: str,
    *,
    source: str,
    remove_missing: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Put checked entries into a register, all or none, and note it in the chain ``register:<kind>``."""
    with services.store.write() as transaction:
        before: Mapping[str, RegisterEntry] = {entry.id: entry for entry in transaction.registers.all(kind)}
        fresh = [entry for entry in entries if before.get(entry.id) != entry]
        added = sum(1 for entry in fresh if entry.id not in before)
        given = {entry.id for entry in entries}
        missing = tuple(sorted(set(before) - given))
        outcome = Imported(
            added=added,
            changed=len(fresh) - added,
            same=len(entries) - len(fresh),
            missing=missing,
            removed=len(missing) if remove_missing else 0,
        )
        if dry_run:
            return outcome
        now = services.clock.now()
        for start in range(0, len(fresh), PART):
            transaction.registers.put(fresh[start : start + PART], now)
        if remove_missing and missing:
            transaction.registers.remove(kind, missing)
        body = {
            "source": source,
            "rows": len(entries),
            "added": outcome.added,
            "changed": outcome.changed,
            "removed": outcome.removed,
            "sha256": digest_of(entries),
            "changes": changes_between(before, fresh, missing if remove_missing else ()),
        }
        add_entry(transaction, services.clock.now(), "imported", by, body, stream=f"register:{kind}")
    return outcome


def digest_of(entries: Sequence[RegisterEntry]) -> str:
    """Return the SHA-256 over entries in the order of their ids, so that the order of rows does not matter."""
    hashed = hashlib.sha256()
    for entry in sorted(entries, key=lambda e: e.id.encode()):
        row = [entry.kind, entry.id, entry.name, entry.section, dict(entry.data)]
        hashed.update(canonical(row).encode() + b"\n")
    return hashed.hexdigest()
