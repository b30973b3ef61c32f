"""Whether a clock runs when a case is in a state, on all ways or on some."""

from __future__ import annotations

from collections import deque
from enum import StrEnum

from engine.definition.meaning.ways import MOST_STEPS, Ways
from engine.lifecycle.model.deadline import ClockRule


class Runs(StrEnum):
    """How a clock is found in a state."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"
    #: It runs on no way that ends its pause.
    PAUSED = "paused"


def runs_in(ways: Ways, clock: ClockRule, state: str) -> Runs:
    """Tell how a clock is found by the cases that come into `state`: the same rules as `Process.clocks_moved` follows.

    In a process of more than `MOST_STEPS` steps a clock that may have started counts as running: the ways are not followed.
    """
    if len(ways.workflow.transitions) > MOST_STEPS:
        begun = not clock.starts_on or ("clocks", clock.id) in ways.may().get(state, ())
        found = frozenset({state in clock.during and begun})
    else:
        found = _found(ways, clock).get(state, frozenset())
    if True not in found:
        return Runs.NEVER
    if _pauses(ways, clock, state):
        return Runs.PAUSED
    return Runs.SOMETIMES if False in found else Runs.ALWAYS


def _pauses(ways: Ways, clock: ClockRule, state: str) -> bool:
    """Tell whether a clock is paused in a state, by itself or because one it is counted from is."""
    seen: set[str] = set()
    waiting = [clock]
    while waiting:
        one = waiting.pop()
        if state in one.pauses_in:
            return True
        seen.add(one.id)
        waiting += (ways.workflow.clocks[name] for name in one.beside - seen)
    return False


def _found(ways: Ways, clock: ClockRule) -> dict[str, frozenset[bool]]:
    """Return, for each state a case can reach, whether the clock may run there and whether it may not."""
    workflow = ways.workflow
    begins = workflow.initial in clock.during and not clock.starts_on
    found = {workflow.initial: frozenset({begins})}
    waiting = deque([workflow.initial])
    while waiting:
        source = waiting.popleft()
        for edge in ways.leading_from(source):
            step = workflow.transitions[edge.step].id if edge.step >= 0 else None
            there = {_after(clock, run, edge.source, edge.target, step) for run in found[source]}
            known = found.get(edge.target, frozenset())
            if not there <= known:
                found[edge.target] = known | there
                waiting.append(edge.target)
    return found


def _after(clock: ClockRule, runs: bool, before: str, after: str, step: str | None) -> bool:
    """Tell whether a clock runs after a step, from whether it ran before."""
    if after not in clock.during:
        return False
    if step in clock.starts_on if clock.starts_on else before not in clock.during:
        return True
    return runs and step not in clock.stops_on
