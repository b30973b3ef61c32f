"""A file of confirmations: CSV with the columns 编号, 列, 值, 理由 (or id, column, value, reason), one value a line."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from engine.kernel.clean_text import clean, folded
from engine.language import say
from engine.register.problem import FileProblem
from engine.register.sheet.grid import TableError
from engine.register.sheet.text_encoding import find_encoding

#: A file with more was not written by hand.
MAX_BYTES = 1_000_000
_COLUMNS = {
    "编号": "id", "id": "id", "列": "column", "column": "column", "值": "value", "value": "value",
    "理由": "reason", "reason": "reason",
}  # fmt: skip
_NAMES = ("id", "column", "value", "reason")


@dataclass(frozen=True, slots=True)
class ConfirmationLine:
    """One line of the file."""

    id: str
    column: str
    value: str
    reason: str


def read_confirmations(data: bytes) -> tuple[tuple[ConfirmationLine, ...], tuple[FileProblem, ...]]:
    """Return the lines of a file of confirmations, or none and everything that is wrong with it. Never raises."""
    if len(data) > MAX_BYTES:
        return (), (FileProblem(say("文件超过 1 MB，不像确认清单")),)
    try:
        encoding = find_encoding(data, lambda head, chinese: _is_header(head, chinese=chinese))
    except TableError as unreadable:
        return (), unreadable.problems
    text = data[encoding.start :].decode(encoding.codec)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(number, [clean(cell) for cell in row]) for number, row in enumerate(reader, 1) if any(row)]
    except csv.Error:
        return (), (FileProblem(say("不是正确的 CSV（引号不成对，或一格过长）"), None, reader.line_num),)
    names = [_COLUMNS.get(folded(cell), "") for cell in rows[0][1]] if rows else []
    if sorted(filter(None, names)) != sorted(_NAMES):
        return (), (FileProblem(say("第一行应有四列：编号,列,值,理由"), None, 1),)
    lines, problems = [], []
    for number, row in rows[1:]:
        cells = dict(zip(names, row, strict=False))
        if all(cells.get(name) for name in _NAMES):
            lines.append(ConfirmationLine(*(cells[name] for name in _NAMES)))
        else:
            problems.append(FileProblem(say("编号、列、值、理由都须填写"), None, number))
    return (() if problems else tuple(lines)), tuple(problems)


def _is_header(head: str, *, chinese: bool) -> bool:
    cells = [folded(cell) for cell in head.split("\n", 1)[0].split(",")]
    return any(cell in _COLUMNS and not (chinese and cell.isascii()) for cell in cells)
