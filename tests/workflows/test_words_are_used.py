"""Every key of the language, every verb and every effect is used by a shipped process or by one of the reference."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from engine.definition import keywords
from engine.definition.grammar import SHAPES
from engine.definition.resources import forms_dir, workflows_dir
from engine.lifecycle.effects import EFFECTS
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.source import read_source

HERE = Path(__file__).parent
#: What only a draw of the first protocol says: read for draws that are under way, and published no more.
FIRST_PROTOCOL = {
    "entropy_rule",
    "entropy_sources",
    "obtained",
    "profile",
    "reveal",
}


#: What was written before there was a shorter way, and is read for what was published: ``join: {WORKFLOW: states}`` and the
#: words of `only` alone stand in its place.
EARLIER = {"reached", "only"}


def words_of(node: Node | None) -> Iterator[str]:
    """Yield the keys of a part in English, and the words that stand alone (a verb without more)."""
    if isinstance(node, MappingNode):
        for key, value in node.texts():
            yield keywords.canonical(key.text)
            yield from words_of(value)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from words_of(item)
    elif isinstance(node, ScalarNode):
        yield keywords.canonical(node.text)


@cache
def used(folder: Path) -> frozenset[str]:
    files = sorted(folder.glob("*.yaml"))
    return frozenset(
        word for path in files for word in words_of(read_source(path.name, path.read_bytes()).root)
    )


def test_each_key_and_each_argument_is_used() -> None:
    found = used(workflows_dir()) | used(forms_dir()) | used(HERE / "reference")
    keys = {key for shape in SHAPES.values() for key in shape}
    arguments = {name for word, (_, others) in EFFECTS.items() for name in (word, *others)}
    assert (keys | arguments) - FIRST_PROTOCOL - EARLIER - found == set()
    assert FIRST_PROTOCOL & found == set()


def test_no_effect_is_used_by_the_files_of_patterns_alone() -> None:
    others = used(workflows_dir()) | used(HERE / "reference")
    assert (set(EFFECTS) & used(HERE / "patterns")) - others == set()
