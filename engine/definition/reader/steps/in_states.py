"""Steps written at ``steps:``, of a state or of the workflow, become entries of ``transitions:``, each with its name and where it begins."""

from __future__ import annotations

from dataclasses import replace

from engine.definition import keywords
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode


def with_steps_of_states(root: MappingNode) -> MappingNode:
    """Return a workflow with the steps of its states, then its own, before those of ``transitions:``, places kept; any other file as it is.

    What is no step stays where it is, for the reader to say so.
    """
    states = root.get("states", *keywords.KEYS["states"])
    if not isinstance(states, MappingNode):
        return root
    found: list[Node] = []
    entries = tuple((key, _without_steps(key, state, found)) for key, state in states.entries)
    shared = root.get("steps", *keywords.KEYS["steps"])
    left = _of_several(shared, found) if isinstance(shared, MappingNode) else shared
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
    changed: dict[int, Node | None] = {
        id(states): replace(states, entries=entries),
        id(shared): left,
        id(listed): steps,
    }
    written = ((key, changed.get(id(value), value)) for key, value in root.entries)
    made = tuple((key, value) for key, value in written if value is not None)
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
            if (
                isinstance(name, ScalarNode)
                and isinstance(step, MappingNode)
                and not _says(step, "do", "from")
            ):
                begins = replace(name, text=state.text, value=state.value)
                found.append(_transition(name, step, (_word(name, "from"), begins)))
            else:
                left.append((name, step))
        if left:
            entries.append((key, replace(value, entries=tuple(left))))
    return replace(said, entries=tuple(entries))


def _of_several(shared: MappingNode, found: list[Node]) -> MappingNode | None:
    """Return what is at ``steps:`` of the workflow and is no step, or None; the steps, which say where they begin, are added to `found`."""
    left: list[tuple[Node, Node]] = []
    for name, step in shared.entries:
        sound = isinstance(step, MappingNode) and _says(step, "from") and not _says(step, "do")
        if sound and isinstance(name, ScalarNode) and isinstance(step, MappingNode):
            found.append(_transition(name, step))
        else:
            left.append((name, step))
    return replace(shared, entries=tuple(left)) if left else None


def _says(step: MappingNode, *words: str) -> bool:
    """Tell whether one of some keys is written in a step."""
    return any(keywords.canonical(key.text) in words for key, _ in step.texts())


def _transition(name: ScalarNode, step: MappingNode, *begins: tuple[Node, Node]) -> MappingNode:
    return replace(step, entries=((_word(name, "do"), name), *begins, *step.entries))


def _word(place: Node, word: str) -> ScalarNode:
    return ScalarNode(place.line, place.column, place.end_line, place.end_column, word, word)
