"""How many keys and values definitions are made of: what an author writes and a reader reads, counted by the parser.

Comments do not count, nor do the texts that any language would need: titles, help and bases.

    python -m benchmarks.definition_size FILE...
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.definition.keywords import canonical
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.source import read_source

#: Keys that do not count, with all below them.
TEXTS = frozenset({"title", "title_en", "help", "help_en", "basis", "english"})
#: What an entry of a list is called by.
NAMED_BY = ("do", "name", "id", "section", "page", "that")


def size_of(node: Node | None) -> int:
    """Return the number of keys and single values in a piece of a file."""
    if isinstance(node, MappingNode):
        return sum(
            1 + size_of(value)
            for key, value in node.entries
            if not (isinstance(key, ScalarNode) and canonical(key.text) in TEXTS)
        )
    if isinstance(node, SequenceNode):
        return sum(size_of(item) for item in node.items)
    return int(isinstance(node, ScalarNode) and node.value is not None)


def sizes(files: Mapping[str, str]) -> dict[str, int]:
    """Return the size of each file, given as name -> text."""
    return {name: size_of(read_source(name, text).root) for name, text in files.items()}


def sizes_of_parts(name: str, text: str) -> dict[tuple[str, str], int]:
    """Return the size of each part of a file that has a name, as (key of the file, name): a state, a step, a field, a code list."""
    found: dict[tuple[str, str], int] = {}
    root = read_source(name, text).root
    for key, value in root.texts() if isinstance(root, MappingNode) else ():
        if canonical(key.text) not in TEXTS:
            for part, size in _named(value):
                # Steps of several states were listed at `transitions` before they had a place by name.
                place = ("transitions" if canonical(key.text) == "steps" else canonical(key.text), part)
                found[place] = found.get(place, 0) + size
        if canonical(key.text) == "states" and isinstance(value, MappingNode):
            _tell_steps_apart(value, found)
    return found


def _tell_steps_apart(states: MappingNode, found: dict[tuple[str, str], int]) -> None:
    """Count the steps written in states as steps, not as what is said of the state."""
    for state, said in states.texts():
        steps = said.get("steps", "步骤") if isinstance(said, MappingNode) else None
        if isinstance(steps, MappingNode):
            found["states", state.text] -= 1 + size_of(steps)
            for part, size in _named(steps):
                place = ("transitions", part)
                found[place] = found.get(place, 0) + size


def _named(node: Node) -> Iterator[tuple[str, int]]:
    """Yield the parts of what stands at a key of a file, with their sizes."""
    if isinstance(node, MappingNode):
        yield from ((key.text, 1 + size_of(value)) for key, value in node.texts())
    elif isinstance(node, SequenceNode):
        yield from ((_name_of(item), size_of(item)) for item in node.items)
    else:
        yield "", 1 + size_of(node)


def _name_of(item: Node) -> str:
    if not isinstance(item, MappingNode):
        return item.text if isinstance(item, ScalarNode) else ""
    said = {canonical(key.text): value for key, value in item.texts()}
    named = next((said[key] for key in NAMED_BY if key in said), None)
    if named is None and len(item.entries) == 1:
        named = item.entries[0][0]
    return named.text if isinstance(named, ScalarNode) else ""


def main(names: list[str]) -> None:
    """Print the size of each file and of all."""
    found = sizes({name: Path(name).read_text(encoding="utf-8") for name in names})
    for name, size in sorted(found.items()):
        print(f"{size:6} {name}")
    print(f"{sum(found.values()):6} in all")


if __name__ == "__main__":
    main(sys.argv[1:])
