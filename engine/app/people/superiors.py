"""Who leads whom: the superiors of a person, as the registers of people and inspectors have them (column ``superior``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.people.directory import KINDS, in_office

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.app.people.directory import Directory
    from engine.app.ports.records import RegisterEntry
    from engine.lifecycle.process import Process


def superiors_of(people: Directory, person: str, most: int) -> tuple[str, ...]:
    """Return the superiors of a person, the nearest first, at most so many.

    Whoever has left is passed over: their own superior takes their place. A register in which two people lead each other
    ends there.
    """
    found: list[str] = []
    seen = {person}
    at = _superior(people, person)
    while at is not None and at not in seen and len(found) < most:
        seen.add(at)
        entries = [entry for kind in KINDS if (entry := people.entries(kind, (at,)).get(at))]
        if any(in_office(entry) for entry in entries):
            found.append(at)
        at = _superior(people, at)
    return tuple(found)


def _superior(people: Directory, person: str) -> str | None:
    return superior_in(entry for kind in KINDS if (entry := people.entries(kind, (person,)).get(person)))


def superior_in(entries: Iterable[RegisterEntry]) -> str | None:
    """Return the superior that the entries of somebody name, also of somebody who has left; None where none does."""
    return next((str(entry.data["superior"]) for entry in entries if entry.data.get("superior")), None)


def parties_of_superiors(
    people: Directory, process: Process, parties: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return the parties of a case that are superiors of others and are other people than `parties` says."""
    changed: dict[str, tuple[str, ...]] = {}
    for name, named in process.workflow.superiors.items():
        led = parties.get(named.of, ())
        chain = superiors_of(people, led[0], named.level) if led else ()
        found = chain if named.up_to else chain[named.level - 1 : named.level]
        if found != parties.get(name, ()):
            changed[name] = found
    return changed
