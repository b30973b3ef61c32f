"""What was done to a register: who changed which entry when, taking the last import back, claiming for a section.

Everything is read from the chain ``register:<kind>``: an import writes there what it added, changed (old and new value
of every column) and removed, so that the history of an entry and the way back need nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.app.history.journal import add_entry
from engine.app.history.replay import history
from engine.app.history.sealed_texts import Entropy
from engine.app.ports.records import RegisterEntry
from engine.app.ports.store import Transaction
from engine.app.registers.sealed_values import forgotten_in, open_values, seal_values
from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import say
from engine.lifecycle.chain import Event
from engine.register.compare import columns_changed, row_of

#: So many ids stand in a sentence; the others are counted.
SHOWN = 10
CLAIMED, RELEASED, UNDONE, IMPORTED = "claimed", "released", "undone", "imported"
#: A firm was renamed, merged, given a new code, or has changed its contact data itself.
FIRM_CHANGED = "firm-changed"


def stream_of(kind: str) -> str:
    """Return the name of the history of a register."""
    return f"register:{kind}"


def changes_between(
    before: Mapping[str, RegisterEntry], put: Sequence[RegisterEntry], removed: Sequence[str]
) -> dict[str, Any]:
    """Return as plain values what putting and removing entries does to those of `before`."""
    return {
        "added": [entry.id for entry in put if entry.id not in before],
        "changed": {
            entry.id: columns_changed(row_of(before[entry.id]), row_of(entry))
            for entry in (put if before else ())
            if entry.id in before
        },
        "removed": {entry_id: _row(before[entry_id]) for entry_id in removed},
    }


def _row(entry: RegisterEntry) -> dict[str, Any]:
    return {"name": entry.name, "section": entry.section, "data": dict(entry.data)}


@dataclass(frozen=True, slots=True)
class Entered:
    """One thing that happened to a register, or to one entry of it."""

    seq: int
    at: datetime
    by: str
    kind: str
    #: column -> (before, after), where an entry was asked for and the event says so.
    columns: Mapping[str, tuple[Any, Any]]
    body: Mapping[str, Any]


def history_of(transaction: Transaction, kind: str, entry_id: str | None = None) -> Iterator[Entered]:
    """Yield what happened to a register, oldest first; with `entry_id` only what concerns that entry."""
    for event in history(transaction, stream_of(kind)):
        body = event.body
        touched = ids_of(event)
        if entry_id is not None and entry_id not in touched:
            continue
        columns: Mapping[str, Any] = {}
        if entry_id is not None:
            body = open_values(transaction, kind, body)
            columns = (body.get("changes") or {}).get("changed", {}).get(entry_id, {})
        yield Entered(
            event.seq,
            event.at,
            event.actor,
            event.kind,
            {name: (old, new) for name, (old, new) in columns.items()},
            open_values(transaction, kind, body) if entry_id is None else body,
        )


def ids_of(event: Event) -> set[str]:
    """Return the ids of the entries an event of a register's chain is about."""
    body = event.body
    found = set(body.get("ids") or ())
    if "id" in body:
        found.add(str(body["id"]))
    changes = body.get("changes") or {}
    for part in ("added", "changed", "removed"):
        found.update(changes.get(part) or ())
    return found


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back does."""

    #: Number of the import in the history of the register.
    seq: int
    source: str
    removed: int
    restored: int
    #: Whether an earlier request with the same id did it.
    repeated: bool = False
    #: `IMPORTED`, or `FIRM_CHANGED` where it is no import but the change of a firm.
    what: str = IMPORTED

    @property
    def is_import(self) -> bool:
        """Tell whether it is an import; else it is the change of a firm."""
        return self.what == IMPORTED

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "seq": self.seq,
            "source": self.source,
            "removed": self.removed,
            "restored": self.restored,
            **({} if self.is_import else {"what": self.what}),
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Undone:
        """Return what `as_json` wrote, as the answer to a repeated request."""
        return cls(**body, repeated=True)


@dataclass(frozen=True, slots=True)
class ImportSeq:
    """The number of the import a person was shown and agreed to take back.

    It is no part of what is asked for: a request that is sent again may carry another.
    """

    seq: int

    def as_json(self) -> None:
        """Return nothing: see above."""
        return


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """How the last import of a register, or change of a firm, is taken back."""

    outcome: Undone
    put: tuple[RegisterEntry, ...]
    remove: tuple[str, ...]
    #: All entries the import is about.
    ids: tuple[str, ...]


def plan_undo(transaction: Transaction, kind: str) -> UndoPlan | RefusalReason:
    """Return how the last import of a register is taken back; why not, where something else was done since.

    A change of a firm (renamed, merged, a new code) counts as one import of a row or two, and is named as what it is.
    """
    events = list(history(transaction, stream_of(kind)))
    taken_back = {int(event.body["undone"]) for event in events if event.kind == UNDONE}
    found = next((e for e in reversed(events) if _is_taken_back_as_one(e) and e.seq not in taken_back), None)
    if found is None:
        return RefusalReason("import", say("名录“{kind}”没有可以撤销的导入", kind=kind))
    if forgotten_in(transaction, kind, found.body):
        return RefusalReason(
            "import", say("该次导入改掉的个人信息已过留存期限，不能撤销；请重新导入原来的文件")
        )
    changes = open_values(transaction, kind, found.body).get("changes")
    if changes is None:
        return RefusalReason("import", say("该次导入没有留下改动明细，不能撤销；请重新导入原来的文件"))
    mine = ids_of(found)
    # An import that was taken back, and its taking back, have left nothing behind.
    in_force = [e for e in events if e.seq > found.seq and e.seq not in taken_back and e.kind != UNDONE]
    later = sorted({one for event in in_force for one in ids_of(event) & mine})
    if later:
        message = say(
            "导入以后这些条目又被改动，撤销会丢失这些改动：{ids} 等 {count} 条；请先处理这些条目，或重新导入",
            ids=later[:SHOWN],
            count=len(later),
        )
        return RefusalReason("changed-since", message)
    present = transaction.registers.some(kind, list(changes["changed"]))
    put = (
        *(present[entry_id].before(columns) for entry_id, columns in changes["changed"].items()),
        *(
            RegisterEntry(kind, entry_id, row["name"], row["section"], row["data"])
            for entry_id, row in changes["removed"].items()
        ),
    )
    what = FIRM_CHANGED if "firm" in found.body else IMPORTED
    source = str(found.body.get("source", ""))
    outcome = Undone(found.seq, source, len(changes["added"]), len(put), what=what)
    return UndoPlan(outcome, put, tuple(changes["added"]), tuple(sorted(mine)))


def _is_taken_back_as_one(event: Event) -> bool:
    """Tell whether an event is an import or the change of a firm by the office; a firm's own contact data are neither.

    An older version entered all three as imports.
    """
    if event.kind == FIRM_CHANGED:
        return "firm" in event.body
    return event.kind == IMPORTED and "case" not in event.body


def undo_import(
    transaction: Transaction,
    now: datetime,
    kind: str,
    plan: UndoPlan,
    by: str,
    entropy: Entropy | None = None,
) -> None:
    """Take an import back as planned, and enter it in the history of the register."""
    before = transaction.registers.some(kind, list(plan.ids))
    transaction.registers.put(plan.put, now)
    if plan.remove:
        transaction.registers.remove(kind, plan.remove)
    body = {
        "undone": plan.outcome.seq,
        "source": plan.outcome.source,
        "changes": changes_between(before, plan.put, plan.remove),
    }
    sealed = seal_values(transaction, now, kind, body, entropy)
    add_entry(transaction, now, UNDONE, by, sealed, stream=stream_of(kind))


@dataclass(frozen=True, slots=True)
class Claimed:
    """What claiming or releasing changed: ids in the order given."""

    changed: tuple[str, ...]
    same: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"changed": self.changed, "same": self.same}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Claimed:
        """Return what `as_json` wrote."""
        return cls(tuple(body["changed"]), tuple(body["same"]))


def claim(
    transaction: Transaction,
    now: datetime,
    kind: str,
    ids: Sequence[str],
    section: str,
    by: str,
    *,
    release: bool = False,
) -> Claimed | tuple[RefusalReason, ...]:
    """认领: put entries into the hands of a section, or give them back; returns every reason against it instead."""
    ids = list(dict.fromkeys(ids))
    found = transaction.registers.some(kind, ids)
    reasons = tuple(_against(kind, ids, found, section, release=release))
    if reasons:
        return reasons
    wanted = None if release else section
    changed = [entry_id for entry_id in ids if found[entry_id].section != wanted]
    if changed:
        put = [replace(found[entry_id], section=wanted) for entry_id in changed]
        transaction.registers.put(put, now)
        body = {"ids": changed, "section": section, "changes": changes_between(found, put, ())}
        add_entry(transaction, now, RELEASED if release else CLAIMED, by, body, stream=stream_of(kind))
    return Claimed(tuple(changed), tuple(entry_id for entry_id in ids if entry_id not in changed))


def unknown_entries(kind: str, ids: Sequence[str]) -> RefusalReason:
    """Return the reason of ids a register does not hold."""
    message = say("名录“{kind}”中没有：{ids}", kind=kind, ids=list(ids))
    return RefusalReason("entry", message, next=NextAction("list_register", {"kind": kind}))


def _against(
    kind: str, ids: Sequence[str], found: Mapping[str, RegisterEntry], section: str, *, release: bool
) -> Iterator[RefusalReason]:
    unknown = [entry_id for entry_id in ids if entry_id not in found]
    if unknown:
        yield unknown_entries(kind, unknown[:SHOWN])
    for entry_id, entry in found.items():
        if entry.section not in (None, section):
            message = say(
                "“{name}”（{id}）已由股室“{section}”认领，须由该股室先退回",
                name=entry.name,
                id=entry_id,
                section=entry.section,
            )
            yield RefusalReason("claimed", message, next=NextAction("release_first"))
        elif release and entry.section is None:
            yield RefusalReason("claimed", say("“{name}”（{id}）没有股室认领", name=entry.name, id=entry_id))
