"""The layout of a YAML file: white space between its tokens made alike, nothing else touched.

Comments, quotes, the order and the breaking of lines stay as they were written. What would read otherwise afterwards is left alone.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import yaml

from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.shape import YAML_ERRORS
from engine.yamltext.source import read_source

_COMMENT = re.compile(r"^(\s*)#(?=[^\s#!])")

#: A dash without a value behind it, or an odd break of a line, takes a second round.
_ROUNDS = 4


def formatted(text: str) -> str:
    """Return the text with one line break at its end, no blanks at the ends of lines, single blank lines, and even gaps.

    A text that is no YAML comes back unchanged, and so does one that is not at rest after a few rounds: what is
    formatted again stays as it is.
    """
    before = text
    for _ in range(_ROUNDS):
        after = _formatted_once(before)
        if after == before:
            return after
        before = after
    return text


def _formatted_once(text: str) -> str:
    source = read_source("", text)
    if source.problems or source.root is None:
        return text
    plain = text.replace("\r\n", "\n")
    try:
        made = _lines(_spaced(plain))
    except YAML_ERRORS:
        # What is written in Python reads tabs and odd characters more strictly than what has read the text.
        return text
    after = read_source("", made)
    same = not after.problems and after.root is not None and _said(after.root) == _said(source.root)
    return made if same else text


def _spaced(text: str) -> str:
    """Return the text with even gaps inside brackets and behind colons and dashes."""
    tokens = list(yaml.scan(text, Loader=yaml.SafeLoader))
    pieces: list[str] = []
    at = 0
    for before, after in pairwise(tokens):
        start, end = before.end_mark.index, after.start_mark.index
        gap = text[start:end]
        if end < start or gap.strip(" ") or start < at:
            continue
        if not gap and not isinstance(before, yaml.FlowEntryToken):
            continue
        wanted = _gap(before, after, gap)
        if wanted != gap:
            pieces += [text[at:start], wanted]
            at = end
    return "".join([*pieces, text[at:]])


def _gap(before: Any, after: Any, gap: str) -> str:
    opened = (yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)
    closed = (yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken, yaml.FlowEntryToken)
    if isinstance(before, opened) or isinstance(after, closed):
        return ""
    if isinstance(before, yaml.FlowEntryToken):
        return " "
    if isinstance(before, (yaml.ValueToken, yaml.BlockEntryToken)) and isinstance(
        after, (yaml.ScalarToken, *opened)
    ):
        return " "
    return gap


def _lines(text: str) -> str:
    kept = _inside_scalars(text)
    found: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if number in kept:
            found.append(line)
            continue
        trimmed = _COMMENT.sub(r"\1# ", line.rstrip(" \t"))
        if trimmed or (found and found[-1]):
            found.append(trimmed)
    return "\n".join(found).strip("\n") + "\n"


def _inside_scalars(text: str) -> set[int]:
    """Return the numbers, from 0, of lines that belong to a text of several lines."""
    found: set[int] = set()
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.ScalarToken) and token.end_mark.line > token.start_mark.line:
            found.update(range(token.start_mark.line, token.end_mark.line + (token.end_mark.column > 0)))
    return found


def _said(node: Node) -> object:
    match node:
        case MappingNode():
            return [(_said(key), _said(value)) for key, value in node.entries]
        case SequenceNode():
            return ["-", *(_said(item) for item in node.items)]
        case ScalarNode():
            return (node.text, node.value)
    return None
