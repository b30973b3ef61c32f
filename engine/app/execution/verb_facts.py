"""What a command must know besides the case, as the row of its verb says: where the case has been, who signs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.app.history.replay import history
from engine.app.session.case_path import case_path_of, with_release
from engine.app.session.signers import holders_of_signers
from engine.app.session.unit_of_work import UnitOfWork
from engine.lifecycle.case import Case
from engine.lifecycle.command import Advance, Command
from engine.lifecycle.process import Process
from engine.lifecycle.verbs.spec import Need
from engine.lifecycle.verbs.table import BY_COMMAND

_COMMITTED, _DRAWING = "committed", frozenset({"enter", "draw"})
#: What a step must know.
STEP_NEEDS = (Need.SIGNERS,)


def with_lookups(uow: UnitOfWork, process: Process, case: Case, command: Command) -> Command:
    """Return `command` with what its row says it must know besides the case."""
    needs = STEP_NEEDS if isinstance(command, Advance) else BY_COMMAND[type(command)].needs
    found: dict[str, Any] = {}
    if Need.HISTORY in needs:
        uow.flush()
        passage = case_path_of(history(uow.transaction, case.id), case.personal)
        parent = uow.case(case.parent) if case.parent and Need.RELEASE in needs else None
        if parent is not None:
            events = history(uow.transaction, parent.id)
            passage = with_release(case, passage, parent, uow.process(parent), events)
        found["passage"] = passage
    if (
        Need.SIGNERS in needs
        and case.state in process.signed
        and (holders := holders_of_signers(uow, process, case))
    ):
        found["holders"] = holders
    if Need.DRAW in needs and _draws_next(process, case):
        draw = uow.transaction.records.draw(case.id)
        found["drawing"] = draw is not None and draw.status == _COMMITTED
    return replace(command, **found) if found else command


def _draws_next(process: Process, case: Case) -> bool:
    """Tell whether a step of the state a case is in makes its draw, or begins to: only there one waits to be made."""
    steps = (step for found in process.manual_steps(case.state).values() for step in found)
    return any(effect.kind in _DRAWING for step in steps for effect in step.then)
