"""``ssj calendar import``: a new year, after showing which deadlines it moves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.authentication import as_person
from engine.cli.exits import REFUSED, CommandError
from engine.cli.options import as_json
from engine.cli.session import application_of, confirm, home_of, print_json
from engine.language import say

if TYPE_CHECKING:
    from engine.app.commands.recompute import MovedDeadline

#: So many moved deadlines are listed one by one; the others are counted.
MOST_LISTED = 50


@click.command("import", short_help="导入一年的放假安排")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_person("以谁的身份导入（默认记为系统）", required=False)
@click.option("--yes", is_flag=True, help="不再询问")
@click.option("--dry-run", is_flag=True, help="只看哪些时限会变，不保存")
@as_json
@click.pass_context
def import_year(
    ctx: click.Context, file: Path, person: str | None, yes: bool, dry_run: bool, json_output: bool
) -> None:
    """导入一年的放假安排（YAML、JSON 或 CSV），先列出哪些时限会变，再重算。

    例：ssj calendar import 2027.yaml --as leading
    """
    from engine.app.commands.adopt_calendar import adopt, plan_change
    from engine.app.people.directory import find_actor
    from engine.calendars.import_file import read_calendar_year
    from engine.lifecycle.command import SYSTEM

    home = home_of(ctx)
    data, problems = read_calendar_year(str(file), file.read_bytes())
    if data is None:
        told = [*(str(problem) for problem in problems), str(say("没有导入。"))]
        raise CommandError("\n".join(told), REFUSED)
    application = application_of(ctx)
    if person is not None:
        with application.store.read() as transaction:
            if find_actor(transaction, person) is None:
                raise CommandError(
                    say("名录中没有“{person}”这个人；用 ssj register list people 查看", person=person)
                )
    found = plan_change(application, data)
    for sentence in (*found.changes, *found.summary()):
        click.echo(str(sentence), err=True)
    if json_output:
        print_json(
            {
                "year": data.year,
                "source": data.source,
                "dry_run": dry_run,
                "moves": [_row(move) for move in found.moves],
            }
        )
    else:
        _list(found.moves)
    if dry_run:
        click.echo(str(say("仅试算，未保存。")), err=True)
        return
    confirm(say("按此导入并重算时限？"), yes)
    written, moves = adopt(application, home.calendars, found, person or SYSTEM)
    click.echo(
        str(
            say(
                "已导入 {year} 年，写入 {file}，重算时限 {count} 项。正在运行的 ssj serve 夜间重读；要立即采用请重启它。",
                year=data.year,
                file=written,
                count=len(moves),
            )
        ),
        err=True,
    )


def _list(moves: tuple[MovedDeadline, ...]) -> None:
    # What becomes overdue is never left out.
    first = sorted(moves, key=lambda move: (not move.becomes_overdue, move.before, move.case))
    shown = max(MOST_LISTED, sum(move.becomes_overdue for move in moves))
    for move in first[:shown]:
        late = say("【逾期】") if move.becomes_overdue else ""
        click.echo(f"{move.case}\t{move.clock}\t{move.before}\t{move.after}{late}\t{move.title}")
    if len(first) > shown:
        click.echo(str(say("另有 {count} 项；用 --json 查看全部", count=len(first) - shown)), err=True)


def _row(move: MovedDeadline) -> dict[str, object]:
    return {
        "case": move.case,
        "title": move.title,
        "clock": move.clock,
        "before": move.before,
        "after": move.after,
        "was_provisional": move.was_provisional,
        "provisional": move.is_provisional,
        "becomes_overdue": move.becomes_overdue,
    }
