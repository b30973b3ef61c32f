"""For whom else somebody acts on a case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from engine.app.people.delegation import principals_in

if TYPE_CHECKING:
    from engine.app.people.directory import Directory
    from engine.kernel.refusal import RefusalReason
    from engine.lifecycle.case import Case
    from engine.lifecycle.command import Actor
    from engine.lifecycle.model.bureau import Bureau
    from engine.lifecycle.process import Process


def with_principals(
    people: Directory, actor: Actor, case: Case, now: datetime, process_of: Callable[[Case], Process]
) -> Actor:
    """Return `actor` with the people they stand in for on this case; recused from its object they stand in for nobody.

    Nor do they stand in for whoever holds a role that excludes one of their own, or of another they stand in for.
    `process_of` gives the process of a case; asked only where they stand in for somebody.
    """
    made = people.delegations()
    if not made or not any(actor.id in (one.delegate, one.principal) for one in made):
        return actor
    actor = replace(actor, delegated=True)
    principals = principals_in(made, actor.id, now)
    if not principals:
        return actor
    subject = case.subject.get("id")
    if subject is not None and people.is_recused(actor.id, str(subject)):
        return actor
    found = tuple(one for person in principals if (one := people.actor(person)) is not None)
    barred = _barred(actor, found, process_of(case).bureau)
    return replace(actor, principals=tuple(one for one in found if one.id not in barred))


def why_not_for(people: Directory, actor: Actor, now: datetime, bureau: Bureau) -> list[RefusalReason]:
    """Return, for each person `actor` has a delegation of and may not act for, which roles exclude each other."""
    principals = principals_in(people.delegations(), actor.id, now)
    found = tuple(one for person in principals if (one := people.actor(person)) is not None)
    return list(_barred(actor, found, bureau).values())


def _barred(actor: Actor, principals: tuple[Actor, ...], bureau: Bureau) -> dict[str, RefusalReason]:
    """Return of whom of `principals` the actor may not do the work, and why; first by the actor's own roles."""
    # Who acts for nobody loads nothing for it.
    from engine.app.people.incompatible import why_incompatible_together

    found: dict[str, RefusalReason] = {}
    for others in ((), principals):
        left = [one for one in principals if one.id not in found]
        beside = [one for one in others if one.id not in found]
        for one in left:
            reason = why_incompatible_together(
                actor, one, [each for each in beside if each is not one], bureau
            )
            if reason is not None:
                found[one.id] = reason
    return found
