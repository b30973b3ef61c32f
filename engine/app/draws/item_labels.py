"""Who can inspect which items: an item asks for labels (专业标签), and people have them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.app.ports.records import RegisterEntry
from engine.draw.roster import PersonRow


def skilled(
    people: Iterable[PersonRow], codes: Sequence[str], items: Iterable[RegisterEntry]
) -> list[PersonRow]:
    """Return the people with the codes of the items they can inspect beside their labels.

    An item asks for one of its labels; one without labels asks for nothing. The draw compares the items of an object with the
    labels of people, and whoever verifies it finds them in the roster.
    """
    asked = {item.id: frozenset(item.data.get("labels") or ()) for item in items}
    return [
        replace(
            person,
            labels=(
                *person.labels,
                *(code for code in codes if not asked.get(code) or not asked[code].isdisjoint(person.labels)),
            ),
        )
        for person in people
    ]
