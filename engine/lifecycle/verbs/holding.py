"""What can be done with a task besides its steps: 领取 转办 延期 挂起 恢复. Pure, as `decide` is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message, say
from engine.lifecycle.case import Case, Change, EventKind, RunningClock
from engine.lifecycle.command import Claim, Extend, Reassign, Resume, Suspend
from engine.lifecycle.deadlines.clock_transitions import with_those_beside
from engine.lifecycle.model.workflow import Verb
from engine.lifecycle.permission import belongs, called
from engine.lifecycle.process import Process
from engine.lifecycle.verb_guard import TITLES, Outcome, case_obstacles, check_verb, find
from engine.worktime.periods import Period, PeriodUnit


def claim(process: Process, case: Case, command: Claim) -> Outcome:
    """Put the task into the hands of the actor, who must be one of those it is for."""
    reasons = case_obstacles(process, case)
    state = process.state(case.state)
    if not reasons and not belongs(process, case, command.actor, state.audience):
        who = [process.title_of(name) for name in state.audience]
        reasons.append(
            RefusalReason(
                "not-allowed", say("该待办由{who}办理，“{actor}”不能领取", who=who, actor=command.actor.id)
            )
        )
    if not reasons and case.assignee == command.actor.id:
        reasons.append(RefusalReason("claimed", say("该待办已由您领取")))
    elif not reasons and case.assignee is not None:
        reasons.append(RefusalReason("claimed", say("该待办已由“{person}”领取", person=case.assignee)))
    if reasons:
        return Refusal(case.id, TITLES["claim"], tuple(reasons))
    return EventKind.CLAIMED, TITLES["claim"], Change(assignee=command.actor.id), ()


def reassign(process: Process, case: Case, command: Reassign) -> Outcome:
    """Hand the task to another person of those it is for, or of those the verb names; says why."""
    verb, reasons = check_verb(process, case, "reassign", command.actor, command.reason)
    if verb is None or reasons:
        return Refusal(case.id, TITLES["reassign"], tuple(reasons))
    if command.to.id == case.assignee:
        already = RefusalReason("claimed", say("该待办已在“{person}”名下", person=command.to.id))
        return Refusal(case.id, TITLES["reassign"], (already,))
    audience = verb.among or process.state(case.state).audience
    if not belongs(process, case, command.to, audience):
        who = called(process, case, audience)
        stranger = say("只能转办给{who}，“{person}”不是", who=who, person=command.to.id)
        hint = say("此环节还可以转给别人的，请在流程的 reassign（转办）下写 among（限于）")
        return Refusal(
            case.id, TITLES["reassign"], (RefusalReason("person", stranger, verb.basis, hint=hint),)
        )
    return EventKind.REASSIGNED, TITLES["reassign"], Change(assignee=command.to.id), ()


def extend(process: Process, case: Case, command: Extend, now: datetime) -> Outcome:
    """Give a running clock more time, within the limits the definition sets."""
    verb, reasons = check_verb(
        process, case, "extend", command.actor, command.reason, granted=command.granted
    )
    if verb is None or reasons:
        return Refusal(case.id, TITLES["extend"], tuple(reasons))
    name = command.clock or verb.clock or next(iter(case.clocks), None)
    running = case.clocks.get(name) if name else None
    if name is None or running is None:
        running_now = [process.workflow.clocks[i].title for i in case.clocks if i in process.workflow.clocks]
        reasons.append(
            RefusalReason(
                "clock",
                say(
                    "没有正在计时的时限“{clock}”；正在计时：{running}", clock=name or "-", running=running_now
                ),
            )
        )
        return Refusal(case.id, TITLES["extend"], tuple(reasons))
    if verb.clock and verb.clock != name:
        reasons.append(RefusalReason("clock", say("此环节只能延长时限“{clock}”", clock=verb.clock)))
    clock = process.workflow.clocks[name]
    reasons += _limits(verb, running, command.count, clock.unit)
    if reasons:
        return Refusal(case.id, TITLES["extend"], tuple(reasons))
    longer = replace(
        running,
        times_extended=running.times_extended + 1,
        extended_by=running.extended_by + command.count,
    )
    try:
        longer = process.time.recounted(clock, longer, now, case.clocks)
        # The same unit has been counted above; another has to be laid beside it on the calendar.
        over = (
            verb.most is not None
            and verb.most.unit is not clock.unit
            and process.time.exceeds(clock, longer, verb.most)
        )
    except ValueError:
        far = RefusalReason(
            "limit", say("延长 {count} 后超出日历所能计算的年份（1—9999 年）", count=command.count)
        )
        return Refusal(case.id, TITLES["extend"], (far,))
    if over and verb.most is not None:
        most = RefusalReason("limit", say("延期合计不得超过 {most}", most=describe(verb.most)), verb.basis)
        return Refusal(case.id, TITLES["extend"], (most,))
    if longer.due_at == running.due_at and longer.ruling:
        message = say(
            "时限“{clock}”另须不晚于 {due}，延期不能越过", clock=clock.title, due=running.due_on.isoformat()
        )
        return Refusal(
            case.id, TITLES["extend"], (RefusalReason("limit", message, clock.basis_of(longer.ruling)),)
        )
    moved = with_those_beside(process, case.clocks, {name: longer}, now)
    return EventKind.EXTENDED, TITLES["extend"], Change(clocks=moved), ()


def suspend(process: Process, case: Case, command: Suspend) -> Outcome:
    """Stop all work on the case; the clocks the definition names stand still."""
    verb, reasons = check_verb(
        process, case, "suspend", command.actor, command.reason, granted=command.granted
    )
    if verb is None or reasons:
        return Refusal(case.id, TITLES["suspend"], tuple(reasons))
    return EventKind.SUSPENDED, TITLES["suspend"], Change(suspended=True), ()


def resume(process: Process, case: Case, command: Resume, now: datetime) -> Outcome:
    """Let work go on; clocks that stood still are moved on by the time of the suspension."""
    if case.suspended_at is None:
        return Refusal(case.id, TITLES["resume"], (RefusalReason("state", say("案件没有挂起")),))
    verb, reasons = check_verb(process, case, "resume", command.actor, command.reason, needs_reason=False)
    paused = find(process, case, "suspend")
    if verb is None or reasons:
        return Refusal(case.id, TITLES["resume"], tuple(reasons))
    still = process.with_those_beside(paused.pauses if paused else ())
    clocks: dict[str, RunningClock | None] = {}
    case_obstacles = dict(case.clocks)
    for clock in process.clocks:
        running = case_obstacles.get(clock.id)
        # One that stands still in this state anyway goes on standing.
        if running is None or clock.id not in still or running.paused_at is not None:
            continue
        moved = process.time.moved_on(clock, running, case.suspended_at, now, case_obstacles)
        clocks[clock.id] = case_obstacles[clock.id] = moved
    return EventKind.RESUMED, TITLES["resume"], Change(suspended=False, clocks=clocks), ()


def _limits(verb: Verb, running: RunningClock, count: int, unit: PeriodUnit) -> list[RefusalReason]:
    reasons = []
    if count < 1:
        reasons.append(RefusalReason("limit", say("延期的数量应为 1 以上的整数，实为 {count}", count=count)))
    if verb.times is not None and running.times_extended >= verb.times:
        reasons.append(
            RefusalReason(
                "limit",
                say("最多延期 {times} 次，已延期 {seen} 次", times=verb.times, seen=running.times_extended),
                verb.basis,
            )
        )
    if verb.most is not None and verb.most.unit is unit and running.extended_by + count > verb.most.count:
        reasons.append(
            RefusalReason(
                "limit",
                say(
                    "延期合计不得超过 {most}，已延 {seen}，又要 {count}",
                    most=describe(verb.most),
                    seen=running.extended_by,
                    count=count,
                ),
                verb.basis,
            )
        )
    return reasons


def describe(period: Period) -> Message:
    """Return a period in words."""
    words: dict[str, Callable[[int], Message]] = {
        "working days": lambda n: say("{count} 个工作日", count=n),
        "days": lambda n: say("{count} 日", count=n),
        "hours": lambda n: say("{count} 小时", count=n),
        "office hours": lambda n: say("{count} 个办公小时", count=n),
    }
    return words[period.unit.value](period.count)
