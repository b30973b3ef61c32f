"""Where a block is parted of which the end is kept with what comes next. Pure.

Signatures and a seal never begin a page alone. What is above them is kept with them; a long table or paragraph would go to the
next page as a whole and leave the rest of this one empty, so that only its end is: the last rows, the last sentence.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from engine.documents.paper.blocks import (
    MIN_LETTERS_ABOVE,
    Cell,
    Line,
    Paragraph,
    Role,
    Row,
    Run,
    Table,
    line_text,
)

#: A paragraph of more letters is parted: it may be some six lines long.
LONG = 200
#: Rows that are kept at the most where they have little text.
FEW_ROWS = 3
#: Letters the kept end has at the least, and at the most.
LEAST, MOST = 12, 120
_SENTENCE = re.compile(r"[。；！？.;!?][”’」』）)]*\s*")


@dataclass(frozen=True, slots=True)
class PartedTable:
    """A table in two: rows, and those that are kept with what comes next. `open`: a row goes on from one to the other."""

    above: Table
    below: Table
    open: bool = False


def parted_paragraph(block: Paragraph) -> tuple[Paragraph, Paragraph] | None:
    """Return a long paragraph without its end, and the end; None where it is short, or no place to part it is found."""
    if block.role not in (Role.BODY, Role.FLAT) or len(line_text(block.line)) <= LONG:
        return None
    found = _parted_line(block.line)
    return None if found is None else (replace(block, line=found[0]), Paragraph(found[1], Role.FLAT))


def parted_table(table: Table, breaking: Collection[int]) -> PartedTable | None:
    """Return a table parted above its last rows that no cell joins with those above; None where these are all.

    `breaking` are the numbers of the rows a page may part: of such a last row the end of its longest cell is kept.
    """
    spans = {below for number, _, cell in table.placed() for below in range(number + 1, number + cell.rows)}
    last = at = len(table.rows) - 1
    while at > table.heads and (
        at in spans or _heads(table, at - 1) or (_is_little(table, at) and at - 1 not in breaking)
    ):
        at -= 1
    if set(range(at, last + 1)).isdisjoint(breaking):
        return _at(table, at) if at > table.heads else None
    # Several rows that belong together, one of them higher than a page, can be parted nowhere.
    return _in_row(table) if last in breaking and last not in spans else None


def _is_little(table: Table, at: int) -> bool:
    """Tell whether the rows from `at` on are less than the text above a seal needs, and few."""
    rows = table.rows[at:]
    written = sum(_letters(cell) for row in rows for cell in row.cells)
    return written < MIN_LETTERS_ABOVE and len(rows) < FEW_ROWS


def _heads(table: Table, number: int) -> bool:
    """Tell whether a row is a heading across the table: it is kept with the row below it."""
    cells = table.rows[number].cells
    return len(cells) == 1 and cells[0].head and cells[0].columns == len(table.widths) > 1


def _at(table: Table, at: int) -> PartedTable:
    return PartedTable(replace(table, rows=table.rows[:at]), replace(table, rows=table.rows[at:], heads=0))


def _in_row(table: Table) -> PartedTable | None:
    last = table.rows[-1]
    number = max(range(len(last.cells)), key=lambda one: _letters(last.cells[one]))
    cell = last.cells[number]
    *lines, end = cell.lines
    if lines and LEAST <= len(line_text(end)) <= MOST:
        above, below = tuple(lines), end
    else:
        found = _parted_line(end)
        if found is None:
            return None
        above, below = (*lines, found[0]), found[1]
    empty = [replace(one, lines=()) for one in last.cells]
    first = Row(_with(last.cells, number, replace(cell, lines=above)), last.tall)
    rest = Row(_with(empty, number, replace(cell, lines=(below,))))
    return PartedTable(
        replace(table, rows=(*table.rows[:-1], first)), replace(table, rows=(rest,), heads=0), open=True
    )


def _with(cells: Collection[Cell], number: int, cell: Cell) -> tuple[Cell, ...]:
    return tuple(cell if at == number else one for at, one in enumerate(cells))


def _letters(cell: Cell) -> int:
    return sum(len(line_text(line)) for line in cell.lines)


def _parted_line(line: Line) -> tuple[Line, Line] | None:
    """Return a line without its last sentence, and that; by a blank or a letter where its end is no short sentence."""
    if not line or not isinstance(last := line[-1], Run) or last.mono or len(last.text) <= LEAST:
        return None
    text = last.text
    ends = [found.end() for found in _SENTENCE.finditer(text) if LEAST <= len(text) - found.end() <= MOST]
    if ends:
        at = ends[-1]
    else:
        begin = max(len(text) - MOST, 0)
        blanks = [begin + found.end() for found in re.finditer(r"\s+", text[begin:-LEAST])]
        at = blanks[-1] if blanks else len(text) - min(LEAST * 3, len(text) // 2)
    head, tail = text[:at].rstrip(), text[at:]
    before = (*line[:-1], replace(last, text=head)) if head else line[:-1]
    return (before, (replace(last, text=tail),)) if before and tail else None
