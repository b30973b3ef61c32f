"""Where the steps of a workflow lead: reachability and rough lengths of time, for the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.definition.rule_input import RuleInput
from engine.lifecycle.model.workflow import Workflow
from engine.worktime.periods import Period, PeriodUnit

_HOURS = {
    PeriodUnit.HOURS: 1,
    PeriodUnit.OFFICE_HOURS: 1,
    PeriodUnit.DAYS: 24,
    PeriodUnit.WORKING_DAYS: 24,
    PeriodUnit.MONTHS: 24 * 30,
    PeriodUnit.YEARS: 24 * 365,
}


def edges(workflow: Workflow) -> dict[str, set[str]]:
    """Return state -> states a step leads to; final states lead nowhere."""
    found: dict[str, set[str]] = {name: set() for name in workflow.states}
    for step in workflow.transitions:
        for source in step.sources:
            if step.target is not None and source in found and not workflow.states[source].final:
                found[source].add(step.target)
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


def ways_out(leads: Mapping[str, set[str]], state: str) -> set[str]:
    """Return the other states a step leads to from `state`."""
    return leads.get(state, set()) - {state}


def path(leads: Mapping[str, Iterable[str]], start: str, end: str) -> list[str] | None:
    """Return the states from `start` to `end`, both included; None when there is no way."""
    before: dict[str, str | None] = {start: None}
    waiting = [start]
    while waiting:
        state = waiting.pop(0)
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
