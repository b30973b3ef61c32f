"""Entering people into the register of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.app.access.command import CommandContext, command, refused
from engine.app.access.preparation import PreparationContext
from engine.app.access.proposals import DETAILS, SecondPerson
from engine.app.people.incompatible import why_incompatible_roles
from engine.app.people.persons import PEOPLE
from engine.app.people.rights import needs_two, rights_changed
from engine.app.people.same_person import may_be_same_person
from engine.app.ports.records import RegisterEntry
from engine.app.registers.changes import stream_of
from engine.app.registers.confirmations import (
    Confirmation,
    ConfirmedValue,
    confirmations_of,
    keep,
    settle_values,
)
from engine.app.registers.maintenance import put_one
from engine.app.registers.people_entries import (
    CHANGE_PEOPLE,
    column_titles,
    locks_everybody_out,
    read_person,
)
from engine.app.registers.rights_change import summary_of_rights
from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import say

__all__ = ["Confirmation", "NewPerson", "add_person"]


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person who was entered into the register of people."""

    id: str
    name: str
    section: str | None
    roles: tuple[str, ...]
    #: Unusual values that were confirmed with it.
    confirmed: tuple[ConfirmedValue, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        body = {"id": self.id, "name": self.name, "section": self.section, "roles": self.roles}
        return {**body, "confirmed": [one.as_json() for one in self.confirmed]} if self.confirmed else body

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> NewPerson:
        """Return what `as_json` wrote."""
        titles = column_titles()
        confirmed = (
            ConfirmedValue.from_json(one, titles[one["column"]]) for one in body.get("confirmed", ())
        )
        return cls(body["id"], body["name"], body["section"], tuple(body["roles"]), tuple(confirmed))


@dataclass(frozen=True, slots=True)
class _NewEntry:
    """The entry of a new person, and the unusual values of it that are confirmed."""

    entry: RegisterEntry
    before: tuple[ConfirmedValue, ...]
    now: tuple[ConfirmedValue, ...]
    #: Who may be the same person.
    alike: tuple[str, ...] = ()


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
    confirm: Sequence[Confirmation] = (),
) -> _NewEntry:
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
    reading = read_person(words, roles, bureau)
    if reading.unusual or confirm:
        context.relies_on(confirmations_of(PEOPLE))
    settled = settle_values(
        context.transaction, PEOPLE, list(reading.unusual), column_titles(), confirm, in_file=False
    )
    if isinstance(settled, RefusalReason):
        raise refused(settled)
    entry = reading.settled(settled.taken)
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
    return _NewEntry(entry, settled.before, settled.now, may_be_same_person(entry, known))


def _two_agree(context: CommandContext, person: str, name: str, **words: Any) -> SecondPerson | None:  # noqa: ARG001
    """Say that two agree to what entering somebody gives them: to work here, in a section, with these roles.

    What is unusual and confirmed with it, and who may be the same person, is shown to the second.
    """
    new: _NewEntry = context.prepared
    changed = rights_changed(context.transaction, PEOPLE, [new.entry], [])
    if not needs_two(context.transaction, changed):
        return None
    roles = new.entry.data["roles"]
    summary: dict[str, Any] = {"roles": list(roles), **summary_of_rights(changed)}
    title = say("登记“{person}”，角色 {roles}", person=person, roles=list(roles))
    if new.alike:
        summary["alike"] = list(new.alike)
        title = say("{act}；可能与 {alike} 是同一人：姓名、电话或邮箱相同", act=title, alike=list(new.alike))
    private: dict[str, Any] = {}
    if new.now:
        private = {
            "confirmed": [one.as_json() for one in new.now],
            DETAILS: [str(one.sentence()) for one in new.now],
        }
    return SecondPerson(title, about=person, summary=summary, private=private, concerned=(new.entry.id,))


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
    confirm: Sequence[Confirmation] = (),  # noqa: ARG001 - prepared
) -> NewPerson:
    """Enter a new person. Sections and roles may be written by code or title, as in a file of the register.

    `confirm` are unusual values among them that are right as they are; they are kept, for the next file too.
    """
    new: _NewEntry = context.prepared
    entry = new.entry
    keep(context.transaction, context.now, PEOPLE, new.now, context.by, context.services.entropy)
    besides = {"confirmed": [one.as_json() for one in new.now]} if new.now else {}
    put_one(context.transaction, context.now, entry, context.by, besides, context.services.entropy)
    context.recorded = True
    return NewPerson(entry.id, entry.name, entry.section, tuple(entry.data["roles"]), (*new.before, *new.now))
