"""Comparing registers: what changed since the last snapshot, and what may be one object twice."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any, Protocol

from engine.language import Message, say
from engine.register.confusables import plain
from engine.register.profile import words


class Reason(StrEnum):
    """Why entries look like one."""

    #: The same name, after full-width, look-alike letters, case and spaces are set aside.
    NAME = "name"
    #: The same address, and names that differ in their legal form or brackets at most.
    ADDRESS = "address"
    #: The same number of a certificate.
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Entries that may be one, a question to whoever maintains the register and no error. `ids` are ordered."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    reason: Reason

    def __str__(self) -> str:
        shown = self._shown()
        match self.reason:
            case Reason.NAME:
                return str(say("名称相同：{shown}", shown=shown))
            case Reason.ADDRESS:
                return str(say("地址相同、名称相近：{shown}", shown=shown))
            case Reason.CERTIFICATE:
                return str(say("证件号相同：{shown}", shown=shown))

    def _shown(self) -> list[Message]:
        return [
            say("{name}（{id}）", name=name, id=id_) for id_, name in zip(self.ids, self.names, strict=True)
        ]


def near_duplicates(*parts: Collection[NamedRow]) -> tuple[NearDuplicate, ...]:
    """Return the groups of entries that may be one, ordered by their ids; of `parts` as of one register.

    Of each entry a number of eight bytes is kept for its name, its certificate and its address; the texts themselves, which in a
    register of 700,000 firms are half a gigabyte, are made again of those whose number is there twice.
    """
    seen = {reason: array("q") for reason in Reason}
    for part in parts:
        for entry in part:
            name = folded(entry.name)
            for reason in _reasons(entry):
                seen[reason].append(hash(_key(entry, reason, name)))
    repeated = {reason: _repeated(hashes) for reason, hashes in seen.items()}
    groups: dict[Reason, dict[Any, list[tuple[str, str]]]] = {reason: defaultdict(list) for reason in Reason}
    if any(repeated.values()):
        hashes = {reason: iter(seen[reason]) for reason in Reason}
        for part in parts:
            for entry in part:
                for reason in _reasons(entry):
                    if next(hashes[reason]) in repeated[reason]:
                        groups[reason][_key(entry, reason)].append((entry.id, entry.name))
    found: dict[tuple[str, ...], NearDuplicate] = {}
    for reason in (Reason.CERTIFICATE, Reason.NAME, Reason.ADDRESS):
        for group in groups[reason].values():
            if len(group) > 1:
                ordered = sorted(group, key=lambda one: one[0])
                ids = tuple(entry_id for entry_id, _ in ordered)
                found.setdefault(ids, NearDuplicate(ids, tuple(name for _, name in ordered), reason))
    return tuple(found[ids] for ids in sorted(found))


def _reasons(entry: NamedRow) -> Iterator[Reason]:
    """Yield what an entry can be compared by."""
    yield Reason.NAME
    if entry.data.get("cert_no"):
        yield Reason.CERTIFICATE
    if entry.data.get("address"):
        yield Reason.ADDRESS


def _key(entry: NamedRow, reason: Reason, name: str | None = None) -> Any:
    """Return what an entry is compared by; `name` is its folded name, where that is known."""
    if reason is Reason.CERTIFICATE:
        return folded(str(entry.data["cert_no"]))
    name = folded(entry.name) if name is None else name
    return name if reason is Reason.NAME else (_without_form(name), folded(str(entry.data["address"])))


def _repeated(hashes: array[int]) -> set[int]:
    """Return the numbers that stand there more than once."""
    ordered = array("q", sorted(hashes))
    return {one for one, other in pairwise(ordered) if one == other}


def folded(text: str) -> str:
    """Return what names are compared by: as they look, without case, spaces, punctuation."""
    return "".join(char for char in plain(text).casefold() if char.isalnum())


def _without_form(name: str) -> str:
    for form in words().legal_forms:
        name = name.replace(form, "")
    return name


@dataclass(frozen=True, slots=True)
class RegisterChange:
    """One entry that is in both registers and says something else. The maps are column -> (before, after)."""

    id: str
    name: str
    columns: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of a register: ids ordered. `before` keeps the old rows that are changed or gone."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[RegisterChange, ...]
    same: int
    before: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


class Rowlike(Protocol):
    """An entry of a register, whoever holds it."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def section(self) -> str | None:
        """The section it belongs to."""
        ...

    @property
    def data(self) -> Mapping[str, Any]:
        """Its other columns."""
        ...


class NamedRow(Rowlike, Protocol):
    """An entry that is known by an id."""

    @property
    def id(self) -> str:
        """Its id."""
        ...


def row_of(entry: Rowlike) -> dict[str, Any]:
    """Return an entry as one flat row: its data, and its name and section under these keys."""
    return {"name": entry.name, "section": entry.section, **entry.data}


def columns_changed(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the columns in which two rows differ: name -> (first, second). Missing and None are the same."""
    return {
        name: (first.get(name), second.get(name))
        for name in sorted(first.keys() | second.keys())
        if first.get(name) != second.get(name)
    }


def diff(old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]) -> Difference:
    """Return what is different in `new`; both map ids to rows as `row_of` makes them (or to `CheckedEntry.data`).

    A column that is missing and one that is None are the same.
    """
    changed = []
    before = {}
    same = 0
    for entry_id in sorted(old.keys() & new.keys()):
        first, second = old[entry_id], new[entry_id]
        columns = columns_changed(first, second)
        if columns:
            changed.append(
                RegisterChange(entry_id, str(second.get("name") or first.get("name") or ""), columns)
            )
            before[entry_id] = first
        else:
            same += 1
    removed = tuple(sorted(old.keys() - new.keys()))
    before.update({entry_id: old[entry_id] for entry_id in removed})
    return Difference(tuple(sorted(new.keys() - old.keys())), removed, tuple(changed), same, before)
