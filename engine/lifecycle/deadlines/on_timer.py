"""What happens when a timer of a case is due: a reminder, a missed deadline, an escalation. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from engine.language import Message, say
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.deadlines.escalation import escalation_of
from engine.lifecycle.deadlines.schedule import DeadlineStep, StepKind
from engine.lifecycle.deadlines.void_paper_clock import VOID_PAPER
from engine.lifecycle.decision import Decision
from engine.lifecycle.model.deadline import ClockRule
from engine.lifecycle.model.period_mark import join_messages, mark_text
from engine.lifecycle.process import AFTER, DAILY, STUCK, Process


@dataclass(frozen=True, slots=True)
class TimedStep:
    """A transition the engine is to take because its time has come."""

    step: str


class Recheck(StrEnum):
    """What is looked at again because a day has begun, or because a case seemed to wait for nothing."""

    DAY = DAILY
    STUCK = STUCK


def on_timer(
    process: Process, case: Case, timer: str, now: datetime
) -> Decision | TimedStep | Recheck | None:
    """Return what the due timer called `timer` brings about; None when the case has moved on meanwhile."""
    if not case.open:
        return None
    if timer in (DAILY, STUCK):
        still = process.is_daily(case.state) if timer == DAILY else process.is_silent(case.state)
        return Recheck(timer) if still and case.suspended_at is None else None
    if timer.startswith(AFTER):
        step = timer[len(AFTER) :]
        return TimedStep(step) if step in process.steps(case.state) else None
    running = case.clocks.get(timer)
    clock = process.workflow.clocks.get(timer)
    if running is None or clock is None or running.next_at is None or running.next_at > now:
        return None
    for due in process.time.steps(clock, running):
        if due.number == running.step:
            return _decision(
                process, case, clock, due, process.time.armed(clock, running, now, due.number + 1)
            )
    return None


def _task(process: Process, case: Case, clock: ClockRule) -> Message | str:
    """Return the state and what is to be done in it; without the state where the clock is called as it is."""
    state = process.state(case.state)
    main = process.main_step(case.state, state.audience)
    titles = list(dict.fromkeys(step.title for step in main))
    deed = say("，请办理“{step}”", step=titles[0]) if len(titles) == 1 else ""
    if clock.id == VOID_PAPER or (main and process.barred_by_void_paper(case.state, main[0].id, case.clocks)):
        # Its step is refused as long as nothing is served in the place of the paper.
        deed = say("，送达过的文书已作废：请重新制作并送达，或者了结本件")
    return deed if clock.title == state.title else say("，现处“{state}”{deed}", state=state.title, deed=deed)


def _decision(process: Process, case: Case, clock: ClockRule, step: DeadlineStep, change: Change) -> Decision:
    running = case.clocks[clock.id]
    state = process.state(case.state)
    rests_on = mark_text(clock.mark_of(running.ruling))
    values: dict[str, Any] = {
        "case": case.title,
        "id": case.id,
        "state": state.title,
        "task": _task(process, case, clock),
        "clock": clock.title,
        "due": running.due_on.isoformat(),
    }
    kind = EventKind.OVERDUE
    audience: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()
    overdue, handover = step.overdue_step, None
    if step.kind is StepKind.REMIND:
        kind, audience = EventKind.REMINDED, state.audience
        if clock.id == VOID_PAPER and not audience:
            # It waits for another case, or the engine: a new paper is made by whoever is of the case.
            audience = tuple(process.workflow.parties)
        values["mark"] = join_messages(rests_on, say("（暂定）") if running.provisional else "")
        message = say("提醒：“{case}”（{id}）的“{clock}”{due}{mark}到期{task}", **values)
    else:
        basis = clock.basis_of(running.ruling)
        values["mark"] = join_messages(rests_on, say("（暂定）") if running.provisional else "")
        values["basis"] = join_messages(rests_on, say("（依据：{basis}）", basis=basis) if basis else "")
        message = say("逾期：“{case}”（{id}）的“{clock}”应于{due}办结{task}{basis}", **values)
    if step.kind is not StepKind.REMIND and overdue is not None:
        escalation, handover = escalation_of(overdue, step.repetitions, values)
        kind, audience = EventKind.REASSIGNED if handover else EventKind.REMINDED, overdue.notify
        if escalation is not None:
            kind, message, chain = EventKind.ESCALATED, escalation.message, escalation.chain
            audience = (chain[0], *audience)
    return Decision(
        kind=kind,
        step=clock.id,
        title=clock.title,
        change=change,
        notices=tuple([(to, message) for to in audience]),
        urgent=overdue is not None and overdue.urgent,
        escalation_chain=chain,
        handover=handover,
    )
