"""Putting checked entries into a register, with its trace in the history ``register:<kind>``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from engine.register.sheet.checked_entries import CheckedEntry, KeptEntries, packed, unpacked
from engine.register.sheet.made_anew import MadeAnew

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.app.services import Services

#: Entries written in one statement.
PART = 2000
#: A file with more entries has them made anew each time they are asked for: as objects they are four times the file.
MANY = 20_000


class KeptRegister(Mapping[str, RegisterEntry]):
    """Many entries of a register by id, each packed and made anew whenever it is asked for."""

    __slots__ = ("_kind", "_lines")

    def __init__(self, kind: str) -> None:
        """Begin with none."""
        self._kind = kind
        self._lines: dict[str, bytes] = {}

    def keep(self, entry: RegisterEntry) -> None:
        """Take an entry; it comes after those taken before."""
        row = CheckedEntry(entry.kind, entry.id, entry.name, entry.section, entry.data)
        self._lines[entry.id] = packed(0, row)

    def __getitem__(self, entry_id: str) -> RegisterEntry:
        _, row = unpacked(self._kind, entry_id, self._lines[entry_id])
        if row is None:
            raise KeyError(entry_id)
        return entry_of_row(row)

    def __contains__(self, entry_id: object) -> bool:
        return entry_id in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def register_before(transaction: Transaction, kind: str) -> Mapping[str, RegisterEntry]:
    """Return a register as it is, by id."""
    entries = transaction.registers.all(kind)
    if len(entries) <= MANY:
        return {entry.id: entry for entry in entries}
    kept = KeptRegister(kind)
    # From the end, so that each is given up as soon as it is packed.
    entries.reverse()
    while entries:
        kept.keep(entries.pop())
    return kept


class BroughtEntries(MadeAnew[str, RegisterEntry]):
    """The entries a large file brings, made of its packed rows each time; those that keep something from before are held."""

    __slots__ = ("_joined", "_rows")

    def __init__(self, rows: KeptEntries, ids: Sequence[str], joined: Mapping[str, RegisterEntry]) -> None:
        """Take the rows of the file, the ids of those that count, and by id what is there instead of the file's."""
        super().__init__(ids)
        self._rows = rows
        self._joined = joined

    @property
    def ids(self) -> Sequence[str]:
        """Return the ids, in the order of the entries."""
        return self._kept

    def by_id(self, entry_id: str) -> RegisterEntry:
        """Return one of the entries. Raises KeyError."""
        return self._made(entry_id)

    def joined(self, held: Mapping[str, RegisterEntry]) -> BroughtEntries:
        """Return these with others instead of some, by their ids."""
        return BroughtEntries(self._rows, self._kept, held)

    def chosen(self, ids: Sequence[str]) -> BroughtEntries:
        """Return those with these ids, in this order."""
        return BroughtEntries(self._rows, ids, self._joined)

    def _of(self, kept: Sequence[str]) -> BroughtEntries:
        return self.chosen(kept)

    def _made(self, kept: str) -> RegisterEntry:
        held = self._joined.get(kept)
        return held if held is not None else entry_of_row(self._rows.by_id(kept))


def entry_of_row(checked: CheckedEntry) -> RegisterEntry:
    """Return the entry a row of a file makes."""
    return RegisterEntry(checked.kind, checked.id, checked.name, checked.section, dict(checked.data))


def brought(rows: Sequence[CheckedEntry]) -> Sequence[RegisterEntry]:
    """Return the entries that rows of a file make, as they are."""
    if isinstance(rows, KeptEntries) and len(rows) > MANY:
        return BroughtEntries(rows, rows.ids, {})
    return tuple(map(entry_of_row, rows))


def ids_of(entries: Sequence[RegisterEntry]) -> Sequence[str]:
    """Return the ids of entries, in their order."""
    return entries.ids if isinstance(entries, BroughtEntries) else [entry.id for entry in entries]


def fresh_among(
    before: Mapping[str, RegisterEntry], entries: Sequence[RegisterEntry]
) -> Sequence[RegisterEntry]:
    """Return the entries that are not in `before` as they are here."""
    if isinstance(entries, BroughtEntries):
        changed = [one for one in entries.ids if one not in before or before[one] != entries.by_id(one)]
        return entries.chosen(changed)
    return tuple(entry for entry in entries if before.get(entry.id) != entry)


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
    fresh = fresh_among(before, entries)
    return _outcome(before, entries, fresh, remove_missing=remove_missing)


def _outcome(
    before: Mapping[str, RegisterEntry],
    entries: Sequence[RegisterEntry],
    fresh: Sequence[RegisterEntry],
    *,
    remove_missing: bool,
) -> Imported:
    added = sum(1 for one in ids_of(fresh) if one not in before)
    missing = tuple(sorted(set(before) - set(ids_of(entries))))
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
    put: Sequence[RegisterEntry]
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
    fresh = fresh_among(before, entries)
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
        before = register_before(transaction, kind)
        plan = plan_entries(kind, before, entries, source=source, remove_missing=remove_missing)
        return write_entries(transaction, services.clock.now(), plan, by, services.entropy)


def digest_of(entries: Sequence[RegisterEntry]) -> str:
    """Return the SHA-256 over entries in the order of their ids, so that the order of rows does not matter."""
    hashed = hashlib.sha256()
    if isinstance(entries, BroughtEntries):
        ordered: Iterable[RegisterEntry] = entries.chosen(sorted(entries.ids, key=str.encode))
    else:
        ordered = sorted(entries, key=lambda e: e.id.encode())
    for entry in ordered:
        # The canonical text of the row, which ends with that of its data.
        row = canonical([entry.kind, entry.id, entry.name, entry.section])
        hashed.update(f"{row[:-1]},{entry.text}]\n".encode())
    return hashed.hexdigest()
