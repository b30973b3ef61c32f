"""A workbook of a register as entries of the register: columns whose value is ``entry.COLUMN`` go back into that column."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from engine.exchange.formats import SEPARATOR, ExchangeFormat, FormatColumn
from engine.exchange.rows import FormatRow
from engine.lifecycle.expressions.expression import Name
from engine.register.check import check_rows
from engine.register.columns import Profile
from engine.register.import_result import ImportResult
from engine.register.profile import built_in
from engine.register.sheet.grid import Grid, RowsAgain
from engine.register.sheet.header import Header


def register_columns(used: ExchangeFormat) -> dict[str, str]:
    """Return column of the format -> column of the register, for those that go back."""
    known = built_in(used.rows.of).columns
    return {c.id: name for c in used.columns.values() if (name := _register_column(c)) in known}


def read_entries(
    used: ExchangeFormat,
    rows: Sequence[FormatRow],
    codes: Mapping[str, Mapping[str, str]] | None,
    columns: Collection[str] | None = None,
) -> tuple[ImportResult, Profile]:
    """Return the rows as entries of the register, checked as any file of it, and the profile they were read by.

    `columns` are those the file has (None: all): what it does not have stays as it is.
    """
    profile = replace(built_in(used.rows.of), sha256=used.sha256)
    into = {
        column: name
        for column, name in register_columns(used).items()
        if columns is None or column in columns
    }
    titles = tuple(used.columns[column].title for column in into)

    def table() -> Iterator[tuple[int, Sequence[str]]]:
        for row in rows:
            yield row.number, [_ours(used.columns[column], row.cells.get(column, "")) for column in into]

    grid = Grid(Header(1, titles, tuple(into.values())), RowsAgain(table))
    checked = check_rows(grid, profile, codes=codes)
    problems = tuple(
        replace(one, column=_title_in_file(used, into, profile, one.column)) for one in checked.problems
    )
    return (
        ImportResult(
            kind=used.rows.of,
            entries=checked.entries,
            problems=problems,
            rows=checked.rows,
            mapping=tuple(
                (used.columns[column].title, name, profile.columns[name].title)
                for column, name in into.items()
            ),
            header=titles,
            bad_rows=checked.bad,
            unusual=checked.unusual,
        ),
        profile,
    )


def _register_column(column: FormatColumn) -> str:
    node = column.value.node if column.value is not None else None
    path = node.path if isinstance(node, Name) else ()
    return path[1] if len(path) == 2 and path[0] == "entry" else ""


def _ours(column: FormatColumn, text: str) -> str:
    """Return a cell with the platform's codes in ours."""
    if not column.codes:
        return text
    back = {theirs: ours for ours, theirs in column.codes.items()}
    return SEPARATOR.join(back.get(part, part) for part in text.split(column.separator)) if text else ""


def _title_in_file(used: ExchangeFormat, into: Mapping[str, str], profile: Profile, title: str) -> str:
    """Return the title a column has in the file, for one that is called by the register's."""
    for column, name in into.items():
        if title == profile.columns[name].title:
            return used.columns[column].title
    return title
