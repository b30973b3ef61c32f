"""``ssj calendar import``: a new year, after showing which deadlines it moves."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import as_person
from engine.cli.exits import REFUSED, CommandError
from engine.cli.options import as_json, request_id_option
from engine.cli.output import print_json, tabbed
from engine.cli.session import answered, application_of, ask_first, caller, confirm, home_of
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.commands.calendar import AdoptedYear, DayConfirmation
    from engine.app.queries.calendar import MovedDeadline
    from engine.worktime.calendar import YearData

#: So many moved deadlines are listed one by one; the others are counted.
MAX_LISTED = 50


@click.command("import", short_help="导入一年的放假安排")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_person("以谁的身份导入")
@click.option(
    "--confirm", "confirm_days", multiple=True, metavar="DATE", help="确认这个不寻常的日子无误（可写多次）"
)
@click.option("--reason", default=None, help="--confirm 的理由，写入历史和年度文件")
@click.option("--yes", is_flag=True, help="不再询问")
@click.option("--dry-run", is_flag=True, help="只看哪些时限会变，不保存")
@request_id_option
@as_json
@click.pass_context
def import_year(
    ctx: click.Context,
    file: Path,
    person: str,
    confirm_days: tuple[str, ...],
    reason: str | None,
    yes: bool,
    dry_run: bool,
    request_id: str | None,
    json_output: bool,
) -> None:
    """导入一年的放假安排（YAML、JSON 或 CSV），先列出哪些时限会变，再重算。

    例：ssj calendar import 2027.yaml --as leading
    """
    from engine.app.commands.calendar import adopt_year
    from engine.app.queries.calendar import preview_year
    from engine.calendars.import_file import read_calendar_year
    from engine.calendars.unusual import day_sentence
    from engine.deployment.open import timekeeping
    from engine.files.reading import read_file
    from engine.kernel.budget import CALENDAR
    from engine.kernel.refusal import Refusal

    home, confirmed = home_of(ctx), _confirmations(confirm_days, reason)
    application = application_of(ctx)
    ask_first(application, caller(person, dry_run=dry_run), "calendar.change", file.name)
    data, problems = read_calendar_year(str(file), read_file(file, CALENDAR))
    if data is None:
        lines = [*(str(problem) for problem in problems), str(say("没有导入。"))]
        raise CommandError("\n".join(lines), REFUSED)

    def adopt() -> AdoptedYear | Refusal:
        by = caller(person, request_id=request_id)
        seen = None if isinstance(found, Refusal) else found.instead_of
        return adopt_year(application, by, home.calendars, data, lambda: timekeeping(home), confirmed, seen)

    found = preview_year(application, person, data, confirmed, lambda: timekeeping(home))
    if isinstance(found, Refusal) and not dry_run:
        # The command is asked too, so that the attempt is in the audit.
        answered(adopt())
    found = answered(found)
    for one in found.data.confirmed:
        click.echo(str(say("不寻常的日子：{day}", day=day_sentence(one))), err=True)
    if found.data.unusual:
        click.echo("\n".join(map(str, _how_to_confirm(found.data))), err=True)
        if not dry_run:
            answered(adopt())
    for sentence in (*found.changes, *found.summary()):
        click.echo(str(sentence), err=True)
    if json_output:
        print_json(
            {
                "year": data.year,
                "source": data.source,
                "dry_run": dry_run,
                **_unusual(found.data),
                "moves": [move.as_json() for move in found.moves],
            }
        )
    else:
        _list(found.moves)
    if dry_run:
        click.echo(str(say("仅试算，未保存。")), err=True)
        return
    confirm(say("按此导入并重算时限？"), yes)
    done = answered(adopt())
    click.echo(
        str(
            say(
                "已导入 {year} 年，写入 {file}，重算时限 {count} 项。正在运行的 ssj serve 夜间重读；要立即采用请重启它。",
                year=data.year,
                file=done.file,
                count=len(done.moves),
            )
        ),
        err=True,
    )


def _confirmations(days: tuple[str, ...], reason: str | None) -> tuple[DayConfirmation, ...]:
    from engine.calendars.unusual import DayConfirmation

    if bool(days) != bool(reason and reason.strip()):
        raise click.UsageError(str(say("--confirm 与 --reason 须同用，写明理由")))
    found = []
    for text in days:
        try:
            found.append(DayConfirmation(date.fromisoformat(text), reason or ""))
        except ValueError:
            raise click.UsageError(str(say("“{text}”不是日期，应写作 2027-02-03", text=text))) from None
    return tuple(found)


def _how_to_confirm(data: YearData) -> list[Message]:
    from engine.calendars.unusual import day_sentence

    head = say(
        "以下日子不寻常，但可能无误：请对照通知原文核对。确实无误的，各加一个 --confirm，并以 --reason 写明理由："
    )
    return [head, *(say("  --confirm {day}", day=day_sentence(one)) for one in data.unusual)]


def _unusual(data: YearData) -> dict[str, Any]:
    return {
        name: [
            {"day": one.day.isoformat(), "rule": one.rule, "by": one.by, "reason": one.reason} for one in days
        ]
        for name, days in (("confirmed", data.confirmed), ("unusual", data.unusual))
        if days
    }


def _list(moves: tuple[MovedDeadline, ...]) -> None:
    # What becomes overdue is never left out.
    first = sorted(moves, key=lambda move: (not move.becomes_overdue, move.before, move.case))
    shown = max(MAX_LISTED, sum(move.becomes_overdue for move in moves))
    for move in first[:shown]:
        late = say("【逾期】") if move.becomes_overdue else ""
        click.echo(tabbed(move.case, move.clock, move.before, f"{move.after}{late}", move.title))
    if len(first) > shown:
        click.echo(str(say("另有 {count} 项；用 --json 查看全部", count=len(first) - shown)), err=True)
