"""Who holds the roles that sign."""

from __future__ import annotations

from engine.app.session.unit_of_work import UnitOfWork
from engine.lifecycle.case import Case
from engine.lifecycle.process import Process


def holders_of_signers(uow: UnitOfWork, process: Process, case: Case) -> dict[str, tuple[str, ...]]:
    """Return who holds the roles that sign steps of the present state."""
    steps = [found[0] for found in process.manual_steps(case.state).values()]
    roles = {name for step in steps if step.sign for name in step.sign.by} - set(process.workflow.parties)
    return {role: tuple(uow.people.recipients(process, case, role)) for role in roles}
