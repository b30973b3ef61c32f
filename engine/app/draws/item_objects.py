"""Which items an object gets: those of its kind (专项库). Without one in the draw it is out of scope. And who can inspect which."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from engine.app.ports.records import RegisterEntry
from engine.draw.roster import PersonRow
from engine.register.profile import built_in

#: What an object is that nobody has put into a kind: whoever is in the register employs people.
PLAIN = frozenset({"employer"})
_SEVERAL = re.compile(r"[，,；;、/\s]+|和|及")

#: Returns the items of an object.
ItemsOf = Callable[[RegisterEntry], tuple[str, ...]]


@cache
def _kinds() -> Mapping[str, str]:
    """Return word -> kind, as the register of objects spells them; no word for a register without the column."""
    column = built_in("objects").columns.get("pools")
    choices = column.choices if column is not None else {}
    return MappingProxyType({word: kind for kind, words in choices.items() for word in (kind, *words)})


def kinds_of_item(item: RegisterEntry) -> frozenset[str]:
    """Return the kinds of objects an item is for; none: it is for all, or its words are not those of a kind."""
    words = [word for word in _SEVERAL.split(str(item.data.get("object_scope") or "")) if word]
    known = _kinds()
    return (
        frozenset(known[word] for word in words) if words and all(w in known for w in words) else frozenset()
    )


def items_of_objects(codes: tuple[str, ...], items: Iterable[RegisterEntry]) -> ItemsOf:
    """Return what gives each object those of `codes` that are for its kind."""
    wanted = {item.id: kinds_of_item(item) for item in items}

    def items_of(entry: RegisterEntry) -> tuple[str, ...]:
        own = frozenset(entry.data.get("pools") or ()) or PLAIN
        return tuple(code for code in codes if not wanted.get(code) or own & wanted[code])

    return items_of


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
