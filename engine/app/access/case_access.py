"""Asks the row ``case.act``: who acts is on duty and sees the case. What they may do with it, its definition says."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from engine.app.access.scopes import why_out_of_scope
from engine.app.access.table import access_row
from engine.app.access.visible_case import unknown_case
from engine.app.access.visible_cases import VisibleCases
from engine.app.definitions.bureau import bureau_of
from engine.app.history.credential import by_token
from engine.app.people.directory import is_active
from engine.app.session.refused import CommandRefused
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case
    from engine.lifecycle.command import Actor

ROW = access_row("case.act")


def case_to_act_on(uow: UnitOfWork, case_id: str, person: str, attempt: str) -> tuple[Case, Actor]:
    """Return a case, locked, and who acts on it.

    Raises CommandRefused for somebody no register has or who has left, for a case there is not, and, before anything
    about it is said, for a case `person` does not see: both in the same words.
    """
    require_in_scope(person, attempt)
    actor = uow.people.actor(person)
    if actor is None:
        raise unknown_person(None, person, attempt)
    # Somebody who has left has no name, no section and no role here.
    if not actor.name and not is_active(uow.transaction, person):
        reason = RefusalReason("not-allowed", say("“{person}”已不在岗", person=person))
        raise CommandRefused(Refusal(None, "", (reason,)))
    case = uow.case(case_id)
    if case is None:
        raise CommandRefused(unknown_case(case_id, attempt))
    if case.section is not None and case.section != actor.section:
        require_visible(uow, case, actor, attempt)
    return case, actor


def require_in_scope(person: str, attempt: str) -> None:
    """Raise CommandRefused where the token `person` has proved themselves by is not good for acting on cases."""
    if by_token(person) and (reason := why_out_of_scope(ROW.use_case, person)) is not None:
        raise CommandRefused(Refusal(None, attempt, (reason,)))


def require_visible(uow: UnitOfWork, case: Case, actor: Actor, attempt: str = "") -> None:
    """Raise CommandRefused where `actor` does not see `case`: as for a case there is not."""
    if not ROW.own_section:
        return
    # What was done before in the same command may have given them something to do.
    uow.flush()
    if not VisibleCases(uow.transaction, actor, uow.now, partial(bureau_of, uow.services.definitions)).sees(
        case
    ):
        raise CommandRefused(unknown_case(case.id, attempt))


def unknown_person(case_id: str | None, person: str, attempt: str) -> CommandRefused:
    """Return the exception that says no register has this person."""
    message = say("名录中没有“{person}”这个人", person=person)
    reason = RefusalReason("person", message, next=NextAction("list_staff"))
    return CommandRefused(Refusal(case_id, attempt, (reason,)))
