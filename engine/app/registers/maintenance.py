"""Looking after registers: labels, frozen copies, single people; each change stands in ``register:<kind>``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.app.history.journal import add_entry
from engine.app.ports.records import RegisterEntry, Snapshot
from engine.app.registers.merge_import import with_labels
from engine.kernel.digests import Digests

if TYPE_CHECKING:
    from engine.app.services import Services


@dataclass(frozen=True, slots=True)
class Labelled:
    """What labelling changed: ids in the order given."""

    changed: tuple[str, ...]
    same: tuple[str, ...]
    unknown: tuple[str, ...]


def label(
    services: Services,
    kind: str,
    ids: Sequence[str],
    add: Sequence[str],
    remove: Sequence[str],
    by: str,
    *,
    dry_run: bool = False,
) -> Labelled:
    """Add and take away labels of entries; nothing is changed where one of the ids is unknown."""
    with services.store.write() as transaction:
        ids = list(dict.fromkeys(ids))
        found = transaction.registers.some(kind, ids)
        unknown = tuple(entry_id for entry_id in ids if entry_id not in found)
        after = {entry_id: with_labels(found[entry_id], add, remove) for entry_id in ids if entry_id in found}
        changed = tuple(entry_id for entry_id, entry in after.items() if entry != found[entry_id])
        same = tuple(entry_id for entry_id in after if entry_id not in changed)
        if changed and not unknown and not dry_run:
            transaction.registers.put([after[entry_id] for entry_id in changed], services.clock.now())
            body = {"ids": list(changed), "add": list(add), "remove": list(remove)}
            add_entry(transaction, services.clock.now(), "labelled", by, body, stream=f"register:{kind}")
        return Labelled(changed, same, unknown)


def put_one(services: Services, entry: RegisterEntry, by: str) -> None:
    """Put one entry into its register."""
    with services.store.write() as transaction:
        transaction.registers.put([entry], services.clock.now())
        body = {"id": entry.id, "name": entry.name, "section": entry.section, "data": dict(entry.data)}
        add_entry(transaction, services.clock.now(), "entered", by, body, stream=f"register:{entry.kind}")


def take_snapshot(services: Services, kind: str, by: str, *, dry_run: bool = False) -> Snapshot:
    """冻结: keep a copy of a register as it is, in the text a draw freezes it in, with its digests."""
    with services.store.write() as transaction:
        now = services.clock.now()
        content, rows = register_text(transaction.registers.all(kind))
        digests = Digests.of(content)
        snapshot = Snapshot(
            f"{kind}-{now:%Y%m%dT%H%M%S}.{now:%f}Z",
            kind,
            now,
            rows,
            digests.sha256,
            digests.sm3,
            content,
            by,
        )
        if not dry_run:
            transaction.registers.put_snapshot(snapshot)
            body = {"snapshot": snapshot.id, "rows": rows, "sha256": snapshot.sha256, "sm3": snapshot.sm3}
            add_entry(transaction, services.clock.now(), "frozen", by, body, stream=f"register:{kind}")
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
