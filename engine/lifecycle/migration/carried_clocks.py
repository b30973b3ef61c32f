"""The clocks of a case in another version of its definition: those that run go on from where they began."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.kernel.instants import from_text
from engine.language import Message, say
from engine.lifecycle.case import Case, RunningClock
from engine.lifecycle.chain import Event
from engine.lifecycle.deadlines.clock_transitions import limits_left_out, since_instant, sinces_of
from engine.lifecycle.deadlines.schedule import StepKind, paused
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.migration.rename_map import RenameMap
from engine.lifecycle.model.deadline import ClockRule, Limit
from engine.lifecycle.process import Process
from engine.worktime.periods import Beside, Length

#: The clocks that change (None: stops), and why the case cannot go.
Carried = tuple[dict[str, RunningClock | None], list[Message]]


def carried_clocks(
    old: Process,
    new: Process,
    case: Case,
    state: str,
    renames: RenameMap,
    now: datetime,
    scope: Mapping[str, Any],
    events: Iterable[Event],
) -> Carried:
    """Return how the clocks of `case` change when it goes to `new`, where it is in `state`.

    One that runs keeps the instant it began, what it is counted from, its extensions and what was announced; its limit is
    that of `new`. `renames` names the deadlines of renamed states too (`with_clocks_of_states`). One that `new` has and
    `old` had not began when the case came to the states it runs in.
    """
    before_of = {renames.clocks.get(name, name): name for name in case.clocks}
    changed: dict[str, RunningClock | None] = {}
    present: dict[str, RunningClock] = {}
    problems: list[Message] = []
    history = list(events)
    for rule in new.clocks:
        if state not in rule.during:
            continue
        before = before_of.get(rule.id)
        try:
            if before is not None:
                was = old.workflow.clocks.get(before)
                was = _called_as_now(was, renames) if was is not None else None
                carried = _carried(new, case, before, was, rule, state, now, scope, present)
            else:
                began = _began(history, rule, renames, case)
                if began is None:
                    continue
                pauses = _pauses_since(new, rule, began, history, renames)
                carried = _begun(new, rule, state, began, pauses, now, scope, present)
        except EvaluationError as problem:
            problems.append(problem.message)
            continue
        if isinstance(carried, Message):
            problems.append(carried)
            continue
        present[rule.id] = carried
        if carried != case.clocks.get(rule.id):
            changed[rule.id] = carried
    for name in case.clocks:
        if name not in present:
            changed[name] = None
    return changed, problems


def _carried(
    new: Process,
    case: Case,
    before: str,
    was: ClockRule | None,
    rule: ClockRule,
    state: str,
    now: datetime,
    scope: Mapping[str, Any],
    present: Mapping[str, RunningClock],
) -> RunningClock | Message:
    """Return how the clock called `before` goes on; `was` is its rule until now, as it would be written with the ids of `new`."""
    running = case.clocks[before]
    if was is None:
        return running
    if running.extended_by and was.unit is not rule.unit:
        return say("时限“{clock}”已延期，新版的单位不同，须先办结或改写", clock=rule.title)
    left_out = limits_left_out(rule, scope)
    froms = []
    known = (running.counted_from, *running.others_from)
    for number, limit in enumerate(rule.limits):
        same = number < len(was.limits) and _source(was.limits[number].since) == _source(limit.since)
        newly_out = number in left_out and number not in running.left_out
        if same and number < len(known) and not newly_out and not isinstance(limit.length, Beside):
            froms.append(known[number])
        else:
            given = None if number in left_out else since_instant(new, rule, limit, scope)
            froms.append(given or running.started_at)
    kept = replace(
        running,
        counted_from=froms[0],
        others_from=tuple(froms[1:]),
        step=_renumbered(was, rule, running.step),
        announced=tuple((due, _renumbered(was, rule, step)) for due, step in running.announced),
        paused_at=None,
        left_out=left_out,
    )
    _require_beside(new, rule, present)
    still, asked_at = new.is_paused(rule.id, state), _asked_at(new, case, rule, state)
    if running.paused_at is not None and not still:
        if asked_at is None:
            return new.time.moved_on(rule, kept, running.paused_at, now, present)
        # A question goes on pausing it: from when it was asked, for its answer ends that pause alone.
        kept = paused(kept, running.paused_at, asked_at)
        return new.time.recounted(rule, replace(kept, paused_at=asked_at), now, present)
    if still:
        since = running.paused_at or _suspended_at(new, case, rule, state) or now
        counted = new.time.recounted(rule, replace(kept, paused_at=since), now, present)
        return replace(counted, step=kept.step)
    same = _same_rule(was, rule) and left_out == running.left_out
    if same and kept.due_at == new.time.recount(rule, kept, present).due_at:
        return running
    counted = new.time.recounted(rule, kept, now, present)
    expired = kept.step > len(rule.remind) and counted.due_at == running.due_at
    if expired:
        done = _done_already(new, was, rule, counted, now)
        counted = new.time.arm(rule, replace(counted, step=done), now, done)
        if counted.next_at is None:
            counted = replace(counted, step=done)
    return counted


def _begun(
    new: Process,
    rule: ClockRule,
    state: str,
    began: datetime,
    pauses: list[tuple[datetime, datetime]],
    now: datetime,
    scope: Mapping[str, Any],
    present: Mapping[str, RunningClock],
) -> RunningClock:
    """Return a clock the case did not have: begun at `began` and paused at `pauses`, its reminders that lie in the past left out."""
    _require_beside(new, rule, present)
    left_out = limits_left_out(rule, scope)
    sinces = sinces_of(new, rule, scope, left_out)
    started = new.time.start(rule, began, sinces[0], others=sinces[1:], clocks=present, left_out=left_out)
    still = new.is_paused(rule.id, state)
    if pauses:
        for since, until in pauses[:-1] if still else pauses:
            started = paused(started, since, until)
        started = new.time.recounted(rule, started, now, present)
    if still:
        return replace(started, paused_at=pauses[-1][0] if pauses else now, next_at=None)
    return new.time.arm(rule, replace(started, step=0), now)


def _pauses_since(
    new: Process, rule: ClockRule, began: datetime, history: list[Event], renames: RenameMap
) -> list[tuple[datetime, datetime]]:
    """Return the stays, since `began`, in states that pause a clock, from when to when; the last may still last."""
    found: list[tuple[datetime, datetime]] = []
    since: datetime | None = None
    for event in history:
        name = event.body.get("state")
        if name is not None:
            still = new.is_paused(rule.id, renames.states.get(str(name), str(name)))
            if since is not None and not still and event.at > began:
                found.append((max(since, began), event.at))
            since = (since or event.at) if still else None
    if since is not None:
        found.append((max(since, began), max(since, began)))
    return found


def _asked_at(new: Process, case: Case, rule: ClockRule, state: str) -> datetime | None:
    """Return since when a question (征询) that is still open pauses a clock; None: none does."""
    asked, verb = case.asked.get("ask"), new.state(state).verbs.get("ask")
    if asked is None or verb is None or rule.id not in new.with_those_beside(verb.pauses):
        return None
    return from_text(str(asked["at"]))


def _suspended_at(new: Process, case: Case, rule: ClockRule, state: str) -> datetime | None:
    """Return since when a suspension that lasts pauses a clock; None: none does."""
    verb = new.state(state).verbs.get("suspend")
    still = verb is not None and rule.id in new.with_those_beside(verb.pauses)
    return case.suspended_at if still else None


def _require_beside(new: Process, rule: ClockRule, present: Mapping[str, RunningClock]) -> None:
    missing = rule.beside - present.keys()
    if missing:
        titles = [new.workflow.clocks[name].title for name in sorted(missing)]
        raise EvaluationError(
            say("时限“{clock}”按“{others}”推算，而“{others}”没有在计时", clock=rule.title, others=titles)
        )


def _began(history: list[Event], rule: ClockRule, renames: RenameMap, case: Case) -> datetime | None:
    """Return when a clock would have begun, had it been there: from the history; None where it would not run."""
    began: datetime | None = None
    state: str | None = None
    for event in history:
        step = renames.steps.get(str(event.body.get("step")), str(event.body.get("step")))
        name = event.body.get("state")
        now_in = renames.states.get(str(name), str(name)) if name is not None else state
        if now_in not in rule.during:
            began = None
        elif rule.starts_on:
            began = event.at if step in rule.starts_on else began
        elif state not in rule.during:
            began = event.at
        if step in rule.stops_on:
            began = None
        state = now_in
    if began is None and not rule.starts_on and not rule.stops_on:
        return case.entered_at
    return began


def _called_as_now(was: ClockRule, renames: RenameMap) -> ClockRule:
    """Return a rule with the clocks it is counted from, and the parties that are notified, called as the new version calls them."""

    def length(one: Length) -> Length:
        return (
            replace(one, clock=renames.clocks.get(one.clock, one.clock)) if isinstance(one, Beside) else one
        )

    return replace(
        was,
        limit=length(was.limit),
        not_later_than=tuple(replace(one, length=length(one.length)) for one in was.not_later_than),
        overdue=tuple(
            replace(one, notify=tuple(renames.parties.get(name, name) for name in one.notify))
            for one in was.overdue
        ),
    )


def _renumbered(was: ClockRule, rule: ClockRule, step: int) -> int:
    """Return the number of the next step where another number of reminders comes before the due day.

    What is before the due day counts by its instant, not by its number.
    """
    behind = step - len(was.remind)
    return len(rule.remind) + behind if behind > 0 else 0


def _done_already(new: Process, was: ClockRule, rule: ClockRule, running: RunningClock, now: datetime) -> int:
    """Return the first step after the due day that has not happened: one that is past and that the old rule had too has."""
    number = len(rule.remind) + 1
    for step in new.time.steps(rule, running):
        if step.kind is not StepKind.ESCALATE:
            continue
        if step.at > now or step.overdue_step not in was.overdue:
            return step.number
        number = step.number + 1
    return number


def _same_rule(was: ClockRule, rule: ClockRule) -> bool:
    """Tell whether two rules count and remind alike, wherever their expressions stand."""
    return (was.remind, was.overdue) == (rule.remind, rule.overdue) and [
        _of_limit(one) for one in was.limits
    ] == [_of_limit(one) for one in rule.limits]


def _of_limit(one: Limit) -> tuple[Any, ...]:
    when = one.when.expression if one.when is not None else None
    return one.length, _source(one.since), one.first_day, one.roll, _source(when)


def _source(since: Any) -> str | None:
    return None if since is None else str(since.source)
