"""From which firms somebody is recused: a firm is the same under its code and every code it had before.

A recusal names a code. The firm may get another one, or be merged into another firm: the register then has the former codes
with the entry, and the recusal holds for the entry all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.app.ports.records import RegisterEntry
    from engine.app.ports.store import Transaction

#: The register of firms.
OBJECTS = "objects"


def present_codes(entries: Iterable[RegisterEntry]) -> dict[str, set[str]]:
    """Return former code -> the codes of the firms that had it; what never changed is left out."""
    found: dict[str, set[str]] = {}
    for entry in entries:
        for code in entry.codes[1:]:
            found.setdefault(code, set()).add(entry.id)
    return found


def with_present_codes(named: Iterable[str], present: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Return codes with those the same firms have now, each once, in order."""
    return tuple(dict.fromkeys(code for one in named for code in (one, *sorted(present.get(one, ())))))


def is_recused(transaction: Transaction, recusals: AbstractSet[str], code: str) -> bool:
    """Tell whether one of `recusals` is of the firm with `code`, under any code it has or had."""
    if not recusals:
        return False
    if code in recusals:
        return True
    registers = transaction.registers
    # The firm may have another code than the case began with, and another firm its code of then.
    found = registers.some(OBJECTS, [code, *registers.mentioning(OBJECTS, code)]).values()
    return any(code in entry.codes and not recusals.isdisjoint(entry.codes) for entry in found)
