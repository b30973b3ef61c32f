"""Cases that wait for each other: a child for what its parent lets it read, the parent for the child."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from engine.definition.meaning.subject import MeaningInput
from engine.definition.meaning.ways import Ways
from engine.lifecycle.model.workflow import Transition, Workflow


def parents_that_wait(
    subject: MeaningInput, steps: Sequence[tuple[int, Transition]]
) -> Iterator[tuple[Workflow, str]]:
    """Yield the workflows that start this one and wait for it before they write what all of its `steps` wait for.

    With each comes the name of the field. `steps` are all that lead out of one state, with their numbers.
    """
    read = [_of_the_parent(step) for _, step in steps]
    if not all(read):
        return
    child = subject.workflow
    here = subject.ways.may([number for number, _ in steps])
    for parent in subject.others.values():
        if parent.id == child.id or not _starts(parent, child.id):
            continue
        ways = subject.ways_of(parent)
        waiting = [
            number for number, step in enumerate(parent.transitions) if _waits(step, child.id, here.keys())
        ]
        there = frozenset().union(*ways.may(waiting).values()) if waiting else frozenset()
        late = [{name for name in names if ("case", name) not in there} for names in read]
        if waiting and all(late):
            yield parent, min(late[0])


def started_before(ways: Ways, state: str, child: str) -> tuple[int, int | None]:
    """Return how many children of a kind have surely been started when a case is in a state, and how many at most; None for any number."""
    most: int | None = 0
    sure: dict[int, int] = {}
    for number, step in enumerate(ways.workflow.transitions):
        effects = [one for one in step.then if one.kind == "start" and one.arguments["start"] == child]
        single = [one for one in effects if "each" not in one.arguments]
        sure[number] = sum(one.when is None for one in single)
        if effects and (len(single) < len(effects) or ways.taken_again(number)):
            most = None
        elif most is not None:
            most += len(effects)
    return _fewest(ways, state, sure), most


def _fewest(ways: Ways, state: str, counted: Mapping[int, int]) -> int:
    """Return the least sum of what is counted for the steps of a way to a state."""
    found = {ways.workflow.initial: 0}
    waiting = [ways.workflow.initial]
    while waiting:
        source = waiting.pop()
        for edge in ways.leading_from(source):
            there = found[source] + counted.get(edge.step, 0)
            if there < found.get(edge.target, there + 1):
                found[edge.target] = there
                waiting.append(edge.target)
    return found.get(state, 0)


def _of_the_parent(step: Transition) -> frozenset[str]:
    """Return the fields of the parent a step of the engine waits for."""
    if not step.automatic or step.when is None:
        return frozenset()
    return frozenset(
        path[1] for path in step.when.expression.names() if path[0] == "parent" and len(path) > 1
    )


def _starts(workflow: Workflow, child: str) -> bool:
    return any(
        effect.kind == "start" and effect.arguments["start"] == child
        for step in workflow.transitions
        for effect in step.then
    )


def _waits(step: Transition, child: str, states: Collection[str]) -> bool:
    """Tell whether a step is not taken while its child has been in none but these states."""
    if step.join is not None:
        return step.join.workflow == child and not set(states) & set(step.join.states)
    if not step.automatic or step.when is None:
        return False
    asked = [path for path in step.when.expression.names() if path[0] == "children" and path[1:2] == (child,)]
    return bool(asked) and all(
        path[2:] == ("open",) or (path[2:3] == ("in",) and path[3] not in states) for path in asked
    )
