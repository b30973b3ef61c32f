"""Whom a decision reaches: who holds the roles of an escalation, who takes a task over, who is notified."""

from __future__ import annotations

from engine.app.people.directory import role_key
from engine.app.session.unit_of_work import UnitOfWork
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.decision import Decision

#: Whoever has more tasks than this has too many, and they are not counted further.
MAX_COUNTED = 10_000


def first_filled_role(uow: UnitOfWork, case: Case, chain: tuple[str, ...]) -> str:
    """Return the first role of `chain` that somebody holds; where nobody holds any, the first."""
    process = uow.process(case)
    return next((role for role in chain if uow.people.recipients(process, case, role)), chain[0])


def least_loaded(uow: UnitOfWork, case: Case, role: str) -> str | None:
    """Return the holder of `role` with the fewest tasks of their own, other than who has the task now; None: nobody."""
    people = uow.people.recipients(uow.process(case), case, role)
    uow.flush()
    burdens = [
        (len(uow.transaction.tasks.of_keys([f"p:{person}"], limit=MAX_COUNTED)), person)
        for person in people
        if person != case.assignee
    ]
    return min(burdens, default=(0, None))[1]


def notify(uow: UnitOfWork, case: Case, decision: Decision) -> None:
    """Tell those a decision names, an escalation to the first role of its chain that somebody holds.

    A role notified of an escalation sees the task in its own list too.
    """
    process = uow.process(case)
    for number, (named, message) in enumerate(decision.notices):
        goes_up = decision.escalation_chain and number == 0
        audience = first_filled_role(uow, case, decision.escalation_chain) if goes_up else named
        people = uow.people.recipients(process, case, audience)
        personal = audience.startswith("p:") or audience in process.workflow.parties
        uow.tell(case, people, message, str(decision.kind), urgent=decision.urgent, personal=personal)
        if decision.kind is EventKind.ESCALATED and audience not in process.workflow.parties:
            uow.escalate(case, role_key(process, audience, case.section))
