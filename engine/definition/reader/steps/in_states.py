"""Steps written in their state: ``steps:`` of a state becomes entries of ``transitions:``, each with its name and where it begins."""

from __future__ import annotations

from dataclasses import replace

from engine.definition import keywords
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode


def with_steps_of_states(root: MappingNode) -> MappingNode:
    """Return a workflow with the steps of its states before those of ``transitions:``, places kept; any other file as it is.

    What is no step stays where it is, for the reader of states to say so.
    """
    states = root.get("states", *keywords.KEYS["states"])
    if not isinstance(states, MappingNode):
        return root
    found: list[Node] = []
    entries = tuple((key, _without_steps(key, state, found)) for key, state in states.entries)
    if not found:
        return root
    listed = root.get("transitions", *keywords.KEYS["transitions"])
    if isinstance(listed, SequenceNode):
        steps = replace(listed, items=(*found, *listed.items))
    elif listed is None:
        first, last = found[0], found[-1]
        steps = SequenceNode(first.line, first.column, last.end_line, last.end_column, tuple(found))
    else:
        # Something else than a list: the reader says so.
        return root
    changed: dict[int, Node] = {id(states): replace(states, entries=entries), id(listed): steps}
    made = tuple((key, changed.get(id(value), value)) for key, value in root.entries)
    if listed is None:
        made = (*made, (_word(found[0], "transitions"), steps))
    return replace(root, entries=made)


def _without_steps(state: Node, said: Node, found: list[Node]) -> Node:
    """Return a state without the steps written in it, which are added to `found`."""
    if not isinstance(state, ScalarNode) or not isinstance(said, MappingNode):
        return said
    entries: list[tuple[Node, Node]] = []
    for key, value in said.entries:
        steps = isinstance(key, ScalarNode) and keywords.canonical(key.text) == "steps"
        if not steps or not isinstance(value, MappingNode):
            entries.append((key, value))
            continue
        left: list[tuple[Node, Node]] = []
        for name, step in value.entries:
            if isinstance(name, ScalarNode) and isinstance(step, MappingNode) and _sound(step):
                found.append(_transition(state, name, step))
            else:
                left.append((name, step))
        if left:
            entries.append((key, replace(value, entries=tuple(left))))
    return replace(said, entries=tuple(entries))


def _sound(step: MappingNode) -> bool:
    """Tell whether a step says nothing of its name and of where it begins: its key and its state do."""
    return not any(keywords.canonical(key.text) in ("do", "from") for key, _ in step.texts())


def _transition(state: ScalarNode, name: ScalarNode, step: MappingNode) -> MappingNode:
    begins = replace(name, text=state.text, value=state.value)
    head = ((_word(name, "do"), name), (_word(name, "from"), begins))
    return replace(step, entries=(*head, *step.entries))


def _word(place: Node, word: str) -> ScalarNode:
    return ScalarNode(place.line, place.column, place.end_line, place.end_column, word, word)
