"""How many keys and values definitions are made of: what an author writes and a reader reads, counted by the parser.

Comments do not count, nor do the texts that any language would need: titles, help and bases.

    python -m benchmarks.definition_size FILE...
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from engine.definition.keywords import canonical
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.source import read_source

#: Keys that do not count, with all below them.
TEXTS = frozenset({"title", "title_en", "help", "help_en", "basis"})


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


def main(names: list[str]) -> None:
    """Print the size of each file and of all."""
    found = sizes({name: Path(name).read_text(encoding="utf-8") for name in names})
    for name, size in sorted(found.items()):
        print(f"{size:6} {name}")
    print(f"{sum(found.values()):6} in all")


if __name__ == "__main__":
    main(sys.argv[1:])
