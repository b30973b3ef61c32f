"""How a made-up case begins: what ``start.then`` sets and assigns is there, as where a person starts it."""

from __future__ import annotations

from engine.app.commands.application import NewCase
from engine.app.execution.start.start_case import with_start_effects
from engine.app.people.directory import Directory
from engine.app.session.unit_of_work import UnitOfWork
from engine.lifecycle.command import SYSTEM, Actor
from engine.lifecycle.process import Process


def starter(uow: UnitOfWork, process: Process) -> Actor:
    """Return the first person who may start such a case; the system where nobody may, or nobody holds the role."""
    wanted = set(process.workflow.start_by)
    people = Directory(uow.transaction).all()
    found = (people[name] for name in sorted(people) if people[name].roles & wanted)
    return next(found, Actor(SYSTEM))


def as_started(uow: UnitOfWork, process: Process, new: NewCase) -> NewCase:
    """Return `new` with what ``start.then`` sets and assigns. Raises CommandRefused where that has no answer."""
    if not process.workflow.start_then:
        return new
    return with_start_effects(uow, process, starter(uow, process), new)
