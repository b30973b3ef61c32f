"""Everybody the registers know, also those who have left."""

from __future__ import annotations

from dataclasses import dataclass

from engine.app.people.directory import actor_of, in_office
from engine.app.ports.records import RegisterEntry
from engine.app.ports.store import Transaction
from engine.lifecycle.command import Actor

#: The register of people who are no inspectors.
PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the registers know them, also one who has left."""

    actor: Actor
    #: Registers they stand in, the register of people first.
    registers: tuple[str, ...]
    active: bool


def everybody(transaction: Transaction) -> list[Person]:
    """Return all people of the registers of people and inspectors, ordered by id."""
    entries: dict[str, list[RegisterEntry]] = {}
    for kind in (PEOPLE, "inspectors"):
        for entry in transaction.registers.all(kind):
            entries.setdefault(entry.id, []).append(entry)
    return [_person(person, found) for person, found in sorted(entries.items())]


def person_of(transaction: Transaction, person: str) -> Person | None:
    """Return one of them, or None when no register has them."""
    found = [entry for kind in (PEOPLE, "inspectors") if (entry := transaction.registers.get(kind, person))]
    return _person(person, found) if found else None


def _person(person: str, entries: list[RegisterEntry]) -> Person:
    active = any(in_office(entry) for entry in entries)
    actor = actor_of(person, entries)
    if not active:
        # `actor_of` passes over those who have left; a list of people still names them.
        actor = Actor(person, entries[0].section, frozenset(), entries[0].name)
    return Person(actor, tuple(entry.kind for entry in entries), active)
