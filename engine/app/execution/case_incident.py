"""Cases that wait for nothing: an incident, and a message to whom the case belongs."""

from __future__ import annotations

from engine.app.execution.apply import waits_for_nothing
from engine.app.session.unit_of_work import UnitOfWork
from engine.language import say
from engine.lifecycle.case import Case

#: What the message is about, as the inbox names it.
ABOUT = "stuck"


def report_stuck(uow: UnitOfWork, case: Case | None) -> str | None:
    """Return what is wrong with a case that waits for nothing, after telling its owners; None where it waits."""
    if case is None or not waits_for_nothing(uow, case):
        return None
    state = uow.process(case).state(case.state)
    problem = say(
        "案件“{case}”停在环节“{state}”：没有待办、时限、自动步骤，也没有未办结的子件，不会再有人来办",
        case=case.id,
        state=state.title,
    )
    uow.tell(case, uow.owners_of(case), problem, ABOUT, urgent=True)
    return problem.render("zh_CN")
