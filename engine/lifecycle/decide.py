"""The decision core: what a command does to a case, or every reason why it may not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from engine.language import Message, say
from engine.lifecycle import verbs
from engine.lifecycle.answers import read_answers
from engine.lifecycle.case import Case, Change, EventKind, RunningClock
from engine.lifecycle.command import ENGINE, Advance, Claim, Command, Extend, Reassign, Resume, Suspend
from engine.lifecycle.expression import CannotEvaluate
from engine.lifecycle.model import Clock, Effect, Requirement, Transition
from engine.lifecycle.permission import may_act, why_not
from engine.lifecycle.process import Process
from engine.lifecycle.refusal import Refusal, Unmet
from engine.lifecycle.scope import make_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer "yes": what changes, what is to be done besides, and what should be mentioned."""

    kind: EventKind
    step: str
    title: str
    change: Change
    #: Effects still to be done, in order, in the same transaction; `scope` is what their expressions see.
    effects: tuple[Effect, ...] = ()
    scope: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[Unmet, ...] = ()
    reason: str | None = None
    #: Whom to tell because of the decision itself: role or party -> sentence.
    notices: tuple[tuple[str, Message], ...] = ()
    #: An escalation: the roles above the first of `notices`, nearest first, should nobody hold that one.
    above: tuple[str, ...] = ()
    #: The role one holder of which takes the task over, and what that person is told.
    heir: tuple[str, Message] | None = None
    #: The notices wait for no office hours.
    urgent: bool = False


def decide(process: Process, case: Case, command: Command, now: datetime) -> Decision | Refusal:
    """Return what `command` does to `case` at `now`, or every reason why it may not be done.

    Looks at nothing but its arguments. `now` is an aware datetime.
    """
    match command:
        case Advance():
            return _advance(process, case, command, now)
        case Claim():
            outcome = verbs.claim(process, case, command)
        case Reassign():
            outcome = verbs.reassign(process, case, command)
        case Extend():
            outcome = verbs.extend(process, case, command, now)
        case Suspend():
            outcome = verbs.suspend(process, case, command)
        case Resume():
            outcome = verbs.resume(process, case, command, now)
    if isinstance(outcome, Refusal):
        return outcome
    kind, title, change, notices = outcome
    reason = getattr(command, "reason", None)
    return Decision(
        kind=kind, step=kind.value, title=title, change=change, reason=reason, notices=tuple(notices)
    )


def _advance(process: Process, case: Case, command: Advance, now: datetime) -> Decision | Refusal:
    found = process.steps(case.state).get(command.step)
    standing = _standing(process, case, command, found)
    if standing is not None or found is None:
        return standing or Refusal(case.id, command.step, ())
    actor, first = command.actor, found[0]
    unmet: list[Unmet] = []
    if actor.id != ENGINE:
        if not may_act(process, case, actor, first):
            unmet.append(why_not(process, case, actor, first))
        elif case.assignee not in (None, actor.id):
            unmet.append(
                Unmet("claimed", say("该待办已由“{person}”领取，应由其办理或先转办", person=case.assignee))
            )
    if any(t.reason for t in found) and not (command.reason or "").strip():
        unmet.append(Unmet("reason", say("“{step}”须说明理由", step=first.title)))
    scope = make_scope(process, case, actor, now, command.facts, command.reason)
    answers, problems = _answers(process, first, command, scope)
    unmet += problems
    scope["form"] = answers
    if problems:
        return Refusal(case.id, first.title, tuple(unmet))
    if first.form:
        scope["forms"] = {**case.forms, first.form: answers}
    try:
        chosen, target = process.machine.take(command.step, case.state, scope)
    except CannotEvaluate as problem:
        return Refusal(case.id, first.title, (*unmet, Unmet("guard", problem.message)))
    if chosen is None:
        unmet.append(
            Unmet("guard", say("“{step}”的条件均不成立", step=first.title), clause=_clauses(found, scope))
        )
        return Refusal(case.id, first.title, tuple(unmet))
    unmet += _unmet(chosen.require, scope)
    if unmet:
        return Refusal(case.id, chosen.title, tuple(unmet))
    moved = chosen.target is not None
    try:
        clocks = clocks_after(process, case.state, target, now, scope) if moved else {}
    except CannotEvaluate as problem:
        return Refusal(case.id, chosen.title, (Unmet("clock", problem.message),))
    change = Change(
        state=target if moved else None,
        final=moved and process.state(target).final,
        form=chosen.form,
        answers=answers if chosen.form else None,
        clocks=clocks,
    )
    return Decision(
        kind=EventKind.ADVANCED,
        step=chosen.id,
        title=chosen.title,
        change=change,
        effects=chosen.then,
        scope=scope,
        warnings=tuple(_unmet(chosen.warn, scope)),
        reason=command.reason,
    )


def _standing(
    process: Process, case: Case, command: Advance, found: Sequence[Transition] | None
) -> Refusal | None:
    """Return why nothing at all can be done with the step now, if so."""
    state = process.state(case.state)
    title = found[0].title if found else command.step
    if not case.open:
        return Refusal(case.id, title, (Unmet("closed", say("案件已办结（{state}）", state=state.title)),))
    if case.suspended_at is not None:
        return Refusal(case.id, title, (Unmet("suspended", say("案件已挂起，须先恢复")),))
    if found is None:
        possible = [
            say("{title}（{id}）", title=t[0].title, id=step)
            for step, t in process.manual_steps(case.state).items()
        ]
        message = (
            say(
                "环节“{state}”没有“{step}”；现在可办：{possible}",
                state=state.title,
                step=command.step,
                possible=possible,
            )
            if possible
            else say("环节“{state}”没有“{step}”；此环节等待系统推进", state=state.title, step=command.step)
        )
        return Refusal(case.id, title, (Unmet("state", message),))
    first = found[0]
    if command.actor.id != ENGINE and (first.automatic or first.join or first.after):
        return Refusal(case.id, title, (Unmet("not-allowed", say("“{step}”由系统自动办理", step=title)),))
    return None


def _answers(
    process: Process, step: Transition, command: Advance, scope: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Unmet]]:
    if step.form is None:
        if command.answers:
            return {}, [Unmet("form", say("“{step}”没有表单，不应提交表单内容", step=step.title))]
        return {}, []
    form = process.form(step.form)
    if command.answers is None:
        if not any(f.required for f in form.fields) and not form.rows:
            return read_answers(form, (), {}, scope)
        message = say("须填写《{form}》（{id}）", form=form.title, id=form.id)
        return {}, [Unmet("form", message, basis=form.basis)]
    items = [process.form(name) for name in command.item_forms] if step.item_forms else []
    return read_answers(form, items, command.answers, scope)


def _unmet(requirements: Iterable[Requirement], scope: Mapping[str, Any]) -> list[Unmet]:
    out = []
    for requirement in requirements:
        try:
            clauses = tuple(requirement.that.failing(scope))
        except CannotEvaluate as problem:
            out.append(
                Unmet(
                    "guard", say("{text}", text=requirement.message), requirement.basis, str(problem.message)
                )
            )
            continue
        if clauses:
            out.append(
                Unmet("guard", say("{text}", text=requirement.message), requirement.basis, "; ".join(clauses))
            )
    return out


def _clauses(found: Sequence[Transition], scope: Mapping[str, Any]) -> str:
    clauses = (clause for t in found if t.when is not None for clause in t.when.failing(scope))
    return "; ".join(dict.fromkeys(clauses))


def clocks_after(
    process: Process, before: str | None, after: str, now: datetime, scope: Mapping[str, Any]
) -> dict[str, RunningClock | None]:
    """Return the clocks that start or stop when a case goes from state `before` to `after` at `now`."""
    if before == after:
        return {}
    starts, stops = process.clocks_moved(before, after)
    changed: dict[str, RunningClock | None] = {clock.id: None for clock in stops}
    for clock in starts:
        since = _since(process, clock, scope)
        try:
            changed[clock.id] = process.time.start(clock, now, since)
        except ValueError:
            raise CannotEvaluate(
                say(
                    "时限“{clock}”从 {start} 起算，超出日历所能计算的年份（1—9999 年），请核对日期",
                    clock=clock.title,
                    start=(since or now).astimezone(process.time.zone).date().isoformat(),
                )
            ) from None
    return changed


def _since(process: Process, clock: Clock, scope: Mapping[str, Any]) -> datetime | None:
    if clock.since is None:
        return None
    value = clock.since.value(scope)
    if value is None:
        return None
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        raise CannotEvaluate(
            say("时限“{clock}”的起算日应为日期，实为“{value}”", clock=clock.title, value=value)
        ) from None
    return datetime.combine(day, time(12), process.time.zone).astimezone(UTC)
