"""Strict YAML (or JSON) as plain values: for answer files and samples, which are data and no definitions."""

from __future__ import annotations

from typing import Any

from engine.kernel.budget import TEXT, read_json
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.problem import as_text
from engine.yamltext.source import MAX_BYTES, read_source


def read_plain(content: bytes | str, name: str) -> tuple[Any, list[str]]:
    """Return the value in a file and what is wrong with it, as texts with line and column; never raises.

    Mappings become dicts with text keys, ``null`` and nothing at all become None; numbers with a point stay text,
    as everything does that is not a whole number, ``true`` or ``false``.
    """
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") and len(data) <= MAX_BYTES:
        try:
            return read_json(data, TEXT, parse_float=str), []
        except (ValueError, RecursionError):
            # Not JSON, or not strict: the YAML reader says what and where.
            pass
    source = read_source(name, data)
    if source.problems:
        return None, as_text(source.problems, {name: source.text}).split("\n")
    return (None if source.root is None else plain_value(source.root)), []


def plain_value(node: Node) -> Any:
    """Return what a piece of a file stands for."""
    if isinstance(node, MappingNode):
        return {key.text: plain_value(value) for key, value in node.texts()}
    if isinstance(node, SequenceNode):
        return [plain_value(item) for item in node.items]
    if isinstance(node, ScalarNode):
        return None if node.plain and node.text == "null" else node.value
    return None
