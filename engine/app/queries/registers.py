"""Registers: listed, shown, with their histories; compared with frozen copies and with themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.app.access.query import QueryContext, query
from engine.app.definitions.codes import unknown_section
from engine.app.ports.records import RegisterEntry
from engine.app.registers.changes import Entered, history_of, unknown_entries
from engine.app.registers.private_columns import MaskedEntry, note_shown, private_columns_of
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say
from engine.register.profile import KINDS, LEDGER

if TYPE_CHECKING:
    from engine.app.registers.maintenance import SnapshotSummary
    from engine.register.columns import Profile
    from engine.register.compare import Difference, NearDuplicate
    from engine.register.expiry import Expiry

__all__ = [
    "Entered",
    "MaskedEntry",
    "RegisterEntry",
    "SnapshotDifference",
    "compare_with_snapshot",
    "list_duplicates",
    "list_entries",
    "list_expiring",
    "list_snapshots",
    "register_history",
    "show_entry",
]


@dataclass(frozen=True, slots=True)
class SnapshotDifference:
    """What is different in a register since it was frozen."""

    snapshot: str
    found: Difference
    #: The names of the entries that were added or removed.
    names: Mapping[str, str]


@query("register.read")
def list_entries(
    context: QueryContext, kind: str, *, section: str | None = None, label: str | None = None
) -> Sequence[RegisterEntry] | Refusal:
    """Return the entries of a register (of a section, with a label), ordered by id.

    Where private columns are kept from the viewer an entry is a `MaskedEntry`.
    """
    if (unknown := _unknown_register(kind)) is not None:
        return unknown
    private = private_columns_of(context, kind)
    entries = [
        entry
        for entry in context.transaction.registers.all(kind)
        if section in (None, entry.section) and (label is None or label in entry.data.get("labels", ()))
    ]
    note_shown(context, private, kind, entries)
    found = [private.entry(entry) for entry in entries]
    return found or unknown_section(context.bureau if section else None, section) or []


@query("register.read")
def show_entry(context: QueryContext, kind: str, entry_id: str) -> RegisterEntry | Refusal:
    """Return one entry of a register; a `MaskedEntry` where private columns are kept from the viewer."""
    found = context.transaction.registers.get(kind, entry_id)
    if found is None:
        return Refusal(None, "", (unknown_entries(kind, [entry_id]),))
    private = private_columns_of(context, kind)
    note_shown(context, private, f"{kind}/{entry_id}", [found])
    return private.entry(found)


@query("register.read")
def register_history(
    context: QueryContext, kind: str, entry_id: str | None = None
) -> Sequence[Entered] | Refusal:
    """Return what was done to a register, or to one entry of it, oldest first; private values masked."""
    if (unknown := _unknown_register(kind)) is not None:
        return unknown
    private = private_columns_of(context, kind)
    entries = context.transaction.registers.all(kind)
    sections = {entry.id: entry.section for entry in entries}
    found = list(history_of(context.transaction, kind, entry_id))
    if entry_id is not None and not found and entry_id not in sections:
        return Refusal(None, "", (unknown_entries(kind, [entry_id]),))
    about = kind if entry_id is None else f"{kind}/{entry_id}"
    note_shown(context, private, about, [one for one in entries if entry_id in (None, one.id)])
    if private.everything:
        return found
    return [
        replace(
            one,
            columns=private.changes(one.columns)
            if entry_id is not None and private.hidden(entry_id, sections.get(entry_id))
            else one.columns,
            body=private.body(one.body, sections),
        )
        for one in found
    ]


def _unknown_register(kind: str) -> Refusal | None:
    """Return the refusal of a register there is not; None for one there is."""
    if kind in KINDS or kind == LEDGER:
        return None
    message = say("没有名录“{kind}”；有：{known}", kind=kind, known=[*KINDS, LEDGER])
    return Refusal(None, "", (RefusalReason("register", message),))


@query("register.read")
def compare_with_snapshot(
    context: QueryContext, kind: str, snapshot: str | None = None
) -> SnapshotDifference | Refusal:
    """Return what is different in a register since a frozen copy was made, the last one where none is named."""
    import json

    from engine.register.compare import diff, row_of

    taken = context.transaction.registers.snapshots(kind)
    chosen = next((one for one in reversed(taken) if snapshot in (None, one.id)), None)
    if chosen is None:
        reason = RefusalReason(
            "snapshot", say("没有冻结副本"), next=NextAction("list_snapshots", {"kind": kind})
        )
        return Refusal(None, "", (reason,))
    rows: list[dict[str, Any]] = [json.loads(line) for line in chosen.content.decode().splitlines()]
    old = {row["id"]: {"name": row["name"], "section": row["section"], **row["data"]} for row in rows}
    present = {entry.id: row_of(entry) for entry in context.transaction.registers.all(kind)}
    found = diff(old, present)
    private = private_columns_of(context, kind)
    masked = [
        replace(one, columns=private.changes(one.columns))
        if private.hidden(one.id, present[one.id]["section"])
        else one
        for one in found.changed
    ]
    changed = {one.id for one in found.changed}
    entries = context.transaction.registers.all(kind)
    note_shown(context, private, kind, [one for one in entries if one.id in changed])
    found = replace(found, changed=tuple(masked), before={})
    names = {one: str(present[one]["name"]) for one in found.added}
    names |= {one: str(old[one]["name"]) for one in found.removed}
    return SnapshotDifference(chosen.id, found, names)


@query("register.read")
def list_duplicates(context: QueryContext, kind: str) -> Sequence[NearDuplicate]:
    """Return the groups of entries that may be one."""
    from engine.register.compare import near_duplicates

    return near_duplicates(context.transaction.registers.all(kind))


@query("register.read")
def list_expiring(context: QueryContext, profile: Profile, days: int = 0) -> Sequence[Expiry]:
    """Return what has run out or ends within so many calendar days, in the register of `profile`."""
    from engine.register.expiry import expiring

    today = context.now.astimezone(context.source.definitions.time.zone).date()
    from engine.app.registers.merge_import import checked

    entries = [checked(entry) for entry in context.transaction.registers.all(profile.kind)]
    return expiring(profile, entries, today, days)


@query("register.read")
def list_snapshots(context: QueryContext, kind: str) -> Sequence[SnapshotSummary]:
    """Return the frozen copies of a register, in the order of the store."""
    from engine.app.registers.maintenance import SnapshotSummary

    return [SnapshotSummary.of(one) for one in context.transaction.registers.snapshots(kind)]
