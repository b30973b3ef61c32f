"""A platform's file as rows by column: workbook, old workbook, web page or text, read within the bounds of registers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.exchange.formats import ExchangeFormat, folded_title
from engine.exchange.rows import WorkbookRows, rows_of_texts
from engine.kernel.formula_guard import unguarded
from engine.language import Message
from engine.register.columns import CellType, Profile, RegisterColumn, fold
from engine.register.import_result import HiddenAnswer, hidden_parts
from engine.register.problem import FileProblem
from engine.register.profile import words
from engine.register.sheet.grid import Grid, TableError
from engine.register.sheet.open_table import table_in


class ExchangeFileError(Exception):
    """A file cannot be read as a workbook of a format; carries every reason."""

    def __init__(self, *problems: FileProblem) -> None:
        super().__init__(*map(str, problems))
        self.problems = problems

    @property
    def messages(self) -> tuple[Message, ...]:
        """Return the reasons without their places."""
        return tuple(problem.message for problem in self.problems)


def read_rows(
    used: ExchangeFormat,
    data: bytes,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    hidden: HiddenAnswer | None = None,
) -> WorkbookRows:
    """Return the rows of a file. Raises `ExchangeFileError` where it is no workbook of this format.

    Hidden rows and columns are read unless `hidden` says to leave them out; whether somebody must be asked is for whoever
    takes them in to say.
    """
    leave_out = hidden is HiddenAnswer.LEAVE_OUT
    try:
        grid = table_in(data, _profile(used), encoding=encoding, sheet=sheet)
        places = [
            (place, column)
            for place, column in enumerate(grid.header.columns)
            if column is not None and not (leave_out and place in grid.hidden_columns)
        ]
        found = rows_of_texts(used, _by_column(grid, places, leave_out=leave_out))
    except TableError as error:
        raise ExchangeFileError(*error.problems) from error
    known = {folded_title(column.title) for column in used.columns.values()}
    found.ignored = tuple(
        title
        for title, column in zip(grid.header.titles, grid.header.columns, strict=True)
        if column is None and title and folded_title(title) not in known
    )
    found.notes = grid.notes
    found.hidden = hidden_parts(grid)
    found.columns = frozenset(column for _, column in places)
    return found


def _by_column(
    grid: Grid, places: Sequence[tuple[int, str]], *, leave_out: bool
) -> Iterator[tuple[int, Mapping[str, str]]]:
    for number, cells in grid.rows:
        if leave_out and number in grid.hidden_rows:
            continue
        row = {column: _cell(cells, place) for place, column in places}
        if any(text.strip() for text in row.values()):
            yield number, row


def _cell(cells: Sequence[str], place: int) -> str:
    return unguarded(cells[place]) if place < len(cells) else ""


def _profile(used: ExchangeFormat) -> Profile:
    """Return the columns of a format as the reader of tables asks for them: every cell a text, the key required."""
    columns = {
        column.id: RegisterColumn(
            id=column.id,
            title=column.title,
            type=CellType.TEXT,
            also=column.also,
            required=column.id in used.key or (column.required and not column.receipt),
        )
        for column in used.columns.values()
    }
    headers = {fold(one): column.id for column in columns.values() for one in (column.id, *column.also)}
    headers |= {fold(column.title): column.id for column in columns.values()}
    return Profile(kind=used.id, title=used.title, columns=columns, lists={}, words=words(), headers=headers)
