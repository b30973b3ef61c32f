"""Caches people between commands. Valid while the newest hashes of four histories are unchanged.

Every change of registers, delegations and preferences is an entry of a history, so the newest entries of four histories tell whether the cache is valid: one query instead of many, and
ten thousand inspectors are not read again for every message.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.app.people.message_preferences import STREAM, Preferences

if TYPE_CHECKING:
    from engine.app.ports.records import Delegation, RegisterEntry
    from engine.app.ports.store import Transaction
    from engine.lifecycle.command import Actor

#: Where every change of what is kept here is entered.
HISTORIES = ("register:people", "register:inspectors", "delegations", STREAM)

#: More entries than this are begun anew: ids nobody has must not fill the memory.
MAX_ENTRIES = 50_000


@dataclass(slots=True)
class CachedDirectory:
    """What is known of people between two changes. Whoever asks for what is missing writes it down."""

    #: (register, id) -> the entry; None where the register has none.
    entries: dict[tuple[str, str], RegisterEntry | None] = field(default_factory=dict)
    #: id -> what the entries of a person make of them
    actors: dict[str, Actor] = field(default_factory=dict)
    #: role -> at least everybody who holds it
    by_role: dict[str, list[Actor]] = field(default_factory=dict)
    #: (role, section) -> the ids of those who hold it there, in order.
    holders: dict[tuple[str, str | None], list[str]] = field(default_factory=dict)
    everybody: dict[str, Actor] | None = None
    delegations: list[Delegation] | None = None
    preferences: Preferences | None = None

    def know(self, kind: str, entry_id: str, entry: RegisterEntry | None) -> None:
        """Write an entry down, or that there is none."""
        if len(self.entries) >= MAX_ENTRIES:
            self.entries.clear()
        self.entries[kind, entry_id] = entry

    def know_actor(self, actor: Actor) -> None:
        """Write down what the entries of a person make of them."""
        if len(self.actors) >= MAX_ENTRIES:
            self.actors.clear()
        self.actors[actor.id] = actor


class DirectoryCache:
    """The page in force. Shared by threads: they may write the same thing down twice, never different things."""

    __slots__ = ("_latest",)

    def __init__(self) -> None:
        #: Both in one place, so that threads never see one without the other.
        self._latest: tuple[tuple[str, ...], CachedDirectory] = ((), CachedDirectory())

    def page(self, transaction: Transaction) -> CachedDirectory:
        """Return what is known as the registers stand in `transaction`.

        The histories are looked at before anything is read to be written down, so that what is written is never older
        than the page says. A transaction that has written registers or settings itself must not use it: it may be undone.
        """
        stand = transaction.events.newest(HISTORIES)
        seen, page = self._latest
        if stand != seen:
            page = CachedDirectory()
            self._latest = (stand, page)
        return page
