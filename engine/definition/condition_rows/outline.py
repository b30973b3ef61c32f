"""Rows in groups as lines one below the other, each with its depth, as a form without a script asks for them; and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.definition.condition_rows.rows import ConditionRow, ConditionRows

#: How a group is joined, by its word.
WORDS = ("and", "or", "not and", "not or")


@dataclass(frozen=True, slots=True)
class OutlineLine:
    """A row, or with `word` the beginning of a group; what is in a group follows it, one deeper."""

    depth: int
    row: ConditionRow | None = None
    word: str = ""


class EmptyGroupError(ValueError):
    """A group has no row."""


def lines_of(rows: ConditionRows, depth: int = 0) -> Iterator[OutlineLine]:
    """Yield the lines of rows; how the outermost are joined is in none of them."""
    for part in rows.rows:
        if isinstance(part, ConditionRows):
            yield OutlineLine(depth, word=part.word)
            yield from lines_of(part, depth + 1)
        else:
            yield OutlineLine(depth, part)


def rows_from(word: str, lines: Sequence[OutlineLine]) -> ConditionRows:
    """Return the rows of some lines, the outermost joined as `word` says. Raises EmptyGroupError.

    A line that is deeper than any group above it belongs to the innermost of them.
    """
    found, rest = _inside(list(lines), 0)
    # Nothing is shallower than the outermost.
    assert not rest  # noqa: S101
    return _joined(word, found)


def _inside(
    lines: list[OutlineLine], depth: int
) -> tuple[tuple[ConditionRow | ConditionRows, ...], list[OutlineLine]]:
    """Return what is at least so deep, and the lines behind it."""
    found: list[ConditionRow | ConditionRows] = []
    while lines and lines[0].depth >= depth:
        line, *lines = lines
        if line.row is not None:
            found.append(line.row)
        else:
            parts, lines = _inside(lines, depth + 1)
            found.append(_joined(line.word, parts))
    return tuple(found), lines


def _joined(word: str, parts: tuple[ConditionRow | ConditionRows, ...]) -> ConditionRows:
    if not parts:
        raise EmptyGroupError
    return ConditionRows(word.removeprefix("not "), parts, word.startswith("not "))
