"""One output for every listing: lines as they are, a table, JSON, or CSV."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

import click

from engine.kernel.plain_text import visible, width
from engine.language import Message, say, translate
from engine.value import value

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

FORMATS = ("lines", "table", "json", "csv")


@value
class Column(Generic[T]):
    """One column of a listing: its heading, and what it shows of a row."""

    heading: Message
    value: Callable[[T], object]


def alone_mark(text: object, alone: bool) -> object:
    """Return a cell of a line, marked where one person did what two have to agree to (单人办理)."""
    return f"{_spelled(text)}{say('【单人办理】')}" if alone else text


def listing(command: F) -> F:
    """Add ``--format`` and ``--json`` to a listing, which gets `output`, one of `FORMATS`."""
    command = click.option("--json", "output", flag_value="json", help="输出 JSON", default=None)(command)
    return click.option(
        "--format", "output", type=click.Choice(FORMATS), default=None, help="输出格式（默认 lines）"
    )(command)


def print_listing(
    rows: Sequence[T],
    columns: Sequence[Column[T]],
    output: str | None,
    *,
    as_json: Callable[[T], object],
    empty: Message,
    line: Callable[[T], str] | None = None,
) -> None:
    """Print rows in the format asked for; with none of them, say so on stderr (except as JSON).

    `line` gives the line of a row where it is not its columns with tabs between them.
    """
    if output == "json":
        print_json([as_json(row) for row in rows])
        return
    if output == "csv":
        click.echo(_as_csv(rows, columns), nl=False)
    elif output == "table":
        click.echo(_as_table(rows, columns), nl=False)
    elif rows:
        click.echo("\n".join(line(row) if line else _line(row, columns) for row in rows))
    if not rows:
        click.echo(str(empty), err=True)


def print_json(value: Any) -> None:
    """Write a value as JSON to stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def tabbed(*cells: object) -> str:
    """Return cells as one line with tabs between them; a line break or tab inside a cell is shown as an escape."""
    return "\t".join(visible(str(_spelled(cell))) for cell in cells)


def _line(row: T, columns: Sequence[Column[T]]) -> str:
    return tabbed(*(column.value(row) for column in columns))


def _spelled(cell: object) -> object:
    """Return a text of a definition in the language of whoever reads it, and any other cell as it is."""
    return translate(cell) if isinstance(cell, str) else cell


def _as_csv(rows: Iterable[T], columns: Sequence[Column[T]]) -> str:
    import csv

    from engine.kernel.formula_guard import guarded

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([str(column.heading) for column in columns])
    for row in rows:
        writer.writerow([guarded(_spelled(column.value(row))) for column in columns])
    return out.getvalue()


def _as_table(rows: Iterable[T], columns: Sequence[Column[T]]) -> str:
    cells = [[str(column.heading) for column in columns]]
    cells += [
        [visible(" ".join(str(_spelled(column.value(row))).split())) for column in columns] for row in rows
    ]
    widths = [max(width(row[at]) for row in cells) for at in range(len(columns))]
    lines = [
        "  ".join(cell + " " * (most - width(cell)) for cell, most in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    lines.insert(1, "  ".join("─" * most for most in widths))
    return "\n".join(lines) + "\n"
