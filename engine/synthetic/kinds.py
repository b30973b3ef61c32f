"""Made-up kinds of enterprises, for a register that says of none what kind it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.register.check import CheckedEntry
from engine.synthetic.hash_choice import by_weight

#: Kind (专项库) -> its share of a hundred. Whatever an enterprise is besides, it employs people.
SHARES: Mapping[str, int] = {"employer": 84, "hr_agency": 6, "dispatch": 6, "training_school": 4}


def with_made_up_kinds(entries: Iterable[CheckedEntry], seed: int | str) -> tuple[CheckedEntry, ...]:
    """Return the entries each with a kind, in about the shares of `SHARES`; it depends on the seed and the id alone."""
    kinds, shares = list(SHARES), list(SHARES.values())
    return tuple(
        replace(
            entry,
            data={
                **entry.data,
                "pools": list(dict.fromkeys(["employer", by_weight(kinds, shares, seed, "kind", entry.id)])),
            },
        )
        for entry in entries
    )
