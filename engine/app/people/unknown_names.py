"""Names that nobody has do not stand in a history: whoever is asked for by one may have typed anything, a password too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.app.people.directory import KINDS
from engine.lifecycle.command import ENGINE, FIRM, SYSTEM

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

#: Who an entry says it was whose name nobody has.
NOBODY = "-"
#: The place in the body of what was typed for a name.
ASKED = "asked"


def is_known(transaction: Transaction, person: str) -> bool:
    """Tell whether somebody has this name, or had it."""
    return any(transaction.registers.get(kind, person) is not None for kind in KINDS)


def under_known_name(
    transaction: Transaction, person: str, body: Mapping[str, Any]
) -> tuple[str, Mapping[str, Any]]:
    """Return under what name a refused attempt is entered, and its body: with what was typed, where nobody has that name."""
    if person in {ENGINE, FIRM, SYSTEM, NOBODY} or is_known(transaction, person):
        return person, body
    return NOBODY, {**body, ASKED: person}
