"""Private values of the entries of registers that a case names: certificates, telephones, who represents a firm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine.app.registers.private_columns import personal_keys_in_force
from engine.app.registers.sealed_values import subject_of

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.lifecycle.case import Case

#: No id of a register is longer.
MAX_ID = 100
#: The registers of people a case may name by their ids.
PEOPLE = ("inspectors", "people", "experts")


def private_values_of(transaction: Transaction, case: Case) -> set[str]:
    """Return the private values, present and replaced, of the entries of registers that a case names."""
    names = sorted(set(_texts([case.parties, case.fields, case.forms])))
    firm = [one for one in [case.subject.get("id")] if isinstance(one, str)]
    found: set[str] = set()
    for kind, about in (*((kind, names) for kind in PEOPLE), ("objects", firm)):
        keys = personal_keys_in_force(transaction, kind)
        for entry in transaction.registers.some(kind, about).values():
            found |= {one for key in keys if isinstance(one := entry.data.get(key), str)}
            for replaced in transaction.personal_values.of_subject(subject_of(kind, entry.id)):
                found |= {one for one in replaced.values.values() if isinstance(one, str)}
    return found


def _texts(given: Any) -> Iterator[str]:
    """Yield the short texts in a value, however deep."""
    if isinstance(given, str):
        if len(given) <= MAX_ID:
            yield given
    elif isinstance(given, Mapping):
        for one in given.values():
            yield from _texts(one)
    elif isinstance(given, (list, tuple)):
        for one in given:
            yield from _texts(one)
