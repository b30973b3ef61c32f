"""Entering people into the register of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.app.access.command import CommandContext, command, refused
from engine.app.people.persons import PEOPLE
from engine.app.registers.maintenance import put_one
from engine.app.registers.people_entries import CHANGE_PEOPLE, locks_everybody_out, read_person
from engine.kernel.refusal import NextAction
from engine.language import say


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person who was entered into the register of people."""

    id: str
    name: str
    section: str | None
    roles: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"id": self.id, "name": self.name, "section": self.section, "roles": self.roles}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> NewPerson:
        """Return what `as_json` wrote."""
        return cls(body["id"], body["name"], body["section"], tuple(body["roles"]))


@command(CHANGE_PEOPLE, decode=NewPerson.from_json)
def add_person(
    context: CommandContext,
    person: str,
    name: str,
    *,
    section: str | None = None,
    roles: Sequence[str] = (),
    title: str | None = None,
    phone: str | None = None,
    email: str | None = None,
) -> NewPerson:
    """Enter a new person. Sections and roles may be written by code or title, as in a file of the register."""
    bureau = context.bureau
    words = {
        "id": person,
        "name": name,
        "section": section,
        "title": title,
        "phone": phone,
        "email": email,
    }
    entry = read_person(words, roles, bureau)
    if isinstance(entry, tuple):
        raise refused(*entry)
    known = context.transaction.registers.all(PEOPLE)
    if any(one.id == entry.id for one in known):
        raise context.refusal(
            "known",
            say("“{id}”已经登记", id=entry.id),
            next_action=NextAction("change_person", {"id": entry.id}),
        )
    if (reason := locks_everybody_out([*known, entry], bureau)) is not None:
        raise refused(reason)
    put_one(context.transaction, context.now, entry, context.by)
    context.recorded = True
    return NewPerson(entry.id, entry.name, entry.section, tuple(entry.data["roles"]))
