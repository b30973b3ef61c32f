"""Where a person can be reached, from the registers of people and inspectors."""

from __future__ import annotations

from collections.abc import Callable

from engine.app.audit.signed_heads.keeping import MAILTO
from engine.app.ports.store import Store

#: Returns the mail address of a person by id, or None where the registers hold none.
Addresses = Callable[[str], str | None]


def register_addresses(store: Store) -> Addresses:
    """Return a lookup of the column ``email``. Each call is a short reading transaction of its own.

    Who is in no register is named by the address itself, after ``mailto:``.
    """

    def look_up(person: str) -> str | None:
        if person.startswith(MAILTO):
            return person.removeprefix(MAILTO)
        with store.read() as transaction:
            for kind in ("people", "inspectors"):
                entry = transaction.registers.get(kind, person)
                if entry is not None and (address := entry.data.get("email")):
                    return str(address)
        return None

    return look_up
