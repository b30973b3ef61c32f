"""``ssj report``: the year's targets, progress, and what supervision asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from engine.cli.exits import CommandError
from engine.cli.options import as_json
from engine.cli.session import application_of, print_json
from engine.language import say

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from engine.app.commands.application import Application
    from engine.app.ports.store import Transaction
    from engine.lifecycle.measure_rules import SupervisionRow
    from engine.lifecycle.model.bureau import Bureau

_YEAR = click.option("--year", type=click.IntRange(2000, 2200), default=None, help="哪一年（默认今年）")


@click.group("report")
def group() -> None:
    """指标、进度、督导三种报告；每个比率都写明分子和分母。"""


@group.command("kpi")
@_YEAR
@as_json
@click.pass_context
def kpi(ctx: click.Context, year: int | None, json_output: bool) -> None:
    """年度指标：分子、分母、目标，按现计划能达到多少、还差多少。

    例：ssj report kpi --year 2024
    """
    from engine.supervision.reports import standings

    with _at(ctx, year) as (application, transaction, bureau, at, zone):
        found = standings(transaction, bureau, at, zone, application.definitions)
        past = at.astimezone(zone).year != application.clock.now().astimezone(zone).year
    if json_output:
        print_json({"year": at.astimezone(zone).year, "measures": [one.as_json() for one in found]})
        return
    for one in found:
        measure = one.measure
        click.echo(
            f"{measure.title}\t{measure.counts}\t{measure.percent()}\t{one.target or '-'}\t{one.sentence}"
        )
    if not found:
        click.echo(str(say("本局设置里没有指标（bureau.yaml 的 measures）。")), err=True)
    if past:
        click.echo(str(say("名录的户数是现在的，不是 {year} 年的。", year=year)), err=True)


@group.command("progress")
@_YEAR
@as_json
@click.pass_context
def progress(ctx: click.Context, year: int | None, json_output: bool) -> None:
    """各流程当年的件：启动、办结、在办、逾期，各停在哪个环节。"""
    from engine.supervision.reports import progress as progress_of

    with _at(ctx, year) as (application, transaction, _, at, zone):
        found = progress_of(application, transaction, at, zone)
    if json_output:
        print_json({"year": at.astimezone(zone).year, "workflows": [one.as_json() for one in found]})
        return
    for one in found:
        click.echo(
            str(
                say(
                    "{title}\t启动 {opened}\t办结 {closed}\t在办 {open}\t逾期 {late}",
                    title=one.title,
                    opened=one.opened,
                    closed=one.closed,
                    open=one.opened - one.closed,
                    late=one.late,
                )
            )
        )
        for state, count in one.states.items():
            click.echo(f"  {state}\t{count}/{one.opened}")
    if not found:
        click.echo(str(say("这一年没有启动任何件。")), err=True)


@group.command("supervision")
@_YEAR
@as_json
@click.pass_context
def supervision(ctx: click.Context, year: int | None, json_output: bool) -> None:
    """督导：逾期、延期、挂起、逾期公示、撤下的公示、作废的抽取。"""
    from engine.supervision.reports import supervision as supervision_of

    with _at(ctx, year) as (application, transaction, bureau, at, zone):
        rules = bureau.supervision or _standard_rows()
        found = supervision_of(transaction, bureau, rules, application.definitions, at, zone)
    if json_output:
        print_json({"year": at.astimezone(zone).year, "findings": [one.as_json() for one in found]})
        return
    for one in found:
        counts = str(one.count) if one.whole is None else f"{one.count}/{one.whole}"
        click.echo(f"{one.title}\t{counts}\t{','.join(one.cases) or '-'}")
        if one.rows:
            click.echo("\t".join(("  ", *one.headings)))
        for case, cells in one.rows.items():
            click.echo("\t".join((f"  {case}", *cells)))


def _standard_rows() -> Mapping[str, SupervisionRow]:
    """Return the rows that come with the product, for a bureau that declares none."""
    from engine.definition.file_discovery import standard_bureau
    from engine.definition.library import load_paths

    bureau = load_paths([standard_bureau()], partial=True).bureau
    return bureau.supervision if bureau is not None else {}


@contextmanager
def _at(
    ctx: click.Context, year: int | None
) -> Iterator[tuple[Application, Transaction, Bureau, datetime, tzinfo]]:
    """Give the office, one consistent state of it, its bureau, and the instant the report stands at."""
    from engine.app.definitions.current import bureau_of
    from engine.supervision.reports import instant_in

    application = application_of(ctx)
    zone: Any = application.definitions.time.zone
    with application.store.read() as transaction:
        bureau = bureau_of(application.definitions, transaction)
        if bureau is None:
            raise CommandError(say("尚未发布任何流程；请先运行 ssj workflow publish"))
        yield application, transaction, bureau, instant_in(year, application.clock.now(), zone), zone
