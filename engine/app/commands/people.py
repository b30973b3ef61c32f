"""Entering people into the register of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.app.access.command import CommandContext, command, refused
from engine.app.access.preparation import PreparationContext
from engine.app.access.proposals import SecondPerson
from engine.app.people.incompatible import why_incompatible_roles
from engine.app.people.persons import PEOPLE
from engine.app.ports.records import RegisterEntry
from engine.app.registers.changes import stream_of
from engine.app.registers.maintenance import put_one
from engine.app.registers.people_entries import CHANGE_PEOPLE, locks_everybody_out, read_person
from engine.kernel.refusal import NextAction, RefusalReason
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


def _read_entry(
    context: PreparationContext,
    person: str,
    name: str,
    *,
    section: str | None = None,
    roles: Sequence[str] = (),
    title: str | None = None,
    phone: str | None = None,
    email: str | None = None,
) -> RegisterEntry:
    """Read the words of a new person, and hold them against everybody who is entered."""
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
    if (reason := why_incompatible_roles(entry.id, entry.data["roles"], bureau)) is not None:
        raise refused(reason)
    context.relies_on(stream_of(PEOPLE))
    known = context.transaction.registers.all(PEOPLE)
    if any(one.id == entry.id for one in known):
        message = say("“{id}”已经登记", id=entry.id)
        raise refused(RefusalReason("known", message, next=NextAction("change_person", {"id": entry.id})))
    if (reason := locks_everybody_out([*known, entry], bureau)) is not None:
        raise refused(reason)
    return entry


def _two_agree(context: CommandContext, person: str, name: str, **words: Any) -> SecondPerson | None:  # noqa: ARG001
    """Say that two agree to the roles of somebody; who has none is entered by one."""
    roles = context.prepared.data["roles"]
    if not roles:
        return None
    return SecondPerson(
        say("登记“{person}”，角色 {roles}", person=person, roles=list(roles)),
        about=person,
        summary={"roles": list(roles)},
    )


@command(CHANGE_PEOPLE, decode=NewPerson.from_json, prepare=_read_entry, second=_two_agree)
def add_person(
    context: CommandContext,
    person: str,  # noqa: ARG001 - prepared
    name: str,  # noqa: ARG001 - prepared
    *,
    section: str | None = None,  # noqa: ARG001 - prepared
    roles: Sequence[str] = (),  # noqa: ARG001 - prepared
    title: str | None = None,  # noqa: ARG001 - prepared
    phone: str | None = None,  # noqa: ARG001 - prepared
    email: str | None = None,  # noqa: ARG001 - prepared
) -> NewPerson:
    """Enter a new person. Sections and roles may be written by code or title, as in a file of the register."""
    entry: RegisterEntry = context.prepared
    put_one(context.transaction, context.now, entry, context.by)
    context.recorded = True
    return NewPerson(entry.id, entry.name, entry.section, tuple(entry.data["roles"]))
