"""What happens when a timer of a case is due: a reminder, a missed deadline, an escalation. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.language import Message, say
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.deadlines.schedule import DeadlineStep, StepKind
from engine.lifecycle.decide import Decision
from engine.lifecycle.model.deadline import ClockRule
from engine.lifecycle.process import AFTER, Process


@dataclass(frozen=True, slots=True)
class TimedStep:
    """A transition the engine is to take because its time has come."""

    step: str


def on_timer(process: Process, case: Case, timer: str, now: datetime) -> Decision | TimedStep | None:
    """Return what the due timer called `timer` brings about; None when the case has moved on meanwhile."""
    if not case.open:
        return None
    if timer.startswith(AFTER):
        step = timer[len(AFTER) :]
        return TimedStep(step) if step in process.steps(case.state) else None
    running = case.clocks.get(timer)
    clock = process.workflow.clocks.get(timer)
    if running is None or clock is None or running.next_at is None or running.next_at > now:
        return None
    due = next((s for s in process.time.steps(clock, running) if s.number == running.step), None)
    if due is None:
        return None
    armed = process.time.arm(clock, running, now, running.step + 1)
    kind, title, notices, heir = _consequence(process, case, clock, due)
    return Decision(
        kind=kind,
        step=clock.id,
        title=title,
        change=Change(clocks={clock.id: armed}),
        notices=notices,
        urgent=due.press is not None and due.press.urgent,
        above=_escalation_chain(due)[1:],
        heir=heir,
    )


def _consequence(
    process: Process, case: Case, clock: ClockRule, step: DeadlineStep
) -> tuple[EventKind, str, tuple[tuple[str, Message], ...], tuple[str, Message] | None]:
    running = case.clocks[clock.id]
    state = process.state(case.state)
    basis = clock.basis_of(running.ruling)
    values = {
        "case": case.title,
        "state": state.title,
        "clock": clock.title,
        "due": running.due_on.isoformat(),
        "mark": say("（暂定）") if running.provisional else "",
        "basis": say("（依据：{basis}）", basis=basis) if basis else "",
    }
    if step.kind is StepKind.REMIND:
        message = say("提醒：“{case}”的“{clock}”{due}{mark}到期，现处“{state}”", **values)
        return EventKind.REMINDED, clock.title, tuple((to, message) for to in state.audience), None
    if step.press is None:
        return EventKind.OVERDUE, clock.title, (), None
    press = step.press
    heir = None
    if press.reassign is not None:
        handed = say(
            "自动转办：“{case}”的“{clock}”应于{due}办结，已逾期，现转由您办理“{state}”{basis}", **values
        )
        heir = (press.reassign, handed)
    if press.escalate is not None:
        message = say("升级督办：“{case}”的“{clock}”应于{due}办结，已逾期，仍处“{state}”{basis}", **values)
        return (
            EventKind.ESCALATED,
            clock.title,
            tuple((to, message) for to in (_escalation_chain(step)[0], *press.notify)),
            heir,
        )
    message = say("逾期：“{case}”的“{clock}”应于{due}办结，现处“{state}”{basis}", **values)
    kind = EventKind.REASSIGNED if heir else EventKind.REMINDED
    return kind, clock.title, tuple((to, message) for to in press.notify), heir


def _escalation_chain(step: DeadlineStep) -> tuple[str, ...]:
    """Return the roles an escalation goes up, from the one whose turn it is."""
    press = step.press
    if press is None or press.escalate is None:
        return ()
    chain = (press.escalate, *press.above)
    return chain[min(step.turn, len(chain) - 1) :]
