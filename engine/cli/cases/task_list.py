"""``ssj task list``, ``calendar`` and ``week``: what is to be done, by whom and by when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import as_person, viewer_of, viewing
from engine.cli.new_file import require_new, write_new
from engine.cli.options import as_json
from engine.cli.output import Column, alone_mark, listing, print_json, print_listing, tabbed
from engine.cli.session import answered, source_of, zone_of
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries.tasks import SheetLine, Week, WorkItem


@click.command("list")
@as_person("某人的待办", required=False)
@click.option("--section", default=None, help="某股室的待办")
@click.option("--overdue", is_flag=True, help="只列逾期的")
@click.option("--due-this-week", "week", is_flag=True, help="只列本周（周一至周日）到期的")
@click.option("--mine", is_flag=True, help="只列指名给本人或本人已领取的（须用 --as）")
@click.option("--waiting", is_flag=True, help="本人经手、现在等他人办理的（须用 --as）")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 100_000))
@listing
@click.pass_context
def list_tasks(
    ctx: click.Context,
    /,
    person: str | None,
    mine: bool,
    waiting: bool,
    week: bool,
    output: str | None,
    **wanted: Any,
) -> None:
    """列出待办，最早到期的在前；各条件可以同用。

    例：ssj task list --as insp-01 --mine --due-this-week
    """
    from engine.app.queries import tasks

    if (mine or waiting) and person is None:
        raise click.UsageError(str(say("--mine 与 --waiting 要用 --as 写明是谁")))
    if mine and waiting:
        raise click.UsageError(str(say("--mine 与 --waiting 只能选一个")))
    found = answered(
        tasks.list_tasks(
            source_of(ctx),
            viewer_of(ctx, person),
            person=person,
            mine=mine,
            waiting=waiting,
            this_week=zone_of() if week else None,
            **wanted,
        )
    )
    columns: list[Column[WorkItem]] = [
        Column(say("案件"), lambda item: item.task.case),
        Column(say("事项"), lambda item: item.task.title),
        Column(say("到期"), _due),
        Column(say("名称"), lambda item: alone_mark(item.task.case_title, item.alone)),
    ]
    if waiting:
        columns.append(Column(say("办理人"), lambda item: item.task.assignee or ",".join(item.holders)))
    print_listing(found, columns, output, as_json=lambda item: item.as_json(), empty=say("没有待办。"))


def _due(item: WorkItem) -> str:
    task = item.task
    due = task.due_on.isoformat() if task.due_on else "-"
    mark = str(say("（暂定）")) if task.provisional else ""
    return f"{due}{mark}{say('【逾期】') if item.late else ''}"


@click.command("calendar")
@as_person("谁的时限")
@click.option("--output", "file", default=None, metavar="FILE", help="写入文件；不写则输出到标准输出")
@click.pass_context
def calendar(ctx: click.Context, person: str, file: str | None) -> None:
    """把某人的时限输出为日历文件（iCalendar），供日历程序读取或订阅。

    例：ssj task calendar --as insp-01 --output insp-01.ics
    """
    from engine.app.queries.tasks import calendar_feed

    require_new(Path(file) if file else None)
    name = say("双随机时限（{person}）", person=person)
    feed = answered(calendar_feed(source_of(ctx), person, person, name))
    if file is None:
        click.echo(feed, nl=False)
    else:
        write_new(Path(file), feed)
        click.echo(str(say("已写入 {file}", file=file)), err=True)


@click.command("week")
@click.option("--section", required=True, help="哪个股室")
@click.option("--html", "file", default=None, metavar="FILE", help="写成可打印的网页")
@viewing
@as_json
@click.pass_context
def week(ctx: click.Context, section: str, file: str | None, viewer: str, json_output: bool) -> None:
    """本周到期事项单：一个股室逾期的和本周到期的，按日排列，注明办理人。

    例：ssj task week --section labour_inspection --html week.html
    """
    from engine.app.queries.tasks import week_sheet

    require_new(Path(file) if file else None)
    sheet = answered(week_sheet(source_of(ctx), viewer, section))
    if json_output:
        print_json(_plain(sheet))
        return
    if file is not None:
        from engine.documents.week_sheet import week_page

        write_new(Path(file), week_page(sheet, sheet.title))
        click.echo(str(say("已写入 {file}", file=file)), err=True)
        return
    for line in sheet.late:
        click.echo(_sheet_line(line, str(say("【逾期】"))))
    for _, lines in sheet.days:
        for line in lines:
            click.echo(_sheet_line(line, ""))
    if not sheet.count:
        click.echo(str(say("本周没有到期或逾期的事项。")), err=True)


def _sheet_line(line: SheetLine, mark: str) -> str:
    task = line.item.task
    title = alone_mark(task.case_title, line.item.alone)
    return tabbed(f"{task.due_on}{mark}", task.case, task.title, title, ",".join(line.who))


def _plain(sheet: Week) -> dict[str, object]:
    def rows(lines: tuple[SheetLine, ...]) -> list[dict[str, object]]:
        return [{**line.item.as_json(), "who": list(line.who)} for line in lines]

    return {
        "section": sheet.section,
        "monday": sheet.monday.isoformat(),
        "sunday": sheet.sunday.isoformat(),
        "late": rows(sheet.late),
        "days": [{"day": day.isoformat(), "tasks": rows(lines)} for day, lines in sheet.days],
    }
