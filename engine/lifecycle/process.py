"""A definition made ready to decide with: its machine, its clocks by state, the bureau's time and roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.lifecycle.case import RunningClock
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.deadlines.void_paper_clock import VOID_PAPER, with_void_paper_clock
from engine.lifecycle.effects import ABOVE
from engine.lifecycle.forms.personal import holds_personal
from engine.lifecycle.machine import StateMachine
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.model.deadline import ClockRule
from engine.lifecycle.model.form import Form
from engine.lifecycle.model.step_plan import StepPlan
from engine.lifecycle.model.workflow import State, Transition, Workflow

if TYPE_CHECKING:
    from engine.lifecycle.deadlines.served_papers import CountedFromService

#: Timers of timed steps are named so; those without a colon carry the id of a clock.
AFTER = "after:"
#: The timer of a case whose automatic steps look at the day.
DAILY = "day:"
#: The timer of a case that waits for nothing.
STUCK = "stuck:"
#: Among the names of whoever has a task: it was handed to them (转办), so that they act for those its state is for.
HANDED = "handed:"
#: The answer of another system to a call has come; the id of the call follows.
ANSWER = "answer:"
#: What changes with the day: the clocks, and what is counted outside of the case.
_BY_DAY = frozenset({"today", "clocks", "kpi", "of_subject", "registers"})


class Process:
    """One version of one workflow, with everything that is worked out once and used for every case.

    Holds no state of any case; may be shared by threads.
    """

    def __init__(
        self, workflow: Workflow, bureau: Bureau, time: DeadlineCalculator, version: int = 0
    ) -> None:
        self.workflow = workflow = with_void_paper_clock(workflow, bureau)
        self.bureau = bureau
        #: As the bureau counts: with its own office hours and hour of reminders.
        self.time = time.of_bureau(bureau)
        self.version = version
        self.machine = StateMachine(workflow)
        self._steps: dict[str, dict[str, tuple[Transition, ...]]] = {}
        for state in workflow.states:
            by_step: dict[str, tuple[Transition, ...]] = {}
            for transition in workflow.leaving(state):
                by_step[transition.id] = (*by_step.get(transition.id, ()), transition)
            self._steps[state] = by_step
        # Asked with every step of every case.
        self._manual = {
            state: {step: ts for step, ts in found.items() if not ts[0].by_engine}
            for state, found in self._steps.items()
        }
        self._automatic = {
            state: tuple(
                step
                for step, ts in found.items()
                if ts[0].by_engine and ts[0].after is None and ts[0].on_answer is None
            )
            for state, found in self._steps.items()
        }
        reads = {
            state: frozenset(
                # A requirement that is not met refuses an automatic step as its condition does.
                _roots([t.conditions for step in steps for t in self._steps[state][step]])
            )
            for state, steps in self._automatic.items()
        }
        # A party is read as rows of the register of people, which change outside of the case.
        by_day = _BY_DAY.union(workflow.parties)
        self._daily = {state for state, names in reads.items() if names & by_day}
        self._read_parent = {state for state, names in reads.items() if "parent" in names}
        #: state -> the name of which one case of the bureau may be in at a time
        self.locks = {state.id: state.lock for state in workflow.states.values() if state.lock}
        #: Facts its child cases may read.
        self.shared = tuple(name for name, asked in workflow.fields.items() if asked.to_children)
        #: Answers to its forms may be personal.
        self.personal = holds_personal(workflow.forms.values())
        #: It has children that may be open when it ends.
        self.has_children = any(
            transition.join or any(effect.kind in ("start", "end") for effect in transition.then)
            for transition in workflow.transitions
        )
        #: A change of its cases may concern other cases.
        self.concerns_others = bool(self.locks or self.shared or self.has_children)
        #: The states with a step that is signed, and those with a verb that has conditions.
        self.signed = frozenset(
            state for state, found in self._manual.items() if any(ts[0].sign for ts in found.values())
        )
        self.asks_facts_of_verbs = frozenset(
            state.id
            for state in workflow.states.values()
            if any(verb.require for verb in state.verbs.values())
        )
        self._timed = {
            state: tuple(t for ts in found.values() for t in ts if t.after is not None)
            for state, found in self._steps.items()
        }
        #: state -> the steps taken at once for whoever brought the case there, where they could take them as well
        self.skipped = {
            state: names
            for state, found in self._manual.items()
            if (names := tuple(step for step, ts in found.items() if ts[0].same_approver))
        }
        #: The states from which somebody commits to a draw.
        self.committing = frozenset(
            state
            for state, found in self._manual.items()
            if any(effect.kind == "commit" for ts in found.values() for t in ts for effect in t.then)
        )
        #: The states with a step that waits for the answer of another system.
        self.awaiting = frozenset(
            state for state, found in self._steps.items() if any(ts[0].on_answer for ts in found.values())
        )
        #: Every branch, in the order written.
        self.branches = tuple(transition for transition in workflow.transitions if transition.branch)
        self._branches_of = {
            state: tuple(ts[0] for ts in found.values() if ts[0].branch)
            for state, found in self._steps.items()
        }
        self._choosing = {
            state
            for state, found in self._branches_of.items()
            if any(branch.when is not None for branch in found)
        }
        locked = {state.id for state in workflow.states.values() if state.lock}
        self._silent = {
            state.id
            for state in workflow.states.values()
            if not (state.final or self._timed[state.id])
            and (self._branches_of[state.id] or not (state.audience or self._manual[state.id]))
            # It waits for the answer of another system; one that does not come is an incident of the outbox.
            and not any(ts[0].on_answer for ts in self._steps[state.id].values())
            and state.id not in self._daily
            # It may wait for another case to leave the lock.
            and not any(
                t.target in locked for step in self._automatic[state.id] for t in self._steps[state.id][step]
            )
        }
        #: The states in which no step is timed, daily, or only another case's to bring on.
        self.quiet = frozenset(
            state
            for state in workflow.states
            if not (self._timed[state] or state in self._daily or state in self._silent)
        )
        #: How every clock reads while it does not run.
        self.clocks_at_rest: dict[str, Any] = {
            name: {"running": False, "due_on": None, "late": False} for name in workflow.clocks
        }
        self._names: dict[tuple[str, str], frozenset[str]] = {}
        self._child_names: dict[tuple[str, str] | None, frozenset[tuple[str, ...]]] = {}
        #: Every clock, behind those it lies beside.
        self.clocks = _in_order(workflow.clocks)
        #: The clocks counted from the due day of another, in that order.
        self.beside = tuple(clock for clock in self.clocks if clock.beside)
        #: The clocks with limits that hold only under a condition.
        self.conditional = tuple(clock for clock in self.clocks if clock.conditional)
        self._pauses = _pauses(self.clocks)
        #: Some clock is paused in some state.
        self.pauses = any(self._pauses.values())
        #: Some clock asks for a reason where it is late.
        self.asks_why_late = any(clock.late_reason for clock in self.clocks)
        self._plans: dict[tuple[str, str], StepPlan] = {}
        self._first: dict[tuple[str, tuple[str, ...]], tuple[Transition, ...]] = {}
        self._main: dict[tuple[str, tuple[str, ...]], tuple[Transition, ...]] = {}
        self._clock_steps = {step for clock in self.clocks for step in (*clock.starts_on, *clock.stops_on)}
        self._moves: dict[
            tuple[str | None, str, str | None], tuple[tuple[ClockRule, ...], tuple[ClockRule, ...]]
        ] = {}

    def with_time(self, time: DeadlineCalculator) -> Process:
        """Return the same definition counted with another calendar."""
        return Process(self.workflow, self.bureau, time, self.version)

    def state(self, name: str) -> State:
        """Return the state called `name`. Raises KeyError for a state the version does not have."""
        return self.workflow.states[name]

    def steps(self, state: str) -> Mapping[str, tuple[Transition, ...]]:
        """Return the steps that leave `state`: id -> its transitions, in the order written."""
        return self._steps[state]

    def plan(self, state: str, step: str) -> StepPlan | None:
        """Return what can be said of taking `step` from `state` before a case is known; None where it does not leave it."""
        plan = self._plans.get((state, step))
        if plan is None:
            found = self._steps[state].get(step)
            if found is None:
                return None
            plan = self._plans[state, step] = StepPlan(
                self.workflow, self.bureau, state, found, self.names_used(state, step)
            )
        return plan

    def manual_steps(self, state: str) -> Mapping[str, tuple[Transition, ...]]:
        """Return the steps of `state` a person takes."""
        return self._manual[state]

    def first_step(self, state: str, names: tuple[str, ...]) -> tuple[Transition, ...]:
        """Return the transitions of the step whoever is called `names` takes in `state` before any other; none: no step is theirs.

        `names` are parties of the case and roles, and `HANDED`. A step that brings the case on comes before one that
        stays or goes back, and that before one for which somebody has to say why.
        """
        found = self._first.get((state, names))
        if found is None:
            own = (ts for ts in self._manual[state].values() if self._is_for(names, state, ts[0]))
            found = self._first[state, names] = min(own, key=lambda ts: self.rank(state, ts), default=())
        return found

    def main_step(self, state: str, names: tuple[str, ...]) -> tuple[Transition, ...]:
        """Return `first_step`; where other steps of theirs come as soon, the one the state is called after, none where none alone is."""
        found = self._main.get((state, names))
        if found is None:
            found = self._main[state, names] = self._main_step(state, names)
        return found

    def _main_step(self, state: str, names: tuple[str, ...]) -> tuple[Transition, ...]:
        first = self.first_step(state, names)
        if not first:
            return first
        best, called = self.rank(state, first), _pairs(self.workflow.states[state].title)
        alike = [ts for ts in self._manual[state].values() if self._is_for(names, state, ts[0])]
        alike = [ts for ts in alike if self.rank(state, ts) == best]
        shared = [max(len(called & _pairs(t.title)) for t in ts) for ts in alike]
        own = [ts for ts, count in zip(alike, shared, strict=True) if count == max(shared)]
        return own[0] if len(own) == 1 else ()

    def rank(self, state: str, found: tuple[Transition, ...]) -> tuple[bool, bool]:
        """Return what sorts a step, by its transitions, among those that leave `state`: whoever takes it meets the main one first."""
        order = [*self.workflow.states]
        back = all(t.target is None or order.index(t.target) <= order.index(state) for t in found)
        return found[0].reason, back

    def _is_for(self, names: tuple[str, ...], state: str, step: Transition) -> bool:
        if step.sign is not None:
            return not set(step.sign.by).isdisjoint(names)
        audience = step.by or self.workflow.states[state].audience
        return not set(audience).isdisjoint(names) or (HANDED in names and not step.by)

    def clocks_moved(
        self, before: str | None, after: str, step: str | None = None
    ) -> tuple[tuple[ClockRule, ...], tuple[ClockRule, ...]]:
        """Return the clocks that (start, stop) when `step` brings a case from one state to another, or the same.

        One that starts may be running already: it then starts anew. One that stops may not be running.
        """
        key = (before, after, step if step in self._clock_steps else None)
        moved = self._moves.get(key)
        if moved is None:
            starts = tuple(c for c in self.clocks if _starts(c, before, after, step))
            stops = tuple(
                c
                for c in self.clocks
                if before in c.during and c not in starts and (after not in c.during or step in c.stops_on)
            )
            moved = self._moves[key] = (starts, stops)
        return moved

    def is_paused(self, clock: str, state: str | None) -> bool:
        """Tell whether a clock is paused in `state` (停计环节), by itself or because the one it lies beside does."""
        return state in self._pauses[clock]

    def with_those_beside(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the clocks called `names` and all that are counted from them."""
        found = dict.fromkeys(names)
        for clock in self.beside:
            if not clock.beside.isdisjoint(found):
                found[clock.id] = None
        return tuple(found)

    def timed_steps(self, state: str) -> tuple[Transition, ...]:
        """Return the transitions the engine takes after so long in `state`."""
        return self._timed[state]

    def automatic_steps(self, state: str) -> tuple[str, ...]:
        """Return the steps the engine takes by itself in `state`, but those that wait for so long in it."""
        return self._automatic[state]

    def is_daily(self, state: str) -> bool:
        """Tell whether the automatic steps of `state` look at something that changes with the day."""
        return state in self._daily

    def has_choice(self, state: str) -> bool:
        """Tell whether some branch of `state` is asked for only where a condition holds."""
        return state in self._choosing

    def branches_of(self, state: str) -> tuple[Transition, ...]:
        """Return the tasks side by side in `state`."""
        return self._branches_of[state]

    def reads_parent(self, state: str) -> bool:
        """Tell whether the automatic steps of `state` look at what the case above lets its children read."""
        return state in self._read_parent

    def child_names(self, step: tuple[str, str] | None) -> frozenset[tuple[str, ...]]:
        """Return the names below ``children`` that (state, step) looks up; those of any step, when None."""
        found = self._child_names.get(step)
        if found is None:
            parts: object = self.workflow if step is None else self._steps[step[0]].get(step[1], ())
            paths = (path for expression in expressions_in(parts) for path in expression.names())
            found = frozenset(path[1:] for path in paths if path[0] == "children" and len(path) > 1)
            self._child_names[step] = found
        return found

    def is_silent(self, state: str) -> bool:
        """Tell whether only a clock or a child can bring a case on from `state`, of tasks side by side once all are answered."""
        return state in self._silent

    def next_day(self, now: datetime) -> datetime:
        """Return the begin of the day after the one of `now` in the zone of the bureau."""
        zone = self.time.zone
        day = now.astimezone(zone).date() + timedelta(days=1)
        return datetime.combine(day, time.min, zone).astimezone(UTC)

    def has_expired(self, clock: str, running: RunningClock | None) -> bool:
        """Tell whether a clock has ended: its end is in the history, and it was not moved since."""
        rule = self.workflow.clocks.get(clock)
        return (
            rule is not None
            and running is not None
            and running.paused_at is None
            and running.step > len(rule.remind)
        )

    def form(self, name: str) -> Form:
        """Return the form called `name` as it was when this version was published."""
        return self.workflow.forms[name]

    @cached_property
    def counted_from_service(self) -> Mapping[str, CountedFromService]:
        """Return what counts from the service of each kind of paper whose day of service a step enters."""
        if not any(
            effect.kind == "paper" and "on" in effect.arguments
            for step in self.workflow.transitions
            for effect in step.then
        ):
            return {}
        # Many processes serve nothing: they load nothing for it.
        from engine.lifecycle.deadlines.served_papers import counted_from_service

        return counted_from_service(self.workflow)

    @cached_property
    def _order(self) -> Mapping[str, int]:
        return {state: number for number, state in enumerate(self.workflow.states)}

    def rests(self, served: CountedFromService, state: str, step: str, target: str | None) -> bool:
        """Tell whether a step from `state` to `target` rests on the service of a paper: it reads it, or goes on because of it."""
        if state not in served.after:
            return False
        goes_on = target is not None and self._order[target] > self._order[state]
        return step in served.reading or (goes_on and step in served.moving)

    @cached_property
    def _served_before(self) -> Mapping[tuple[str, str], tuple[CountedFromService, ...]]:
        kinds = self.counted_from_service.values()
        found = {
            (state, step): tuple(
                one for one in kinds if any(self.rests(one, state, step, t.target) for t in taken)
            )
            for state, steps in self._steps.items()
            for step, taken in steps.items()
        }
        return {key: served for key, served in found.items() if served}

    def served_before(
        self, state: str, step: str, target: str | None = None
    ) -> tuple[CountedFromService, ...]:
        """Return the papers on whose service a step from `state` rests, where it brings the case to `target` if that is named."""
        found = self._served_before.get((state, step), ())
        if not found or target is None:
            return found
        return tuple(one for one in found if self.rests(one, state, step, target))

    def barred_by_void_paper(self, state: str, step: str, clocks: Iterable[str]) -> bool:
        """Tell whether a step is refused for a void paper, of a case with `clocks` that waits for one in its place."""
        return VOID_PAPER in clocks and bool(self.served_before(state, step))

    @cached_property
    def root_names(self) -> frozenset[str]:
        """Return the root names any expression of the workflow uses, so that only those facts are fetched."""
        return frozenset(_roots(self.workflow))

    @cached_property
    def drawn_parties(self) -> tuple[str, ...]:
        """Return the parties whose people were drawn: steps of the workflow let the next of the draw take the place of one."""
        effects = (effect for step in self.workflow.transitions for effect in step.then)
        own = (effect for effect in effects if effect.kind == "replace" and ABOVE not in effect.arguments)
        return tuple(dict.fromkeys(str(effect.arguments.get("party", "inspectors")) for effect in own))

    @cached_property
    def _every_clock(self) -> tuple[ClockRule, ...]:
        return tuple(clock for clock in self.clocks if clock.read)

    def names_used(self, state: str, step: str) -> frozenset[str]:
        """Return the root names that taking `step` from `state` looks at, its form and clocks included."""
        key = (state, step)
        names = self._names.get(key)
        if names is None:
            found = self._steps[state].get(step, ())
            forms = [self.workflow.forms.get(t.form) for t in found if t.form]
            names = self._names[key] = frozenset(_roots((found, forms, self._every_clock)))
        return names

    def timed_starts(self, state: str, entered: datetime) -> list[tuple[str, datetime, bool]]:
        """Return (name, instant, provisional) for each timed step of a state entered at `entered`."""
        out = []
        for step in self.timed_steps(state):
            if step.after is not None:
                due = self.time.deadline(entered, step.after)
                out.append((AFTER + step.id, due.due_at, due.provisional))
        return out

    def title_of(self, audience: str) -> str:
        """Return what people call a role or a party of this workflow."""
        role = self.bureau.roles.get(audience)
        return self.workflow.parties.get(audience) or (role.title if role else audience)


def _starts(clock: ClockRule, before: str | None, after: str, step: str | None) -> bool:
    if after not in clock.during:
        return False
    return step in clock.starts_on if clock.starts_on else before not in clock.during


def _in_order(clocks: Mapping[str, ClockRule]) -> tuple[ClockRule, ...]:
    """Return the clocks, each behind those it lies beside, otherwise as they were written."""
    found: dict[str, ClockRule] = {}
    waiting = list(clocks.values())
    while waiting:
        ready = [clock for clock in waiting if not (clock.beside & clocks.keys()) - found.keys()]
        # A circle is refused when a definition is checked; here it must only not go round for ever.
        for clock in ready or waiting:
            found[clock.id] = clock
        waiting = [clock for clock in waiting if clock.id not in found]
    return tuple(found.values())


def _pauses(clocks: Iterable[ClockRule]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for clock in clocks:
        others = (found.get(name, frozenset()) for name in clock.beside)
        found[clock.id] = clock.pauses_in.union(*others) & clock.during
    return found


def _roots(parts: object) -> set[str]:
    return {path[0] for expression in expressions_in(parts) for path in expression.names()}


def expressions_in(parts: object) -> list[Any]:
    """Return every expression and template within `parts`."""
    found: list[Any] = []
    waiting: list[Any] = [parts]
    while waiting:
        value = waiting.pop()
        if hasattr(value, "names") and hasattr(value, "source"):
            found.append(value)
        elif hasattr(value, "expressions"):
            waiting.extend(value.expressions())
        elif isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, (tuple, list)):
            waiting.extend(value)
        elif hasattr(value, "__dataclass_fields__"):
            waiting.extend(getattr(value, name) for name in value.__dataclass_fields__)
    return found


def _pairs(title: str) -> set[str]:
    """Return the letters of a title, each with the one after it."""
    return {title[at : at + 2] for at in range(len(title) - 1)}
