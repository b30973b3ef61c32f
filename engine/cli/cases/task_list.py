"""``ssj task list``, ``calendar`` and ``week``: what is to be done, by whom and by when."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.authentication import as_person
from engine.cli.exits import CommandError
from engine.cli.options import as_json
from engine.cli.session import application_of, print_json, store_of
from engine.language import say

if TYPE_CHECKING:
    from datetime import datetime

    from engine.app.ports.store import Transaction
    from engine.app.queries.listing import WorkItem
    from engine.app.queries.worklist import Line, Week

#: Tasks read where a cut of them is asked for: the cut comes before the limit.
_MOST = 100_000


@click.command("list")
@as_person("某人的待办", required=False)
@click.option("--section", default=None, help="某股室的待办")
@click.option("--overdue", is_flag=True, help="只列逾期的")
@click.option("--due-this-week", "week", is_flag=True, help="只列本周（周一至周日）到期的")
@click.option("--mine", is_flag=True, help="只列指名给本人或本人已领取的（须用 --as）")
@click.option("--waiting", is_flag=True, help="本人经手、现在等他人办理的（须用 --as）")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 100_000))
@as_json
@click.pass_context
def list_tasks(
    ctx: click.Context,
    person: str | None,
    section: str | None,
    overdue: bool,
    week: bool,
    mine: bool,
    waiting: bool,
    limit: int,
    json_output: bool,
) -> None:
    """列出待办，最早到期的在前；各条件可以同用。

    例：ssj task list --as insp-01 --mine --due-this-week
    """
    from engine.deployment.clocks import SystemClock

    if (mine or waiting) and person is None:
        raise click.UsageError(str(say("--mine 与 --waiting 要用 --as 写明是谁")))
    if mine and waiting:
        raise click.UsageError(str(say("--mine 与 --waiting 只能选一个")))
    now = SystemClock().now()
    with store_of(ctx).read() as transaction:
        cut = mine or week or waiting or (person is not None and (overdue or section is not None))
        found = _asked(transaction, person, section, overdue, waiting, _MOST if cut else limit, now)
    if week or mine:
        found = _cut(found, person, week, mine, now)
    found = found[:limit]
    if json_output:
        print_json([duty.as_json() for duty in found])
        return
    lines = [_line(duty, waiting) for duty in found]
    if lines:
        click.echo("\n".join(lines))
    else:
        click.echo(str(say("没有待办。")), err=True)


def _asked(
    transaction: Transaction,
    person: str | None,
    section: str | None,
    overdue: bool,
    waiting: bool,
    limit: int,
    now: datetime,
) -> list[WorkItem]:
    from engine.app.queries.listing import work_items, work_items_of

    if person is None:
        return work_items(transaction, now, section=section, overdue=overdue, limit=limit)
    if waiting:
        from engine.app.queries.worklist import waiting_for_others

        found = waiting_for_others(transaction, person, now, limit)
    else:
        found = work_items_of(transaction, person, now, limit)
    if found is None:
        raise _nobody(person)
    return [d for d in found if (not overdue or d.late) and section in (None, d.task.section)]


def _cut(found: list[WorkItem], person: str | None, week: bool, mine: bool, now: datetime) -> list[WorkItem]:
    from zoneinfo import ZoneInfo

    from engine.app.queries import worklist as my_work
    from engine.deployment.open import ZONE

    if mine and person is not None:
        found = my_work.mine(found, person)
    return my_work.due_within(found, *my_work.week_of(now, ZoneInfo(ZONE))) if week else found


def _line(duty: WorkItem, with_holders: bool) -> str:
    task = duty.task
    due = task.due_on.isoformat() if task.due_on else "-"
    mark = str(say("（暂定）")) if task.provisional else ""
    late = str(say("【逾期】")) if duty.late else ""
    line = f"{task.case}\t{task.title}\t{due}{mark}{late}\t{task.case_title}"
    return f"{line}\t{task.assignee or ','.join(duty.holders)}" if with_holders else line


def _nobody(person: str) -> CommandError:
    return CommandError(say("名录中没有“{person}”这个人；用 ssj register list people 查看", person=person))


@click.command("calendar")
@as_person("谁的时限")
@click.option("--output", "file", default=None, metavar="FILE", help="写入文件；不写则输出到标准输出")
@click.pass_context
def calendar(ctx: click.Context, person: str, file: str | None) -> None:
    """把某人的时限输出为日历文件（iCalendar），供日历程序读取或订阅。

    例：ssj task calendar --as insp-01 --output insp-01.ics
    """
    from engine.app.queries.icalendar import calendar_feed
    from engine.app.queries.listing import work_items_of
    from engine.deployment.clocks import SystemClock

    with store_of(ctx).read() as transaction:
        found = work_items_of(transaction, person, SystemClock().now(), _MOST)
    if found is None:
        raise _nobody(person)
    feed = calendar_feed(found, say("双随机时限（{person}）", person=person))
    if file is None:
        sys.stdout.buffer.write(feed)
    else:
        Path(file).write_bytes(feed)
        click.echo(str(say("已写入 {file}", file=file)), err=True)


@click.command("week")
@click.option("--section", required=True, help="哪个股室")
@click.option("--html", "file", default=None, metavar="FILE", help="写成可打印的网页")
@as_json
@click.pass_context
def week(ctx: click.Context, section: str, file: str | None, json_output: bool) -> None:
    """本周到期事项单：一个股室逾期的和本周到期的，按日排列，注明办理人。

    例：ssj task week --section labour_inspection --html week.html
    """
    from engine.app.definitions.current import bureau_of
    from engine.app.queries.worklist import week_sheet

    application = application_of(ctx)
    with application.store.read() as transaction:
        bureau = bureau_of(application.definitions, transaction)
        if bureau is not None and section not in bureau.sections:
            raise CommandError(
                say("没有股室“{section}”；可用：{known}", section=section, known=list(bureau.sections))
            )
        sheet = week_sheet(transaction, section, application.clock.now(), application.definitions.time.zone)
    if json_output:
        print_json(_plain(sheet))
        return
    if file is not None:
        from engine.documents.week_sheet import week_page

        Path(file).write_bytes(week_page(sheet, bureau.sections[section] if bureau else section))
        click.echo(str(say("已写入 {file}", file=file)), err=True)
        return
    for line in sheet.late:
        click.echo(_sheet_line(line, str(say("【逾期】"))))
    for _, lines in sheet.days:
        for line in lines:
            click.echo(_sheet_line(line, ""))
    if not sheet.count:
        click.echo(str(say("本周没有到期或逾期的事项。")), err=True)


def _sheet_line(line: Line, mark: str) -> str:
    task = line.duty.task
    return f"{task.due_on}{mark}\t{task.case}\t{task.title}\t{task.case_title}\t{','.join(line.who)}"


def _plain(sheet: Week) -> dict[str, object]:
    def rows(lines: tuple[Line, ...]) -> list[dict[str, object]]:
        return [{**line.duty.as_json(), "who": list(line.who)} for line in lines]

    return {
        "section": sheet.section,
        "monday": sheet.monday.isoformat(),
        "sunday": sheet.sunday.isoformat(),
        "late": rows(sheet.late),
        "days": [{"day": day.isoformat(), "tasks": rows(lines)} for day, lines in sheet.days],
    }
