"""Steps that come to nothing: an automatic step sends the case back to where it was, for what it asks has not changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.definition.meaning.gaps import CHANGES
from engine.definition.meaning.names_read import MISSING_IS_FINE, Fact, fact_of, walked
from engine.definition.meaning.subject import MeaningInput
from engine.lifecycle.effects import ABOVE
from engine.lifecycle.expressions.expression import Call, ExpressionNode, Name
from engine.lifecycle.model.workflow import Transition, Workflow


@dataclass(frozen=True, slots=True)
class SentBack:
    """A step after which an automatic one leads back to where it was taken."""

    #: The number of the automatic step.
    automatic: int
    step: Transition
    #: Where the step is taken, and where it leads.
    state: str
    target: str
    #: Nothing else leads out of the state, and every case in it came there by the automatic step.
    for_ever: bool


def sent_back(subject: MeaningInput) -> Iterator[SentBack]:
    """Yield the steps that come to nothing, for each automatic step and each state it leads to one."""
    workflow = subject.workflow
    above: set[Fact] | None = None
    for number, step in enumerate(workflow.transitions):
        if not step.automatic or step.when is None or step.target is None:
            continue
        read = _read(step.when.expression.node, workflow)
        if read is None or read & subject.ways.written[number][0]:
            continue
        if above is None:
            above = _written_from_below(subject)
        if read & above:
            continue
        for source in step.sources:
            yield from _back_to(subject, number, source, read)


def _back_to(subject: MeaningInput, number: int, source: str, read: set[Fact]) -> Iterator[SentBack]:
    """Yield the first step that leads from where an automatic step has led back to where it is taken again."""
    workflow, ways = subject.workflow, subject.ways
    automatic = workflow.transitions[number]
    there = _passed(subject, automatic.target or source)
    if there == source or there not in workflow.states:
        return
    out = [edge for edge in ways.leading_from(there) if edge.target != there]
    staying = [edge for edge in ways.leading_from(there) if edge.target == there]
    if any(edge.may & read for edge in staying) or _corrected(automatic, workflow, source, there):
        return
    found = [
        edge
        for edge in out
        if edge.step >= 0
        and not _by_itself(workflow.transitions[edge.step])
        and not edge.may & read
        and _passed(subject, edge.target) == source
        and not _others_first(subject, number, source, edge.may)
    ]
    if not found:
        return
    # An automatic step without a condition may lead on from where this one led.
    on_the_way = automatic.target if automatic.target != there else None
    only_so = workflow.initial not in (there, on_the_way) and all(
        edge.step == number or (edge.source == on_the_way and edge.target == there)
        for edge in ways.edges
        if edge.target in (there, on_the_way) and edge.source != there
    )
    nowhere_else = len(found) == len(out)
    if only_so or nowhere_else:
        step = workflow.transitions[found[0].step]
        yield SentBack(number, step, there, source, only_so and nowhere_else)


def _read(node: ExpressionNode, workflow: Workflow) -> set[Fact] | None:
    """Return the facts a condition reads; None where it reads what changes by itself, or nothing of the case."""
    found: set[Fact] = set()
    for part in walked(node):
        if isinstance(part, Name):
            fact = fact_of(part.path, workflow)
            if part.path[0] in CHANGES or part.path[0] in ("form", "it"):
                return None
            if fact is not None:
                found.add(fact)
            elif part.path[0] != "case":
                return None
    return found or None


def _written_from_below(subject: MeaningInput) -> set[Fact]:
    """Return what other cases may write into one above them."""
    return {
        ({"set": "case", "assign": "parties"}[effect.kind], name)
        for other in subject.others.values()
        for step in other.transitions
        for effect in step.then
        if effect.kind in ("set", "assign") and ABOVE in effect.arguments
        for name in effect.arguments[effect.kind]
    }


def _corrected(step: Transition, workflow: Workflow, *states: str) -> bool:
    """Tell whether an answer a step looks at may be corrected in one of some states; one that is only asked for stays given."""
    if not any("correct" in workflow.states[state].verbs for state in states if state in workflow.states):
        return False
    node = step.when.expression.node if step.when is not None else None
    parts = walked(node) if node is not None else ()
    asked = {
        id(inner)
        for part in parts
        if isinstance(part, Call) and part.name in MISSING_IS_FINE[:2]
        for inner in walked(part)
    }
    return any(isinstance(part, Name) and part.path[0] == "forms" and id(part) not in asked for part in parts)


def _passed(subject: MeaningInput, state: str) -> str:
    """Return where a case that comes to a state stands at last: an automatic step without a condition leads on at once."""
    seen = {state}
    while True:
        on = next(
            (step.target for _, step in subject.leaving(state) if step.automatic and not step.conditions),
            None,
        )
        if on is None or on in seen:
            return state
        seen.add(on)
        state = on


def _others_first(subject: MeaningInput, number: int, state: str, written: frozenset[Fact]) -> bool:
    """Tell whether another automatic step may be taken before one, for what it asks may have changed."""
    for other, step in subject.leaving(state):
        if other >= number or not step.automatic:
            continue
        read = set[Fact]()
        for condition in step.conditions:
            facts = _read(condition.expression.node, subject.workflow)
            if facts is None:
                return True
            read |= facts
        if read & written:
            return True
    return False


def _by_itself(step: Transition) -> bool:
    return bool(step.automatic or step.after or step.on_expiry)
