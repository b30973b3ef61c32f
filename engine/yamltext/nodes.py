"""What a YAML file is made of, with the place of every piece. Lines and columns count from 1, in characters."""

from __future__ import annotations

from collections.abc import Iterator

from engine.value import bare_value


@bare_value
class Node:
    """A piece of a file and where it is; `end_column` is one past its last character on `end_line`.

    A piece is equal to itself alone.
    """

    line: int
    column: int
    end_line: int
    end_column: int


@bare_value
class ScalarNode(Node):
    """A single value. `text` is as written (without quotes); `value` is what it stands for.

    `value` is an int or a bool only for a plain (unquoted) whole number, ``true`` or ``false``; None for
    nothing written at all; otherwise the text itself.
    """

    text: str
    value: str | int | bool | None
    plain: bool = True

    @property
    def is_null(self) -> bool:
        """Tell whether ``null`` was written, which YAML has for nothing."""
        return self.plain and self.text in ("null", "Null", "NULL", "~")


@bare_value
class SequenceNode(Node):
    """A list."""

    items: tuple[Node, ...]


@bare_value
class MappingNode(Node):
    """Keys and their values, in the order written; a repeated key is still repeated here."""

    entries: tuple[tuple[Node, Node], ...]

    def get(self, *names: str) -> Node | None:
        """Return the value of the first key that is written as one of `names`."""
        for key, written in self.entries:
            if isinstance(key, ScalarNode) and key.text in names:
                return written
        return None

    def texts(self) -> Iterator[tuple[ScalarNode, Node]]:
        """Yield the entries whose key is a single value."""
        for key, written in self.entries:
            if isinstance(key, ScalarNode):
                yield key, written
