"""Which step made-up people take next: what was taken least first, and towards an end when it has been long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.lifecycle.case import Case
from engine.lifecycle.model.workflow import Transition, Workflow
from engine.synthetic import choice as chance

#: After so many steps a case is led to an end by the shortest way.
LONG = 25
#: How often a step that leaves a case where it is, is taken before the case moves on.
REPEATED = 2


def distances(workflow: Workflow) -> dict[str, int]:
    """Return, for each state from which a final one can be reached, how many steps away the nearest is."""
    away = {name: 0 for name, state in workflow.states.items() if state.final}
    waiting = list(away)
    while waiting:
        target = waiting.pop(0)
        for step in workflow.transitions:
            if step.target == target:
                for source in step.sources:
                    if source not in away:
                        away[source] = away[target] + 1
                        waiting.append(source)
    return away


def leading_to(wanted: str, workflows: Sequence[Workflow]) -> set[str]:
    """Return `wanted`, and the workflows whose cases start, at once or in the end, cases of it."""
    starts = {
        one.id: {
            str(effect.arguments["start"])
            for step in one.transitions
            for effect in step.then
            if effect.kind == "start"
        }
        for one in workflows
    }
    leading = {wanted}
    while more := {one for one, started in starts.items() if started & leading} - leading:
        leading |= more
    return leading


def origins(wanted: str, workflows: Sequence[Workflow]) -> list[str]:
    """Return the workflows somebody may start by hand whose cases start, at once or in the end, cases of `wanted`."""
    leading = leading_to(wanted, workflows)
    return [one.id for one in workflows if one.id in leading and one.id != wanted and one.start_by]


@dataclass(slots=True)
class VisitedPath:
    """What people have done on one case so far."""

    steps: int = 0
    #: state -> how often the case was looked at there
    states: Counter[str] = field(default_factory=Counter)
    #: step -> how often it was taken since the case entered the state it is in, by steps that leave it there
    staying: Counter[str] = field(default_factory=Counter)

    def take(self, step: str, moves: bool) -> None:
        """Note a step."""
        self.steps += 1
        if moves:
            self.staying.clear()
        else:
            self.staying[step] += 1


def ordered(
    case: Case,
    steps: Mapping[str, tuple[Transition, ...]],
    taken: Mapping[str, int],
    away: Mapping[str, int],
    trail: VisitedPath,
    waits: bool,
    seed: str,
    number: int,
) -> list[str]:
    """Return the steps of a case in the order in which they should be tried.

    `waits`: the engine takes a step by itself when something else is done, so that nobody needs to act.
    """
    open_ = [step for step in steps if trail.staying[step] < REPEATED]

    def distance(step: str) -> int:
        return min(away.get(t.target or case.state, len(away)) for t in steps[step])

    def lot(step: str) -> int:
        return chance.between(0, 999, seed, case.id, case.rev, step, "lot")

    if trail.steps > LONG:
        closer = [step for step in open_ if distance(step) < away.get(case.state, len(away))]
        return sorted(closer if waits else open_, key=lambda step: (distance(step), lot(step)))
    if number % 6 == 3:
        return sorted(open_, key=lot)
    # Ends come last, so that what lies behind the other steps is seen, but each is taken by somebody.
    early = number % 5 == 4

    def rank(step: str) -> tuple[bool, bool, int, int]:
        ends = distance(step) == 0 and not (early and not taken.get(step))
        seen = min(trail.states[t.target or case.state] for t in steps[step])
        return (ends, bool(taken.get(step)), seen, lot(step))

    return sorted(open_, key=rank)
