"""Columns a profile marks private are read by the section of the entry, by the person it is of, and by a few roles.

The access table names the roles: whoever maintains the register, and supervision. Others get the entry with `MASK` in these columns.
What is private, and what a profile marks personal beside it, is kept apart from the history and forgotten at its term.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.app.ports.records import RegisterEntry
from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.register.profile import built_in, moved_private, private_titles
from engine.value import value

if TYPE_CHECKING:
    from engine.app.access.query import QueryContext
    from engine.app.ports.store import Transaction
    from engine.lifecycle.command import Actor
    from engine.register.columns import Profile

#: Written where a private value is left out.
MASK = "***"
#: The row of the access table that lets somebody read all of them.
PRIVATE = "register.private"
#: The setting that keeps the private columns of a deployment's own profiles, before the kind of the register.
SETTING = "private_columns:"
#: The same of those that are kept apart and forgotten.
PERSONAL = "personal_columns:"
#: The titles of private columns files of a deployment's own profiles had, beside the built-in ones: folded title -> column.
TITLES = "private_titles:"


def private_keys(profile: Profile) -> frozenset[str]:
    """Return the keys of an entry's data that hold private columns, whole lists made of them included."""
    return _keys(profile, {column.id for column in profile.columns.values() if column.private})


def personal_keys(profile: Profile) -> frozenset[str]:
    """Return the keys of an entry's data that are forgotten at their term: those of private columns, and of others that name a person."""
    return _keys(
        profile, {column.id for column in profile.columns.values() if column.private or column.personal}
    )


def _keys(profile: Profile, columns: set[str]) -> frozenset[str]:
    return frozenset(
        columns | {row.into for row in profile.lists.values() if columns & set(row.parts.values())}
    )


def keep_private_keys(transaction: Transaction, kind: str, profile: Profile) -> None:
    """Keep the private and the personal columns of a profile that is not the built-in one, for when the register is read."""
    for setting, keys in _BOTH.items():
        known = _in_force(transaction, setting, kind)
        if not keys(profile) <= known:
            kept = sorted((known | keys(profile)) - keys(built_in(kind)))
            transaction.settings.put(setting + kind, kept)
    known_titles = _titles_in_force(transaction, kind)
    fresh = {**known_titles, **private_titles(profile)}
    if fresh != known_titles:
        shipped = private_titles(built_in(kind))
        own = {title: column for title, column in sorted(fresh.items()) if title not in shipped}
        transaction.settings.put(TITLES + kind, own)


def why_moved(transaction: Transaction, kind: str, profile: Profile) -> RefusalReason | None:
    """Return why a file may not be taken in by a profile: it would bring private values into columns that everybody reads, or nowhere."""
    moved = moved_private(profile, _titles_in_force(transaction, kind))
    if not moved:
        return None
    message = say("导入方案把不公开的列改到了别处，没有导入任何内容：{moved}", moved=moved[:5])
    return RefusalReason(
        "profile",
        message,
        hint=say(
            "改正导入方案（另给的，或部署目录里 profiles/{kind}.yaml）；新加的列请用别的列名", kind=kind
        ),
    )


def _titles_in_force(transaction: Transaction, kind: str) -> dict[str, str]:
    own = transaction.settings.get(TITLES + kind)
    return {**private_titles(built_in(kind)), **(own if isinstance(own, dict) else {})}


def private_keys_in_force(transaction: Transaction, kind: str) -> frozenset[str]:
    """Return the private keys of a register: of the built-in profile, and of those files were taken in with."""
    return _in_force(transaction, SETTING, kind)


def personal_keys_in_force(transaction: Transaction, kind: str) -> frozenset[str]:
    """Return the keys of a register that are forgotten at their term: of the built-in profile, and of those files were taken in with."""
    return private_keys_in_force(transaction, kind) | _in_force(transaction, PERSONAL, kind)


_BOTH: Mapping[str, Callable[[Profile], frozenset[str]]] = {SETTING: private_keys, PERSONAL: personal_keys}


def _in_force(transaction: Transaction, setting: str, kind: str) -> frozenset[str]:
    own = transaction.settings.get(setting + kind)
    return _BOTH[setting](built_in(kind)) | frozenset(own if isinstance(own, list) else ())


def private_columns_of(context: QueryContext, kind: str) -> PrivateColumns:
    """Return what the viewer of a query may not read of a register."""
    keys = private_keys_in_force(context.transaction, kind)
    return PrivateColumns(keys, context.viewer, context.why_denied(PRIVATE) is None)


def note_shown(
    context: QueryContext, private: PrivateColumns, about: str, entries: Iterable[RegisterEntry]
) -> None:
    """Note that private columns of these entries are shown as they are; those of the viewer are no reading of others."""
    shown = [
        keys
        for entry in entries
        if entry.id != context.viewer.id
        and not private.hidden(entry.id, entry.section)
        and (keys := {name for name in private.keys if entry.data.get(name)})
    ]
    context.shows_personal(about, set().union(*shown), len(shown))


@value
class MaskedEntry(RegisterEntry):
    """An entry some columns of which are left out."""

    #: The keys of the data that were left out, ordered.
    masked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrivateColumns:
    """What `viewer` may not read of a register."""

    keys: frozenset[str]
    viewer: Actor
    #: Whether they read everything: whoever maintains the register, and supervision.
    everything: bool

    def hidden(self, entry_id: str, section: str | None) -> bool:
        """Tell whether the private columns of an entry are kept from the viewer."""
        own = entry_id == self.viewer.id or (section is not None and section == self.viewer.section)
        return not self.everything and not own

    def entry(self, entry: RegisterEntry) -> RegisterEntry:
        """Return an entry as the viewer may read it; a `MaskedEntry` where something is left out."""
        left_out = tuple(sorted(self.keys & entry.data.keys()))
        if not left_out or not self.hidden(entry.id, entry.section):
            return entry
        data = self._masked(entry.data)
        return MaskedEntry(entry.kind, entry.id, entry.name, entry.section, data, left_out)

    def without(self, entry: RegisterEntry) -> RegisterEntry:
        """Return an entry without the columns the viewer may not read."""
        if not self.hidden(entry.id, entry.section):
            return entry
        return replace(entry, data={name: one for name, one in entry.data.items() if name not in self.keys})

    def changes(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        """Return column -> (before, after) with the private ones masked."""
        return {name: (MASK, MASK) if name in self.keys else pair for name, pair in columns.items()}

    def body(self, body: Mapping[str, Any], sections: Mapping[str, str | None]) -> Mapping[str, Any]:
        """Return the body of an entry of the register's history, masked for entries of other sections.

        `sections` tells of which section an entry is now; one that is there no longer is of the section it was last.
        """
        if self.everything:
            return body
        data = body.get("data")
        if isinstance(data, Mapping) and self.hidden(str(body.get("id")), body.get("section")):
            body = {**body, "data": self._masked(data)}
        if confirmed := body.get("confirmed"):
            shown = [
                {**one, "value": MASK, "reason": MASK}
                if one["column"] in self.keys and self.hidden(one["id"], sections.get(one["id"]))
                else one
                for one in confirmed
            ]
            body = {**body, "confirmed": shown}
        changes = body.get("changes")
        if not isinstance(changes, Mapping):
            return body
        changed = {
            one: {name: list(pair) for name, pair in self.changes(columns).items()}
            if self.hidden(one, sections.get(one))
            else columns
            for one, columns in (changes.get("changed") or {}).items()
        }
        removed = {
            one: {**row, "data": self._masked(row.get("data", {}))}
            if self.hidden(one, sections.get(one, row.get("section")))
            else row
            for one, row in (changes.get("removed") or {}).items()
        }
        masked = {**changes, "changed": changed, "removed": removed}
        return {**body, "changes": {name: masked[name] for name in changes}}

    def _masked(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {name: MASK if name in self.keys else value for name, value in data.items()}
