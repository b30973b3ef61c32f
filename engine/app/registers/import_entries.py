"""Putting checked entries into a register, with its trace in the history ``register:<kind>``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app.history.journal import add_entry
from engine.app.history.sealed_texts import Entropy
from engine.app.ports.records import RegisterEntry
from engine.app.registers.changes import IMPORTED, changes_between, stream_of
from engine.app.registers.sealed_values import seal_values
from engine.collector import unsearched
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
    return _outcome(before, entries, fresh, remove_missing=remove_missing)


def _outcome(
    before: Mapping[str, RegisterEntry],
    entries: Sequence[RegisterEntry],
    fresh: Sequence[RegisterEntry],
    *,
    remove_missing: bool,
) -> Imported:
    added = sum(1 for entry in fresh if entry.id not in before)
    missing = tuple(sorted(set(before) - {entry.id for entry in entries}))
    return Imported(
        added=added,
        changed=len(fresh) - added,
        same=len(entries) - len(fresh),
        missing=missing,
        removed=len(missing) if remove_missing else 0,
    )


@dataclass(frozen=True, slots=True)
class EntriesPlan:
    """What is to be written to put entries into a register: nothing but the rows that change."""

    kind: str
    outcome: Imported
    put: tuple[RegisterEntry, ...]
    remove: tuple[str, ...]
    #: What is entered in the history of the register.
    body: Mapping[str, Any]


@unsearched()
def plan_entries(
    kind: str,
    before: Mapping[str, RegisterEntry],
    entries: Sequence[RegisterEntry],
    *,
    source: str,
    remove_missing: bool = False,
    besides: Mapping[str, Any] | None = None,
) -> EntriesPlan:
    """Return what putting `entries` into a register that holds `before` writes: all of them or none.

    `besides` is entered in the history together with it.
    """
    fresh = tuple(entry for entry in entries if before.get(entry.id) != entry)
    outcome = _outcome(before, entries, fresh, remove_missing=remove_missing)
    removed = outcome.missing if remove_missing else ()
    body = {
        "source": source,
        "rows": len(entries),
        "added": outcome.added,
        "changed": outcome.changed,
        "removed": outcome.removed,
        "sha256": digest_of(entries),
        "changes": changes_between(before, fresh, removed),
        **(besides or {}),
    }
    return EntriesPlan(kind, outcome, fresh, removed, body)


@unsearched()
def write_entries(
    transaction: Transaction,
    now: datetime,
    plan: EntriesPlan,
    by: str,
    entropy: Entropy | None = None,
    entered_as: str = IMPORTED,
) -> Imported:
    """Write what was planned, and enter it in the history of the register, which must be as it was then.

    `entered_as` is the kind of the entry: `IMPORTED` or `FIRM_CHANGED`.
    """
    for start in range(0, len(plan.put), PART):
        transaction.registers.put(plan.put[start : start + PART], now)
    if plan.remove:
        transaction.registers.remove(plan.kind, plan.remove)
    body = seal_values(transaction, now, plan.kind, plan.body, entropy)
    add_entry(transaction, now, entered_as, by, body, stream=stream_of(plan.kind))
    return plan.outcome


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
        plan = plan_entries(kind, before, entries, source=source, remove_missing=remove_missing)
        return write_entries(transaction, services.clock.now(), plan, by, services.entropy)


def digest_of(entries: Sequence[RegisterEntry]) -> str:
    """Return the SHA-256 over entries in the order of their ids, so that the order of rows does not matter."""
    hashed = hashlib.sha256()
    for entry in sorted(entries, key=lambda e: e.id.encode()):
        # The canonical text of the row, which ends with that of its data.
        row = canonical([entry.kind, entry.id, entry.name, entry.section])
        hashed.update(f"{row[:-1]},{entry.text}]\n".encode())
    return hashed.hexdigest()
