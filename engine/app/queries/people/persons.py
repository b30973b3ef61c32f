"""People: listed and shown, with their roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.app.access.query import QueryContext, query
from engine.app.definitions.codes import unknown_role, unknown_section
from engine.app.people.directory import actor_keys
from engine.app.people.persons import Person, everybody, person_of
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say

__all__ = ["Person", "PersonView", "list_people", "show_person"]

#: Tasks counted for one person.
MAX_TASKS = 10_000


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person with the titles of their section and roles."""

    person: Person
    #: The title of their section; its code where no bureau is in force; None without one.
    section: str | None
    #: (role, title), ordered by role.
    roles: tuple[tuple[str, str], ...]
    #: How many cases wait for them.
    tasks: int


@query("person.read")
def list_people(
    context: QueryContext, *, role: str | None = None, section: str | None = None
) -> Sequence[Person] | Refusal:
    """Return all people of the registers of people and inspectors, ordered by id, those who have left too."""
    found = [
        person
        for person in everybody(context.transaction)
        if (role is None or role in person.actor.roles) and section in (None, person.actor.section)
    ]
    if found or (role is None and section is None):
        return found
    bureau = context.bureau
    return unknown_role(bureau, role) or unknown_section(bureau, section) or []


@query("person.read")
def show_person(context: QueryContext, person: str) -> PersonView | Refusal:
    """Return one person."""
    found = person_of(context.transaction, person)
    if found is None:
        message = say("名录中没有“{person}”这个人", person=person)
        reason = RefusalReason("unknown-person", message, next=NextAction("list_people"))
        return Refusal(None, "", (reason,))
    bureau = context.bureau
    titles = {role.id: role.title for role in bureau.roles.values()} if bureau else {}
    sections = bureau.sections if bureau else {}
    actor = found.actor
    tasks = context.transaction.tasks.of_keys(actor_keys(actor), limit=MAX_TASKS)
    return PersonView(
        found,
        sections.get(actor.section, actor.section) if actor.section else None,
        tuple((role, titles.get(role, role)) for role in sorted(actor.roles)),
        len({task.case for task in tasks}),
    )
