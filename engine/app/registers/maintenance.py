"""Labels of entries, single entries, frozen copies; each change is entered in the history ``register:<kind>``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app.history.journal import add_entry
from engine.app.history.sealed_texts import Entropy
from engine.app.ports.records import RegisterEntry, Snapshot
from engine.app.registers.changes import changes_between, stream_of
from engine.app.registers.merge_import import with_labels
from engine.app.registers.sealed_values import seal_values
from engine.kernel.digests import Digests

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction


@dataclass(frozen=True, slots=True)
class Labelled:
    """What labelling changed: ids in the order given."""

    changed: tuple[str, ...]
    same: tuple[str, ...]
    unknown: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"changed": self.changed, "same": self.same}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Labelled:
        """Return what `as_json` wrote."""
        return cls(tuple(body["changed"]), tuple(body["same"]))


@dataclass(frozen=True, slots=True)
class SnapshotSummary:
    """A frozen copy of a register, without its text."""

    id: str
    taken_at: datetime
    rows: int
    sha256: str
    sm3: str
    by: str

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "id": self.id,
            "taken_at": self.taken_at.isoformat(),
            "rows": self.rows,
            "sha256": self.sha256,
            "sm3": self.sm3,
            "by": self.by,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> SnapshotSummary:
        """Return what `as_json` wrote."""
        return cls(**{**body, "taken_at": datetime.fromisoformat(body["taken_at"])})

    @classmethod
    def of(cls, snapshot: Snapshot) -> SnapshotSummary:
        """Return the summary of a frozen copy."""
        return cls(snapshot.id, snapshot.taken_at, snapshot.rows, snapshot.sha256, snapshot.sm3, snapshot.by)


def label(
    transaction: Transaction,
    now: datetime,
    kind: str,
    ids: Sequence[str],
    add: Sequence[str],
    remove: Sequence[str],
    by: str,
) -> Labelled:
    """Add and take away labels of entries; nothing is changed where one of the ids is unknown."""
    ids = list(dict.fromkeys(ids))
    found = transaction.registers.some(kind, ids)
    unknown = tuple(entry_id for entry_id in ids if entry_id not in found)
    after = {entry_id: with_labels(found[entry_id], add, remove) for entry_id in ids if entry_id in found}
    changed = tuple(entry_id for entry_id, entry in after.items() if entry != found[entry_id])
    same = tuple(entry_id for entry_id in after if entry_id not in changed)
    if changed and not unknown:
        put = [after[entry_id] for entry_id in changed]
        transaction.registers.put(put, now)
        changes = changes_between(found, put, ())
        body = {"ids": list(changed), "add": list(add), "remove": list(remove), "changes": changes}
        add_entry(transaction, now, "labelled", by, body, stream=stream_of(kind))
    return Labelled(changed, same, unknown)


def put_one(
    transaction: Transaction,
    now: datetime,
    entry: RegisterEntry,
    by: str,
    besides: Mapping[str, Any] | None = None,
    entropy: Entropy | None = None,
) -> None:
    """Put one entry into its register. `besides` is entered in the history together with it."""
    transaction.registers.put([entry], now)
    body = {"id": entry.id, "name": entry.name, "section": entry.section, "data": dict(entry.data)}
    sealed = seal_values(transaction, now, entry.kind, {**body, **(besides or {})}, entropy)
    add_entry(transaction, now, "entered", by, sealed, stream=stream_of(entry.kind))


@dataclass(frozen=True, slots=True)
class FrozenText:
    """A register as the canonical text a draw freezes it in, with its digests."""

    content: bytes
    rows: int
    digests: Digests


def freeze(transaction: Transaction, kind: str) -> FrozenText:
    """Return a register as it is, as canonical text."""
    content, rows = register_text(transaction.registers.all(kind))
    return FrozenText(content, rows, Digests.of(content))


def take_snapshot(
    transaction: Transaction, now: datetime, kind: str, by: str, frozen: FrozenText | None = None
) -> Snapshot:
    """冻结: keep a copy of a register as it is; `frozen` is its text, where it has been made already."""
    text = frozen or freeze(transaction, kind)
    snapshot = Snapshot(
        f"{kind}-{now:%Y%m%dT%H%M%S}.{now:%f}Z",
        kind,
        now,
        text.rows,
        text.digests.sha256,
        text.digests.sm3,
        text.content,
        by,
    )
    transaction.registers.put_snapshot(snapshot)
    body = {"snapshot": snapshot.id, "rows": text.rows, "sha256": snapshot.sha256, "sm3": snapshot.sm3}
    add_entry(transaction, now, "frozen", by, body, stream=stream_of(kind))
    return snapshot


def register_text(entries: Iterable[RegisterEntry]) -> tuple[bytes, int]:
    """Return a register as canonical text, one JSON line an entry, and the number of lines."""
    lines = [
        json.dumps(
            {"id": entry.id, "name": entry.name, "section": entry.section, "data": dict(entry.data)},
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )
        + "\n"
        for entry in entries
    ]
    return "".join(lines).encode(), len(lines)
