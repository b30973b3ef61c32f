"""What comes next for a case in a story: who is offered which step, what the step asks for, when its clocks remind and notify whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.app.session.unit_of_work import UnitOfWork
from engine.app.worklist.task_verbs import offered_verbs
from engine.authoring.stories.stage import Stage
from engine.kernel.instants import STANDARD_ZONE
from engine.lifecycle.case import Case
from engine.lifecycle.deadlines.schedule import DeadlineStep, StepKind
from engine.lifecycle.model.deadline import ClockRule
from engine.lifecycle.model.workflow import Transition, Verb
from engine.lifecycle.permission import allowed
from engine.lifecycle.process import Process
from engine.worktime.periods import Period

_ZONE = ZoneInfo(STANDARD_ZONE)
#: Of what repeats after a missed deadline: when it comes first, and when it comes again.
_SHOWN = 2

Names = Mapping[str, Any]


def schedule(stage: Stage, process: Process, case: Case) -> dict[str, dict[str, Any]]:
    """Return when each running clock reminds, notifies or escalates: clock -> remind, late, notify, escalate, reassign, urgent.

    A step the engine takes after a time is there too, with its day. Days alone where a clock counts days, with the
    time where it counts hours. People are parties and roles by id.
    """
    found: dict[str, dict[str, Any]] = {}
    for clock in process.workflow.clocks.values():
        running = case.clocks.get(clock.id)
        if running is not None:
            found[clock.id] = _of_clock(clock, process.time.steps(clock, running))
            if running.paused_at is not None:
                found[clock.id]["paused"] = True
    with stage.application.store.read() as transaction:
        timers = transaction.timers.of_case(case.id)
    for timer in timers:
        name, _, step = timer.name.partition(":")
        if name == "after":
            found[step] = {"on": _moment(timer.at, exact=False)}
    return found


def _of_clock(clock: ClockRule, steps: Iterable[DeadlineStep]) -> dict[str, Any]:
    exact = isinstance(clock.limit, Period) and clock.limit.unit.to_the_second
    found: dict[str, Any] = {}
    for step in steps:
        at = _moment(step.at, exact=exact)
        late = step.overdue_step
        if step.kind is StepKind.REMIND:
            found.setdefault("remind", []).append(at)
        elif step.kind is StepKind.OVERDUE:
            found["late"] = at
        if late is None or step.repetitions >= _SHOWN:
            continue
        who = {
            "notify": late.notify,
            "escalate": late.escalation_chain,
            "reassign": (late.new_assignee_role,),
        }
        for word, names in who.items():
            if any(names):
                found.setdefault(word, {}).setdefault(at, []).extend(names)
        if late.urgent:
            found.setdefault("urgent", []).append(at)
    return found


def _moment(at: datetime, *, exact: bool) -> str:
    local = at.astimezone(_ZONE)
    return local.strftime("%Y-%m-%d %H:%M") if exact else local.date().isoformat()


def offered(stage: Stage, process: Process, case: Case) -> dict[str, tuple[str, ...]]:
    """Return who is offered what now: step or verb -> parties and roles by id. Nothing of a case that is closed."""
    return {name: allowed(process, case, step) for name, step in _steps(process, case).items()} | {
        word: verb.by or process.state(case.state).audience
        for word, verb in _verbs(stage, process, case).items()
    }


def asked(stage: Stage, process: Process, case: Case) -> dict[str, tuple[str, ...]]:
    """Return what is asked of whoever takes a step or does a verb: a form by id, ``reason``, ``signatures``; who approves, ``receipt``."""
    found = {name: tuple(_asked_by(step)) for name, step in _steps(process, case).items()} | {
        word: tuple(_asked_by_verb(verb)) for word, verb in _verbs(stage, process, case).items()
    }
    return {name: what for name, what in found.items() if what}


def awaited(_: Stage, process: Process, case: Case) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return what each step the engine takes waits for: children of a workflow in one of some states, the end of a clock."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, (step, *_others) in process.steps(case.state).items():
        if step.join is not None:
            found[name] = {step.join.workflow: tuple(sorted(step.join.states))}
        elif step.on_expiry is not None:
            found[name] = {step.on_expiry: ("late",)}
    return found


def _steps(process: Process, case: Case) -> Mapping[str, Transition]:
    return {name: found[0] for name, found in process.manual_steps(case.state).items()} if case.open else {}


def _verbs(stage: Stage, process: Process, case: Case) -> Mapping[str, Verb]:
    with stage.application.store.read() as transaction:
        uow = UnitOfWork(stage.application, transaction, stage.clock.now())
        words = offered_verbs(uow, process, case, None)
    verbs = process.state(case.state).verbs
    return {word: verbs[word] for word in words if word in verbs}


def _asked_by(step: Transition) -> Iterator[str]:
    if step.form is not None:
        yield step.form
    if step.item_forms:
        yield "item_forms"
    if step.reason:
        yield "reason"
    if step.sign is not None:
        yield "signatures"


def _asked_by_verb(verb: Verb) -> Iterator[str]:
    yield from verb.approve
    if verb.receipt:
        yield "receipt"


def plain(value: Any) -> Any:
    """Return what a story says as what is compared with it: days as text, lists in order, one thing as a list of it."""
    if isinstance(value, Mapping):
        return {_text(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return sorted(_text(one) for one in value)
    return value if isinstance(value, bool) else [_text(value)]


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
