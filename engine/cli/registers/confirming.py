"""Options by which an import, or a new entry, confirms unusual values and answers about what is hidden; what the preview says of both."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from engine.cli.exits import REFUSED, CommandError
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.commands.registers import Confirmation
    from engine.register.import_result import ImportResult
    from engine.register.problem import RowProblem

F = TypeVar("F", bound=Callable[..., Any])

#: So many values that may be confirmed are listed as they would be written.
MAX_SHOWN = 20


def confirming(command: F) -> F:
    """Add ``--confirm``, ``--reason``, ``--confirmations`` and ``--hidden`` to an import."""
    command = click.option(
        "--hidden",
        type=click.Choice(["include", "leave-out"]),
        default=None,
        help="隐藏或筛掉的行、列：include 一并导入，leave-out 不导入",
    )(command)
    command = click.option(
        "--confirmations",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        default=None,
        help="确认清单（CSV：编号,列,值,理由）",
    )(command)
    return _values(command, say("确认这一处不寻常的内容无误，照原样导入（可写多次）"))


def confirming_entry(command: F) -> F:
    """Add ``--confirm`` and ``--reason`` to a command that enters one row."""
    return _values(command, say("确认这一处不寻常的内容无误，照原样登记（可写多次）"))


def _values(command: F, purpose: Message) -> F:
    command = click.option("--reason", default=None, help="--confirm 的理由，写入名录历史")(command)
    return click.option(
        "--confirm", "confirm_values", multiple=True, metavar="ID/COLUMN=VALUE", help=purpose.text
    )(command)


def confirmations_from(
    values: tuple[str, ...], reason: str | None, file: Path | None
) -> tuple[Confirmation, ...]:
    """Return what the options confirm; ends the command where they cannot be understood."""
    from engine.app.commands.registers import Confirmation

    if values and not (reason and reason.strip()):
        raise click.UsageError(str(say("--confirm 须与 --reason 同用，写明理由")))
    if reason is not None and not values:
        raise click.UsageError(str(say("--reason 须与 --confirm 同用")))
    found = []
    for value in values:
        entry_id, slash, rest = value.partition("/")
        column, equals, seen = rest.partition("=")
        if not (slash and equals and entry_id and column and seen):
            raise click.UsageError(str(say("--confirm 应写作“编号/列=值”，实为“{value}”", value=value)))
        found.append(Confirmation(entry_id, column, seen, reason or ""))
    if file is not None:
        found += _in_file(file)
    return tuple(found)


def _in_file(file: Path) -> list[Confirmation]:
    from engine.app.commands.registers import Confirmation
    from engine.files.reading import read_file
    from engine.kernel.budget import TEXT
    from engine.register.confirmation_file import read_confirmations

    try:
        data = read_file(file, TEXT)
    except OSError as error:
        raise CommandError(
            say("打不开“{file}”：{why}", file=file, why=error.strerror or ""), REFUSED
        ) from error
    lines, problems = read_confirmations(data)
    if problems:
        raise CommandError(
            "\n".join(str(say("{file}：{message}", file=file, message=str(one))) for one in problems), REFUSED
        )
    return [Confirmation(one.id, one.column, one.value, one.reason) for one in lines]


def how_to_confirm(reading: ImportResult) -> list[Message]:
    """Return how the unusual values of a file are confirmed, one line each."""
    values = [confirm_value(one) for one in reading.problems if one.unusual is not None]
    if not values:
        return []
    lines = [
        say(
            "以下内容不寻常，但可能无误：请逐一核对原件。确实无误的，各加一个 --confirm，并以 --reason 写明理由（记入名录历史，内容不变则不再询问）："
        )
    ]
    lines += [say("  --confirm '{value}'", value=value) for value in values[:MAX_SHOWN]]
    if len(values) > MAX_SHOWN:
        lines.append(say("  另有 {count} 处", count=len(values) - MAX_SHOWN))
    return lines


def confirm_value(problem: RowProblem) -> str:
    """Return what ``--confirm`` is given for an unusual value: the column by its title, as the file has it."""
    unusual = problem.unusual
    return f"{unusual.id}/{problem.column}={unusual.seen}" if unusual is not None else ""
