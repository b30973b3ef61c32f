"""Asking whether somebody may do something before a file is read or a question is put to them for it.

The command itself asks again, in its own transaction. A refused attempt is kept here as it would be there, so that it
is in the audit even where the command is never reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.access.case_access import case_to_act_on
from engine.app.access.command import ask_access, note_refused
from engine.app.access.identity_use_case import before_access
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from engine.app.access.caller import Caller
    from engine.app.services import Services
    from engine.kernel.refusal import Refusal

__all__ = ["ask_case", "ask_first"]


@before_access("access.ask")
def ask_first(
    services: Services, caller: Caller, use_case: str, target: str = "", *, about: str | None = None
) -> Refusal | None:
    """Return why `caller` may not use a row of the access table; None where they may. A dry run keeps nothing.

    `target` is what the attempt is about, for the audit; `about` the person, for rows that let people do it for
    themselves.
    """
    try:
        with services.store.read() as transaction:
            ask_access(services, transaction, use_case, caller.person, about)
    except CommandRefused as refused:
        if not caller.dry_run:
            note_refused(services, caller, use_case, about or target, refused.refusal)
        return refused.refusal
    return None


@before_access("access.ask")
def ask_case(services: Services, caller: Caller, case_id: str, attempt: str) -> Refusal | None:
    """Return why `caller` may not act on a case at all; None where its definition is to say. A dry run keeps nothing."""
    try:
        with services.store.write() as transaction:
            uow = UnitOfWork(services, transaction, services.clock.now())
            case_to_act_on(uow, case_id, caller.person, attempt)
    except CommandRefused as refused:
        if not caller.dry_run:
            note_refused(services, caller, "case.act", case_id, refused.refusal)
        return refused.refusal
    return None
