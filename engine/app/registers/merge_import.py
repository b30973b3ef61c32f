"""What a register's file brings: columns it does not have stay as they were; what may be one object twice is listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.app.ports.records import RegisterEntry
from engine.app.registers.import_entries import (
    BroughtEntries,
    KeptRegister,
    brought,
    digest_of,
    entry_of_row,
    fresh_among,
    ids_of,
)
from engine.register.columns import Profile
from engine.register.compare import NearDuplicate, near_duplicates
from engine.register.import_result import HiddenAnswer, ImportResult
from engine.register.sheet.checked_entries import CheckedEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFile:
    """A file of a register as it was read, and how it is to be taken in."""

    profile: Profile
    reading: ImportResult
    #: The name of the file, for the history.
    source: str
    skip_bad: bool = False
    remove_missing: bool = False
    #: The ids the person was shown and agreed to remove; None where nobody was asked. It is no part of what the file
    #: asks for: a request that is sent again may carry another.
    agreed_removals: frozenset[str] | None = None
    #: What the preview the person was shown says that would change (`ImportPreview.mark`); None where nobody looked.
    agreed_changes: str | None = None
    #: What was answered about rows and columns the office's program does not show; None where nobody was asked.
    hidden: HiddenAnswer | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what the file asks for, the entries by their digest."""
        unusual = self.reading.unusual.values()
        return {
            "entries": digest_of(brought(self.reading.entries)),
            "columns": sorted(_said(self.profile, self.reading)),
            "source": self.source,
            "skip_bad": self.skip_bad,
            "remove_missing": self.remove_missing,
            **({"unusual": digest_of([entry_of_row(given) for given in unusual])} if unusual else {}),
            **({"hidden": self.hidden.value} if self.hidden is not None else {}),
        }


@dataclass(frozen=True, slots=True)
class MergeResult:
    """The entries a file brings, ready to be stored."""

    entries: Sequence[RegisterEntry]
    #: Titles of columns the file does not have and that some entry keeps from before.
    kept: tuple[str, ...]


def merge_import(before: Mapping[str, RegisterEntry], file: RegisterFile) -> MergeResult:
    """Return what a file brings to its register, which holds `before`.

    A column the file does not have is left as it is in entries that are known already: a list from another office
    without labels does not take the labels away. Changes nothing.
    """
    profile = file.profile
    said = _said(profile, file.reading)
    kept: set[str] = set()
    given = brought(file.reading.importable(skip_bad=file.skip_bad))
    entries: Sequence[RegisterEntry]
    if isinstance(given, BroughtEntries):
        joined = KeptRegister(file.reading.kind)
        for one in given.ids:
            if one in before:
                row = given.by_id(one)
                made = _joined(profile, said, before[one], row, kept)
                if made != row:
                    joined.keep(made)
        entries = given.joined(joined)
    else:
        entries = tuple(
            _joined(profile, said, before[one.id], one, kept) if one.id in before else one for one in given
        )
    return MergeResult(
        entries,
        tuple(column.title for column in profile.columns.values() if column.id in kept),
    )


def after_import(
    before: Mapping[str, RegisterEntry], merged: MergeResult, file: RegisterFile
) -> dict[str, RegisterEntry]:
    """Return the register as it is once a file has been taken in."""
    after = {} if file.remove_missing else dict(before)
    after.update((entry.id, entry) for entry in merged.entries)
    return after


def lookalikes(
    before: Mapping[str, RegisterEntry], merged: MergeResult, file: RegisterFile
) -> tuple[NearDuplicate, ...]:
    """Return the groups that may be one, in which at least one entry comes from the file and is new or changed."""
    fresh = set(ids_of(fresh_among(before, merged.entries)))
    if not fresh:
        return ()
    given = set(ids_of(merged.entries))
    left = () if file.remove_missing else [entry for entry in before.values() if entry.id not in given]
    groups = near_duplicates(left, merged.entries)
    return tuple(group for group in groups if not fresh.isdisjoint(group.ids))


def _said(profile: Profile, reading: ImportResult) -> set[str]:
    """Return the columns the file has."""
    return {column for _, column, _ in reading.mapping} | set(profile.fixed)


def _joined(
    profile: Profile, said: set[str], known: RegisterEntry, given: RegisterEntry, kept: set[str]
) -> RegisterEntry:
    data = dict(given.data)
    lists = {made.into for made in profile.lists.values()}
    for name, value in known.data.items():
        if name not in lists and name not in said and data.get(name) != value:
            # What is there now can only be the column's default.
            data[name] = value
            kept.add(name)
    for name in lists:
        rows = _rows(profile, said, name, known.data.get(name, ()), data.get(name, ()), kept)
        if rows:
            data[name] = rows
    section = given.section
    if "section" not in said and known.section is not None:
        section = known.section
        kept.add("section")
    return RegisterEntry(given.kind, given.id, given.name, section, data)


def _rows(
    profile: Profile,
    said: set[str],
    name: str,
    before: Sequence[Mapping[str, Any]],
    given: Sequence[Mapping[str, Any]],
    kept: set[str],
) -> list[Mapping[str, Any]]:
    """Return the rows of a list: those in the file as it says, all others as they were."""
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


def checked(entry: RegisterEntry) -> CheckedEntry:
    """Return an entry of a register as reading a file gives it."""
    return CheckedEntry(entry.kind, entry.id, entry.name, entry.section, entry.data)


def with_labels(entry: RegisterEntry, add: Sequence[str], remove: Sequence[str]) -> RegisterEntry:
    """Return `entry` with labels added and taken away, in the order they were given."""
    labels = [label for label in entry.data.get("labels", ()) if label not in remove]
    labels += [label for label in dict.fromkeys(add) if label not in labels]
    data = {**entry.data, "labels": labels}
    if not labels:
        del data["labels"]
    return replace(entry, data=data)
