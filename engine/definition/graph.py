"""Where the steps of a workflow lead: reachability and rough lengths of time, for the rules."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress

from engine.definition.rule_input import RuleInput
from engine.lifecycle.expressions.expression import (
    Compare,
    EvaluationError,
    ExpressionNode,
    ListOf,
    Literal,
    Logic,
    Name,
    Not,
)
from engine.lifecycle.model.workflow import Transition, Workflow
from engine.worktime.periods import Period, PeriodUnit

_HOURS = {
    PeriodUnit.HOURS: 1,
    PeriodUnit.OFFICE_HOURS: 1,
    PeriodUnit.DAYS: 24,
    PeriodUnit.WORKING_DAYS: 24,
    PeriodUnit.MONTHS: 24 * 30,
    PeriodUnit.YEARS: 24 * 365,
}


def edges(workflow: Workflow, without: Collection[int] = ()) -> dict[str, set[str]]:
    """Return state -> states a step leads to, `without` some steps, by number; final states lead nowhere."""
    found: dict[str, set[str]] = {name: set() for name in workflow.states}
    for number, (step, sources) in enumerate(zip(workflow.transitions, taken_from(workflow), strict=True)):
        for source in sources if number not in without else ():
            if step.target is not None and source in found and not workflow.states[source].final:
                found[source].add(step.target)
    return found


def taken_from(workflow: Workflow) -> list[tuple[str, ...]]:
    """Return, for each step, the states it can be taken from: those its outcome leaves, where that is chosen by the state alone."""
    found: list[tuple[str, ...]] = []
    #: Of a step of several outcomes, the states for which an outcome above is surely taken.
    decided: dict[str, set[str]] = {}
    for step in workflow.transitions:
        sources = tuple(source for source in step.sources if source not in decided.get(step.id, ()))
        if step.when is not None and len(step.sources) > 1 and _by_state_alone(step.when.expression.node):
            value = step.when.expression.value
            # Without an answer (another rule says so) it is left open.
            with suppress(EvaluationError):
                sources = tuple(source for source in sources if value({"case": {"state": source}}) is True)
                decided.setdefault(step.id, set()).update(sources)
        found.append(sources)
    return found


def _by_state_alone(node: ExpressionNode) -> bool:
    """Tell whether a condition reads where the case is, and nothing else."""
    names, waiting = set(), [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Name):
            names.add(one.path)
        elif not isinstance(one, Literal | ListOf | Compare | Logic | Not):
            return False
        waiting.extend(one.parts())
    return names == {("case", "state")}


def leaving(workflow: Workflow) -> dict[str, list[tuple[int, Transition]]]:
    """Return state -> the steps that may be taken from it with their numbers, in the order they were written."""
    found: dict[str, list[tuple[int, Transition]]] = {name: [] for name in workflow.states}
    for number, step in enumerate(workflow.transitions):
        for source in dict.fromkeys(step.sources):
            found.setdefault(source, []).append((number, step))
    return found


def edges_of(subject: RuleInput) -> dict[str, set[str]]:
    """Return the edges of a workflow, those by which a case above ends it (``end``) among them.

    Of a stored version the workflows that start it are not known: there any end may be one of those.
    """
    workflow, world = subject.workflow, subject.world
    leads = edges(workflow)
    ends = {name for name, state in workflow.states.items() if state.final}
    if not world.partial:
        above = {end for other in world.workflows.values() for end in other.ends_children}
        ends &= {state for child, state in above if child == workflow.id}
    for name, state in workflow.states.items():
        if not state.final:
            leads[name] |= ends
    return leads


def reachable(leads: Mapping[str, Iterable[str]], start: str) -> set[str]:
    """Return `start` and every state that can follow it, by the edges `leads`."""
    seen, waiting = set(), [start]
    while waiting:
        state = waiting.pop()
        if state in leads and state not in seen:
            seen.add(state)
            waiting.extend(leads[state])
    return seen


def sources_of(leads: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Return the edges turned: state -> the states that lead to it."""
    found: dict[str, set[str]] = {name: set() for name in leads}
    for name, targets in leads.items():
        for target in targets:
            found.setdefault(target, set()).add(name)
    return found


def on_circles(leads: Mapping[str, Iterable[str]]) -> set[str]:
    """Return the states that can be on a circle: what neither ends nor begins outside one. Few others are among them."""
    back = sources_of(leads)
    left = {name: set(targets) & leads.keys() for name, targets in leads.items()}
    waiting = [name for name, targets in left.items() if not targets]
    waiting += [name for name in left if not back[name] and left[name]]
    gone: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in gone:
            continue
        gone.add(name)
        for source in back.get(name, ()):
            left[source].discard(name)
            if not left[source]:
                waiting.append(source)
        for target in leads.get(name, ()):
            back[target].discard(name)
            if not back[target]:
                waiting.append(target)
    return left.keys() - gone


def ways_out(leads: Mapping[str, set[str]], state: str) -> set[str]:
    """Return the other states a step leads to from `state`."""
    return leads.get(state, set()) - {state}


def path(leads: Mapping[str, Iterable[str]], start: str, end: str) -> list[str] | None:
    """Return the states from `start` to `end`, both included; None when there is no way."""
    before: dict[str, str | None] = {start: None}
    waiting = deque([start])
    while waiting:
        state = waiting.popleft()
        if state == end:
            found: list[str] = []
            step: str | None = state
            while step is not None:
                found.append(step)
                step = before[step]
            return found[::-1]
        for following in sorted(leads.get(state, ())):
            if following not in before:
                before[following] = state
                waiting.append(following)
    return None


def hours(period: Period) -> int:
    """Return a period in hours, roughly: a working day as a day, a month as 30 days, a year as 365."""
    return period.count * _HOURS[period.unit]
