"""One value of a YAML text replaced where it is written: everything else stays as it is, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import say
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.source import read_source


class NotReplacedError(ValueError):
    """A value that cannot be replaced where it is; `message` says why."""

    def __init__(self, line: int) -> None:
        self.message = say("第 {line} 行的条件写成了几行，请在文字里改", line=line)
        super().__init__(self.message.text)


def replaced(text: str, node: ScalarNode, value: str) -> str:
    """Return `text` with `value` in the place of `node`, quoted where YAML needs it. Raises NotReplacedError.

    `text` is what `node` was read from, with line ends ``\\n``. The result is read again: all other values are the same.
    """
    lines = text.split("\n")
    if node.line != node.end_line or node.line > len(lines) or "\n" in value:
        raise NotReplacedError(node.line)
    line = lines[node.line - 1]
    before, after = line[: node.column - 1], line[node.end_column - 1 :]
    earlier = list(_scalars(read_source("", text).root))
    places = [(one.line, one.column) for one in earlier]
    if (node.line, node.column) not in places:
        raise NotReplacedError(node.line)
    number = places.index((node.line, node.column))
    wanted = [one.text for one in earlier]
    wanted[number] = value
    for written in _ways(value, plain=node.plain):
        lines[node.line - 1] = before + written + after
        found = "\n".join(lines)
        source = read_source("", found)
        now = list(_scalars(source.root))
        if [one.text for one in now] == wanted and not source.problems:
            return found
    raise NotReplacedError(node.line)


def _ways(value: str, *, plain: bool) -> Iterator[str]:
    if plain:
        yield value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    yield f'"{escaped}"'
    doubled = value.replace("'", "''")
    yield f"'{doubled}'"


def _scalars(node: Node | None) -> Iterator[ScalarNode]:
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _scalars(item)
    elif isinstance(node, MappingNode):
        for key, value in node.entries:
            yield from _scalars(key)
            yield from _scalars(value)
