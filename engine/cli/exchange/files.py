"""What the commands on workbooks share: formats of the deployment, files read and written, problems said."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.exits import REFUSED, USAGE, CommandError, said
from engine.cli.session import home_of
from engine.language import say

if TYPE_CHECKING:
    from engine.exchange.folder import Formats
    from engine.exchange.formats import ExchangeFormat
    from engine.exchange.rows import FormatRow, WorkbookRows
    from engine.register.import_result import HiddenAnswer

#: So many problems or differences are listed one by one; the others are counted.
MAX_SHOWN = 200
ENDINGS = (".xlsx", ".csv")


def formats_in(ctx: click.Context) -> Formats:
    """Return the formats of the deployment, and say what is wrong with their files."""
    from engine.exchange.folder import formats_of
    from engine.yamltext.problem import as_text

    try:
        found = formats_of(home_of(ctx).path)
    except OSError as error:
        raise CommandError(say("读不出格式：{why}", why=error.strerror or ""), USAGE) from None
    if found.problems:
        click.echo(as_text(found.problems, found.texts), err=True)
    return found


def format_called(ctx: click.Context, name: str) -> ExchangeFormat:
    """Return one format; end the command where there is none of that name."""
    from engine.kernel.did_you_mean import did_you_mean

    known = formats_in(ctx).formats
    if name not in known:
        hint = did_you_mean(name, known)
        message = say("没有格式“{name}”；用 ssj exchange list 查看", name=name)
        raise CommandError(f"{message}{say('（提示：{hint}）', hint=hint)}" if hint else message, REFUSED)
    return known[name]


def read_bytes(file: Path) -> bytes:
    """Return a workbook's file within its budget. Ends the command where it cannot be read."""
    from engine.files.reading import read_file
    from engine.kernel.budget import WORKBOOK, BudgetExceededError

    try:
        return read_file(file, WORKBOOK)
    except BudgetExceededError as problem:
        raise CommandError(problem.message, REFUSED) from None


def read_table(
    used: ExchangeFormat, file: Path, sheet: str | None = None, hidden: HiddenAnswer | None = None
) -> tuple[WorkbookRows, str]:
    """Return the rows of a file and the SHA-256 of its bytes. Ends the command where it is no file of the format."""
    from engine.exchange.table_file import ExchangeFileError, read_rows

    data = read_bytes(file)
    try:
        rows = read_rows(used, data, sheet=sheet, hidden=hidden)
    except ExchangeFileError as error:
        raise CommandError("\n".join(said(problem) for problem in error.problems), REFUSED) from None
    for note in rows.notes:
        click.echo(said(note), err=True)
    if rows.ignored:
        message = say("格式里没有的列，没有读：{titles}", titles=list(rows.ignored))
        click.echo(said(message), err=True)
    return rows, hashlib.sha256(data).hexdigest()


def written(used: ExchangeFormat, rows: Sequence[FormatRow], file: Path) -> bytes:
    """Return the rows as a file of the kind its name says; end the command for another."""
    from engine.exchange import writing

    ending = file.suffix.lower()
    if ending not in ENDINGS:
        raise CommandError(say("文件名须以 {endings} 之一结尾", endings=list(ENDINGS)), USAGE)
    return writing.as_workbook(used, rows) if ending == ".xlsx" else writing.as_csv(used, rows)


def say_all(sentences: Sequence[object], *, err: bool = False) -> None:
    """Print sentences, the first ones one by one and how many there are besides."""
    for sentence in sentences[:MAX_SHOWN]:
        click.echo(said(sentence), err=err)
    if len(sentences) > MAX_SHOWN:
        click.echo(str(say("……另有 {count} 处", count=len(sentences) - MAX_SHOWN)), err=err)
