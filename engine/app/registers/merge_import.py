"""Taking a register's file in: what it leaves unsaid stays as it was, and what may be one object twice is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.app.ports.records import RegisterEntry
from engine.app.ports.store import Transaction
from engine.register.check import CheckedEntry
from engine.register.columns import Profile
from engine.register.compare import NearDuplicate, near_duplicates
from engine.register.import_result import ImportResult


@dataclass(frozen=True, slots=True)
class MergeResult:
    """The entries a file brings, ready to be stored."""

    entries: tuple[RegisterEntry, ...]
    #: Titles of columns the file does not have and that some entry keeps from before.
    kept: tuple[str, ...]
    #: Groups that may be one, in which at least one entry comes from the file and is new or changed.
    lookalikes: tuple[NearDuplicate, ...]


def merge_import(
    transaction: Transaction,
    profile: Profile,
    reading: ImportResult,
    *,
    skip_bad: bool = False,
    remove_missing: bool = False,
) -> MergeResult:
    """Return what `reading` brings to its register, compared with what the register holds.

    A column the file does not have is left as it is in entries that are known already: a list from another office
    without labels does not take the labels away. Changes nothing.
    """
    before = {entry.id: entry for entry in transaction.registers.all(reading.kind)}
    said = {column for _, column, _ in reading.mapping} | set(profile.fixed)
    kept: set[str] = set()
    entries = []
    for checked in reading.importable(skip_bad=skip_bad):
        known = before.get(checked.id)
        entries.append(_row(checked) if known is None else _joined(profile, said, known, checked, kept))
    after = {} if remove_missing else dict(before)
    after.update((entry.id, entry) for entry in entries)
    fresh = {entry.id for entry in entries if before.get(entry.id) != entry}
    groups = near_duplicates(_checked(entry) for entry in after.values()) if fresh else ()
    return MergeResult(
        tuple(entries),
        tuple(column.title for column in profile.columns.values() if column.id in kept),
        tuple(group for group in groups if not fresh.isdisjoint(group.ids)),
    )


def _joined(
    profile: Profile, said: set[str], known: RegisterEntry, checked: CheckedEntry, kept: set[str]
) -> RegisterEntry:
    data = dict(checked.data)
    lists = {made.into for made in profile.lists.values()}
    for name, value in known.data.items():
        if name not in lists and name not in said and data.get(name) != value:
            # What stands there now can only be the column's default.
            data[name] = value
            kept.add(name)
    for name in lists:
        rows = _rows(profile, said, name, known.data.get(name, ()), data.get(name, ()), kept)
        if rows:
            data[name] = rows
    section = checked.section
    if "section" not in said and known.section is not None:
        section = known.section
        kept.add("section")
    return RegisterEntry(checked.kind, checked.id, checked.name, section, data)


def _rows(
    profile: Profile,
    said: set[str],
    name: str,
    before: Sequence[Mapping[str, Any]],
    given: Sequence[Mapping[str, Any]],
    kept: set[str],
) -> list[Mapping[str, Any]]:
    """Return the rows of a list: those the file speaks of as it says, all others as they were."""
    spoken = [
        made for made in profile.lists.values() if made.into == name and said & set(made.parts.values())
    ]
    silent = [
        row
        for row in before
        if not any(all(row.get(key) == value for key, value in made.fixed.items()) for made in spoken)
    ]
    if silent:
        kept.update(
            column
            for made in profile.lists.values()
            if made.into == name and made not in spoken
            for column in made.parts.values()
        )
    return [*silent, *given]


def _row(checked: CheckedEntry) -> RegisterEntry:
    return RegisterEntry(checked.kind, checked.id, checked.name, checked.section, dict(checked.data))


def _checked(entry: RegisterEntry) -> CheckedEntry:
    return CheckedEntry(entry.kind, entry.id, entry.name, entry.section, entry.data)


def with_labels(entry: RegisterEntry, add: Sequence[str], remove: Sequence[str]) -> RegisterEntry:
    """Return `entry` with labels added and taken away, in the order they were given."""
    labels = [label for label in entry.data.get("labels", ()) if label not in remove]
    labels += [label for label in dict.fromkeys(add) if label not in labels]
    data = {**entry.data, "labels": labels}
    if not labels:
        del data["labels"]
    return replace(entry, data=data)
