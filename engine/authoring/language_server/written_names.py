"""The names a definition declares, read from its text alone: what is known of a file in which something is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.definition import keywords
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.source import read_source

_IDS = re.compile(r"^  ([a-z]\w*)\s*[:：]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class WrittenName:
    """One name as it is in the text; what is not written there is empty."""

    id: str
    title: str = ""
    help: str = ""
    basis: str = ""
    deadline: str = ""


def written_names(text: str, section: str) -> dict[str, WrittenName]:
    """Return the names below a key of the top (``states clocks fields parties``), in the order they stand.

    Of a text that is no YAML, half written, the names alone.
    """
    root = read_source("", text).root
    found = _value(root, section) if isinstance(root, MappingNode) else None
    if found is None:
        return {name: WrittenName(name) for name in _lines(text, section)}
    return {one.id: one for one in _names(found)}


def _names(node: Node) -> Iterator[WrittenName]:
    """Yield the names of a mapping, or of a list with one name in each entry."""
    for part in node.items if isinstance(node, SequenceNode) else (node,):
        if not isinstance(part, MappingNode):
            continue
        for key, value in part.texts():
            name = str(key.text)
            if isinstance(value, ScalarNode):
                yield WrittenName(name, value.text)
            else:
                texts = {one: _text(value, one) for one in ("title", "help", "basis", "deadline")}
                yield WrittenName(name, **texts)


def _value(node: Node | None, key: str) -> Node | None:
    return node.get(key, *keywords.KEYS.get(key, ())) if isinstance(node, MappingNode) else None


def _text(node: Node, key: str) -> str:
    found = _value(node, key)
    return found.text if isinstance(found, ScalarNode) else ""


def _lines(text: str, section: str) -> list[str]:
    words = "|".join((section, *keywords.KEYS.get(section, ())))
    # The next key of the top ends the section, behind an empty line too.
    found = re.search(rf"^(?:{words})\s*[:\uff1a]\s*\n((?:[ #].*(?:\n|\Z)|\n)*)", text, re.MULTILINE)
    return _IDS.findall(found[1]) if found else []
