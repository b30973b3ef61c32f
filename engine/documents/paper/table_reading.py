"""Reads the tables of a rendered template, and decides how wide their columns are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from engine.documents.paper.blocks import Box, Cell, Line, Row, Table, line_text
from engine.documents.paper.layout import WIDE_FROM
from engine.documents.paper.lines import read_lines
from engine.documents.paper.tree import Element, PaperError
from engine.language import say

#: Most columns of a table, and most columns or rows a cell may take.
MAX_COLUMNS = 24
MAX_ROWS = 500
#: Weight of a column by its class; others weigh as much as their longest text and the room beside it, within bounds.
_WEIGHTS = {"wide": 24}
_BESIDE = 2
_MIN_WIDTH, _MAX_WIDTH = 4, 24
_NARROW = re.compile(f"[\\0-{chr(WIDE_FROM)}]")


def read_table(element: Element) -> Table:
    """Return a table. Raises PaperError for rows of different lengths and spans that do not fit."""
    heads: list[Row] = []
    rows: list[Row] = []
    weights: dict[int, int] = {}
    for group in element.elements():
        for row in _rows(group):
            found = _row(row, weights)
            (heads if group.tag == "thead" else rows).append(found)
    whole = (*heads, *rows)
    width = _width(whole, element.line)
    return Table(whole, len(heads), tuple(_weights(whole, width, weights)))


def _rows(group: Element) -> Iterator[Element]:
    if group.tag == "tr":
        yield group
        return
    for row in group.elements():
        if row.tag != "tr":
            raise PaperError(
                say("文书第 {line} 行：表格里的 <{tag}> 应当是 <tr>。", line=row.line, tag=row.tag)
            )
        yield row


def _row(element: Element, weights: dict[int, int]) -> Row:
    cells = []
    at = 0
    for cell in element.elements():
        columns, rows = _span(cell, "colspan", MAX_COLUMNS), _span(cell, "rowspan", MAX_ROWS)
        for name, weight in _WEIGHTS.items():
            if name in cell.classes and columns == 1:
                weights[at] = weight
        head = cell.tag == "th"
        cells.append(Cell(read_lines(cell), head, "c" in cell.classes, columns, rows))
        at += columns
    tall = "tall" in element.classes or any("tall" in cell.classes for cell in element.elements())
    return Row(tuple(cells), tall)


def _span(cell: Element, name: str, most: int) -> int:
    text = cell.attributes.get(name, "1")
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= most):
        raise PaperError(
            say(
                "文书第 {line} 行的 {name} 写的是“{text}”，应当是 1 到 {most} 的整数。",
                line=cell.line,
                name=name,
                text=text[:20],
                most=most,
            )
        )
    return int(text)


def _width(rows: Sequence[Row], line: int) -> int:
    """Return how many columns there are: every row must fill all of them, with what hangs down from above."""
    hanging: list[tuple[int, int]] = []
    width = 0
    for number, row in enumerate(rows, 1):
        taken = sum(cell.columns for cell in row.cells) + sum(columns for columns, _ in hanging)
        width = width or taken
        if taken != width or not 1 <= width <= MAX_COLUMNS:
            raise PaperError(
                say(
                    "文书第 {line} 行的表格，第 {number} 行有 {found} 列，应当是 {expected} 列（最多 {most} 列）。",
                    line=line,
                    number=number,
                    found=taken,
                    expected=width,
                    most=MAX_COLUMNS,
                )
            )
        hanging = [(columns, left - 1) for columns, left in hanging if left > 1]
        hanging += [(cell.columns, cell.rows - 1) for cell in row.cells if cell.rows > 1]
    return width


def _weights(rows: Sequence[Row], width: int, given: dict[int, int]) -> Iterator[int]:
    longest = [_MIN_WIDTH] * width
    spanned = any(cell.rows > 1 for row in rows for cell in row.cells)
    for row in rows:
        at = 0
        for cell in row.cells:
            if cell.columns == 1 and not spanned and at < width:
                text = max((_length(line) for line in cell.lines), default=0)
                longest[at] = max(longest[at], min(_MAX_WIDTH, text + _BESIDE))
            at += cell.columns
    for column in range(width):
        yield given.get(column, longest[column])


def _length(line: Line) -> int:
    """Return how many wide letters a line is long, counted in tenths and rounded up; a box to tick counts one.

    A capital is wider than other narrow letters, and PDF puts a quarter of a letter between wide and narrow ones.
    """
    text = line_text(line)
    boxes = sum(isinstance(part, Box) for part in line)
    if not _NARROW.search(text):
        return len(text) + boxes
    tenths = sum(10 if ord(letter) > WIDE_FROM else 7 if letter.isupper() else 5 for letter in text)
    between = sum(
        (ord(one) > WIDE_FROM) is not (ord(other) > WIDE_FROM)
        for one, other in pairwise(text)
        if one.isalnum() and other.isalnum()
    )
    return (tenths + between * 5 // 2 + 9) // 10 + boxes
