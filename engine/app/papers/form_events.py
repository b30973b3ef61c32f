"""Who gave each form of a case and when, as its papers print it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.ports.documents import FormGiven
from engine.lifecycle.command import ENGINE, FIRM, SYSTEM

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case


def person_of(actor: str) -> str:
    """Return who did something, as papers name people; empty where it was nobody of the bureau."""
    return "" if actor in (ENGINE, FIRM, SYSTEM) else actor


def forms_given(uow: UnitOfWork, case: Case) -> tuple[FormGiven, ...]:
    """Return each form of a case as it was last given, in the order in which that was; what is done now is among them."""
    zone = uow.process(case).time.zone
    found: dict[str, FormGiven] = {}
    for event in (*uow.transaction.events.of(case.id), *uow.entered(case.id)):
        name = event.body.get("form")
        if isinstance(name, str):
            found.pop(name, None)
            found[name] = FormGiven(name, person_of(event.actor), event.at.astimezone(zone).date(), event.seq)
    return tuple(found.values())
