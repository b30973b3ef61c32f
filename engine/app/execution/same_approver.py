"""同一审批人: a step that is taken at once for whoever brought the case to it, because they could take it as well."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.app.execution.incompatible_steps import require_compatible
from engine.app.session.facts import facts_for
from engine.app.session.refused import CommandRefused
from engine.app.session.signers import holders_of_signers
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import Advance
from engine.lifecycle.decide import Decision, decide

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case
    from engine.lifecycle.process import Process


def skipped_step(uow: UnitOfWork, process: Process, case: Case) -> Decision | None:
    """Return the step with ``same_approver: skip`` the person who brought the case here may take; None where there is none.

    It is decided as if they took it, so that what it requires holds for them; the history says that the engine took it for
    them. Each step once: a case that comes back is not sent on again.
    """
    actor, taken = uow.movers[case.id]
    for step in process.skipped.get(case.state, ()):
        if step in taken:
            continue
        transition = process.steps(case.state)[step][0]
        command = Advance(step=step, actor=actor)
        try:
            require_compatible(uow, process, case, step, actor)
        except CommandRefused:
            continue
        command = replace(
            command,
            facts=facts_for(uow, process, case, command),
            holders=holders_of_signers(uow, process, case) if transition.sign else {},
        )
        decision = decide(process, case, command, uow.now)
        if isinstance(decision, Refusal):
            continue
        taken.add(step)
        return replace(decision, notes={**decision.notes, "for": actor.id, "same_approver": True})
    return None
