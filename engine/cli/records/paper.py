"""``ssj paper``: what happened to papers, the numbers of their series, and what people enter about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from engine.cli.authentication import viewing
from engine.cli.options import acting, as_json
from engine.cli.output import Column, listing, print_json, print_listing, tabbed
from engine.cli.session import answered, application_of, caller, local_second, source_of
from engine.kernel.plain_text import visible
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries.papers.papers import PaperRecord, SeriesView


@click.group("paper")
def group() -> None:
    """文书的办理：拟稿、批准、编号、签署、送达、归档、作废，各有日期和人；文号按序列给出。

    例：ssj paper list inspection-17
    """


@group.command("list")
@click.argument("case")
@viewing
@listing
@click.pass_context
def list_papers(ctx: click.Context, case: str, viewer: str, output: str | None) -> None:
    """列出一件案件的文书：文号、办到哪一步、哪一天。"""
    from engine.app.queries.papers import papers

    found = answered(papers.list_papers(source_of(ctx), viewer, case))
    columns: list[Column[PaperRecord]] = [
        Column(say("编号"), lambda one: one.id),
        Column(say("文号"), lambda one: one.number or "-"),
        Column(say("状态"), lambda one: one.state.value),
        Column(say("日期"), lambda one: one.facts[-1].on.isoformat()),
        Column(say("文件"), lambda one: one.document),
    ]
    print_listing(
        found,
        columns,
        output,
        as_json=lambda one: one.as_json(),
        empty=say("“{case}”还没有文书。", case=case),
    )


@group.command("show")
@click.argument("paper")
@viewing
@as_json
@click.pass_context
def show(ctx: click.Context, paper: str, viewer: str, json_output: bool) -> None:
    """显示一份文书（编号或文号）：每一步是哪一天、谁、备注。"""
    from engine.app.queries.papers.papers import show_paper

    found = answered(show_paper(source_of(ctx), viewer, paper))
    if json_output:
        print_json(found.as_json())
        return
    click.echo(tabbed(found.id, found.number or "-", found.document, found.replaces or "-"))
    for fact in found.facts:
        click.echo(
            tabbed(
                fact.state.value,
                fact.on.isoformat(),
                visible(fact.by),
                local_second(fact.at),
                visible(fact.note or "-"),
            )
        )


@group.command("series")
@click.option("--year", default=None, type=click.IntRange(1, 9999), help="年份（默认全部）")
@click.option("--series", default=None, metavar="ID", help="只列一个序列（bureau.yaml 里的代码）")
@viewing
@listing
@click.pass_context
def series(ctx: click.Context, year: int | None, series: str | None, viewer: str, output: str | None) -> None:
    """列出各序列的文号：已用、作废、空号、不按次序，连同理由；不合次序的（空号、缺号、不按次序、日期倒置、重号）另外逐条说明。"""
    from engine.app.queries.papers import papers

    found = answered(papers.list_numbers(source_of(ctx), viewer, year=year, series=series))
    columns: list[Column[SeriesView]] = [
        Column(say("文号"), lambda one: one.number.text),
        Column(say("状态"), lambda one: str(one.status)),
        Column(say("日期"), lambda one: one.number.on.isoformat() if one.number.on else "-"),
        Column(say("文书"), lambda one: one.number.paper or "-"),
        Column(say("理由"), lambda one: one.number.reason or "-"),
    ]
    print_listing(found, columns, output, as_json=lambda one: one.as_json(), empty=say("还没有给过文号。"))
    for finding in answered(papers.numbers_out_of_order(source_of(ctx), viewer, year=year, series=series)):
        click.echo(str(finding.message), err=True)


@group.command("number")
@click.argument("paper")
@click.option("--number", required=True, type=click.IntRange(1, 99_999), help="序号")
@click.option("--reason", required=True, help="理由")
@acting
@click.pass_context
def number(
    ctx: click.Context,
    paper: str,
    number: int,
    reason: str,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """给一份已批准、还没有签署送达的文书一个不按次序的文号（如停电时手工给出的）；跳过的留作空号，由以后的文书补上。

    平常不用：批准文书的一步自动给出下一个文号。编号不代替批准，拟稿的不能编号；原有的文号作废留存。
    """
    from engine.app.commands.papers.papers import number_paper

    who = caller(person, request_id=request_id, dry_run=dry_run)
    _print(answered(number_paper(application_of(ctx), who, paper, number, reason)))


@group.command("void")
@click.argument("paper")
@click.option("--reason", required=True, help="理由")
@click.option("--anew", is_flag=True, help="同时另行制作一份，用下一个文号")
@click.option("--back", is_flag=True, help="内容有误：同时退回填写它的环节，改正以后重新制作")
@acting
@click.pass_context
def void(
    ctx: click.Context,
    paper: str,
    reason: str,
    anew: bool,
    back: bool,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """作废一份文书和它的文号；两者都留存，文号不再用。

    文号印错、送错的，加 --anew 另行制作一份，再登记送达。内容有误的，加 --back 退回填写它的环节，改正以后重新制作、批准、送达。
    """
    from engine.app.commands.papers.papers import void_paper

    who = caller(person, request_id=request_id, dry_run=dry_run)
    _print(answered(void_paper(application_of(ctx), who, paper, reason, anew=anew, back=back)))


_DAY = click.DateTime(formats=["%Y-%m-%d"])


@group.command("sign")
@click.argument("paper")
@click.option("--on", "day", default=None, type=_DAY, metavar="DATE", help="签署日期（默认今天）")
@click.option("--note", default=None, help="备注")
@acting
@click.pass_context
def sign(
    ctx: click.Context,
    paper: str,
    day: datetime | None,
    note: str | None,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """登记一份文书已签署、盖章。"""
    _record(ctx, paper, "signed", day, note, person, request_id, dry_run)


@group.command("serve")
@click.argument("paper")
@click.option("--on", "day", default=None, type=_DAY, metavar="DATE", help="送达日期（默认今天）")
@click.option("--note", default=None, help="送达方式、签收人")
@acting
@click.pass_context
def serve(
    ctx: click.Context,
    paper: str,
    day: datetime | None,
    note: str | None,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """登记一份文书已送达。"""
    _record(ctx, paper, "served", day, note, person, request_id, dry_run)


def _record(
    ctx: click.Context,
    paper: str,
    state: str,
    day: datetime | None,
    note: str | None,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    from engine.app.commands.papers.papers import record_paper

    who = caller(person, request_id=request_id, dry_run=dry_run)
    on: date | None = None if day is None else day.date()
    _print(answered(record_paper(application_of(ctx), who, paper, state, on, note)))


def _print(paper: PaperRecord) -> None:
    click.echo(tabbed(paper.id, paper.number or "-", paper.state.value))
