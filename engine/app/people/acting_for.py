"""For whom else somebody acts on a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from engine.app.people.delegation import principals_in

if TYPE_CHECKING:
    from engine.app.people.directory import Directory
    from engine.lifecycle.case import Case
    from engine.lifecycle.command import Actor


def with_principals(people: Directory, actor: Actor, case: Case, now: datetime) -> Actor:
    """Return `actor` with the people they stand in for on this case; recused from its object they stand in for nobody."""
    made = people.delegations()
    principals = principals_in(made, actor.id, now) if made else []
    if not principals:
        return actor
    entry = people.entries("inspectors", (actor.id,)).get(actor.id)
    subject = case.subject.get("id")
    if entry is not None and subject is not None and subject in (entry.data.get("recusals") or ()):
        return actor
    found = (people.actor(person) for person in principals)
    return replace(actor, principals=tuple(one for one in found if one is not None))
