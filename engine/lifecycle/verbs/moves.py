"""Verbs that move a case other than forward: 退回 撤回 作废. Pure, as `decide` is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message, say
from engine.lifecycle.case import Case, Change, EventKind, RunningClock
from engine.lifecycle.command import ENGINE, Actor, LastStep, Return, Void, Withdraw
from engine.lifecycle.deadlines.clock_transitions import clocks_after
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope
from engine.lifecycle.verb_guard import TITLES, Outcome, check_verb
from engine.lifecycle.verbs.approve import taken_back

#: Effects that a step taken back leaves nothing of outside the case.
_INWARD = frozenset({"set", "assign", "notify"})


def send_back(process: Process, case: Case, command: Return, now: datetime) -> Outcome:
    """Put the case back into a state it has passed. Answers and signatures given since stay in its history."""
    title = TITLES["return"]
    verb, reasons = check_verb(
        process, case, "return", command.actor, command.reason, granted=command.granted
    )
    if verb is None:
        return Refusal(case.id, title, tuple(reasons))
    passed = [
        name
        for name in command.passage.states
        if name != case.state and name in process.workflow.states and not process.state(name).final
    ]
    possible = [name for name in passed if not verb.to or name in verb.to]
    if command.to not in possible:
        shown = [say("{title}（{id}）", title=process.state(name).title, id=name) for name in possible]
        message: Message
        if command.to in passed:
            message = say("不能退回“{to}”；可以退回：{possible}", to=command.to, possible=shown)
        elif possible:
            message = say("案件没有经过环节“{to}”；可以退回：{possible}", to=command.to, possible=shown)
        else:
            message = say("案件没有经过可以退回的环节")
        reasons.append(RefusalReason("state", message, verb.basis))
    if reasons:
        return Refusal(case.id, title, tuple(reasons))
    try:
        clocks = _clocks(process, case, command.to, command.actor, now)
    except EvaluationError as problem:
        return Refusal(case.id, title, (RefusalReason("clock", problem.message),))
    if verb.keep_clocks:
        clocks = _as_once(process, clocks, command.passage.clocks, now)
    change = Change(state=command.to, clocks=clocks)
    told = say(
        "“{case}”被退回“{state}”：{reason}",
        case=case.title,
        state=process.state(command.to).title,
        reason=command.reason,
    )
    notices = tuple((name, told) for name in process.state(command.to).audience)
    return EventKind.RETURNED, title, change, notices


def withdraw(process: Process, case: Case, command: Withdraw, now: datetime) -> Outcome:
    """Take back what one has asked for, one's own signature, or one's own last step while nobody else has acted."""
    title = TITLES["withdraw"]
    # Who may is decided by who took the step; `by` narrows it.
    verb, reasons = check_verb(
        process, case, "withdraw", command.actor, command.reason, needs_reason=False, anybody=True
    )
    if verb is None or reasons:
        return Refusal(case.id, title, tuple(reasons))
    approvers = {name: one.approve for name, one in process.state(case.state).verbs.items()}
    asked = taken_back(case, command.actor, title, approvers)
    if asked is not None:
        return asked
    unsigned = {
        step: replace(signing, signed=tuple(s for s in signing.signed if s.person != command.actor.id))
        for step, signing in case.signing.items()
    }
    changed = {step: signing for step, signing in unsigned.items() if signing != case.signing[step]}
    if changed:
        # With the last signature goes what was signed.
        cleared = {
            step: signing if signing.signed else replace(signing, answers=None)
            for step, signing in changed.items()
        }
        return EventKind.WITHDRAWN, title, Change(signing=cleared), ()
    last = command.passage.last
    why = _not_back(process, command, last)
    if why is not None or last is None:
        return Refusal(
            case.id, title, (RefusalReason("state", why or say("没有可以撤回的步骤"), verb.basis),)
        )
    before = last.before
    touched = {
        name: before.fields.get(name) for name in case.fields if case.fields[name] != before.fields.get(name)
    }
    clocks: dict[str, RunningClock | None] = {name: None for name in case.clocks if name not in before.clocks}
    for name, running in before.clocks.items():
        clock = process.workflow.clocks.get(name)
        now_running = case.clocks.get(name)
        if clock is None or (now_running is not None and _same_run(now_running, running)):
            continue
        clocks[name] = process.time.recounted(clock, running, now, before.clocks)
    change = Change(
        state=before.state,
        fields=touched,
        parties={name: people for name, people in before.parties.items() if case.parties.get(name) != people},
        clocks=clocks,
        assignee=before.assignee,
        signing=before.signing,
    )
    told = say(
        "“{case}”的“{step}”已由“{person}”撤回", case=case.title, step=last.title, person=command.actor.id
    )
    return EventKind.WITHDRAWN, title, change, tuple((n, told) for n in process.state(case.state).audience)


def void(process: Process, case: Case, command: Void) -> Outcome:
    """End the case in the final state the definition names for it."""
    title = TITLES["void"]
    verb, reasons = check_verb(process, case, "void", command.actor, command.reason, granted=command.granted)
    if verb is None or reasons:
        return Refusal(case.id, title, tuple(reasons))
    target = verb.to[0]
    change = Change(state=target, final=True, clocks=dict.fromkeys(case.clocks))
    told = say("“{case}”已作废：{reason}", case=case.title, reason=command.reason)
    return EventKind.VOIDED, title, change, tuple((n, told) for n in process.state(case.state).audience)


def _clocks(
    process: Process, case: Case, to: str, actor: Actor, now: datetime
) -> dict[str, RunningClock | None]:
    facts: Mapping[str, Any] = {}
    scope = make_scope(process, case, actor, now, facts)
    return clocks_after(process, case.state, to, now, scope, running=case.clocks)


def _as_once(
    process: Process,
    clocks: Mapping[str, RunningClock | None],
    once: Mapping[str, RunningClock],
    now: datetime,
) -> dict[str, RunningClock | None]:
    """Return `clocks` with those that start again reading as they last read: they were never given back."""
    kept = dict(clocks)
    for name, running in clocks.items():
        if running is not None and name in once:
            kept[name] = process.time.recounted(process.workflow.clocks[name], once[name], now, once)
    return kept


def _same_run(one: RunningClock, other: RunningClock) -> bool:
    """Tell whether a clock has neither begun anew nor been stopped or set going since."""
    return (one.started_at, one.paused_at) == (other.started_at, other.paused_at)


def _not_back(process: Process, command: Withdraw, last: LastStep | None) -> Message | None:
    """Return why the last step cannot be taken back; None if it can."""
    actor, released = command.actor, command.passage.released
    if last is None:
        return say("案件还没有办过可以撤回的步骤")
    if last.actor == ENGINE:
        return say("上一步由系统办理，不能撤回；可由有权的人退回")
    if actor.id != last.actor:
        return say("上一步“{step}”由“{person}”办理，只能由其本人撤回", step=last.title, person=last.actor)
    if last.acted_since is not None:
        return say("“{person}”已接着办理，不能再撤回；可请其退回", person=last.acted_since)
    if released is not None:
        parent, state = released
        return say(
            "“{step}”办后，上级件“{parent}”已据以转入“{state}”，不能撤回；可由有权的人退回或更正",
            step=last.title,
            parent=parent,
            state=state,
        )
    if last.returned:
        return None
    steps = process.steps(last.before.state).get(last.step, ())
    outward = sorted({e.kind for t in steps for e in t.then if e.kind not in _INWARD})
    if not steps or outward:
        return say("“{step}”已产生案件之外的结果（{effects}），不能撤回", step=last.title, effects=outward)
    return None
