"""``ssj draw``: hold, list, show and verify draws; write a verification kit."""

from __future__ import annotations

from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.authentication import viewer_of, viewing, viewing_lazily
from engine.cli.draws import (
    acts as draw_acts,
)
from engine.cli.draws import (
    anchor as draw_anchor,
)
from engine.cli.draws import (
    ceremony as draw_ceremony,
)
from engine.cli.draws import (
    forecast as draw_forecast,
)
from engine.cli.draws import (
    kits as draw_kits,
)
from engine.cli.draws import (
    offline as draw_offline,
)
from engine.cli.draws import (
    party as draw_party,
)
from engine.cli.draws import (
    select as draw_select,
)
from engine.cli.draws import (
    sheet as draw_sheet,
)
from engine.cli.draws import (
    trial as draw_trial,
)
from engine.cli.draws.show import show_public
from engine.cli.exits import REFUSED
from engine.cli.options import as_json
from engine.cli.output import Column, listing, print_json, print_listing, tabbed
from engine.cli.session import answered, source_of, zone_of
from engine.kernel.instants import local_minute
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries.draws import DrawSummary, DrawView


@click.group("draw")
def group() -> None:
    """抽取：承诺、抽取、作废、更换、核验、核验包、随机号。

    例：ssj draw kit batch-1 kit/ && python kit/verify.py kit/
    """


group.add_command(draw_offline.tickets)
group.add_command(draw_offline.chain)
group.add_command(draw_offline.shares)
group.add_command(draw_select.select)
group.add_command(draw_sheet.sheet)
group.add_command(draw_forecast.forecast)
group.add_command(draw_trial.trial)
group.add_command(draw_anchor.anchor)
group.add_command(draw_ceremony.minutes)


@group.command("list")
@viewing
@listing
@click.pass_context
def list_draws(ctx: click.Context, viewer: str, output: str | None) -> None:
    """列出全部抽取，作废的也在内。"""
    from engine.app.queries import draws

    found = answered(draws.list_draws(source_of(ctx), viewer))
    columns: list[Column[DrawSummary]] = [
        Column(say("案件"), lambda one: one.case),
        Column(say("次数"), lambda one: one.number),
        Column(say("状态"), lambda one: one.status),
        Column(say("户数"), lambda one: one.drawn),
    ]
    print_listing(found, columns, output, as_json=lambda one: one.as_json(), empty=say("还没有抽取。"))


@group.command("show")
@click.argument("batch")
@click.option("--number", type=int, default=None, help="第几次抽取（默认最近一次）")
@viewing
@as_json
@click.pass_context
def show(ctx: click.Context, batch: str, number: int | None, viewer: str, json_output: bool) -> None:
    """显示一次抽取：承诺摘要、分层名额、抽中名单；保密抽取的名单和代码在公开以前不显示。"""
    from engine.app.queries import draws

    found = answered(draws.show_draw(source_of(ctx), viewer, batch, number))
    if isinstance(found, draws.PublicDrawView):
        if json_output:
            print_json(found.as_json())
        else:
            show_public(found)
        return
    if not isinstance(found, draws.DrawView):
        raise TypeError(type(found))
    if json_output:
        print_json(found.as_json())
        return
    record = found.record
    commitment = record.parsed
    digests = commitment.digests()
    click.echo(
        str(
            say(
                "{case} 第 {number} 次抽取：{status}",
                case=found.case,
                number=found.number,
                status=found.status,
            )
        )
    )
    click.echo(str(say("承诺 SHA-256：{digest}", digest=digests.sha256)))
    click.echo(str(say("承诺 SM3：{digest}", digest=digests.sm3)))
    click.echo(str(say("公开随机源：{entropy}", entropy=record.entropy or "-")))
    for quota in commitment.quotas:
        click.echo(
            str(
                say(
                    "层 {name}：在册 {listed}，可抽 {eligible}，名额 {quota}",
                    name=quota.stratum,
                    listed=quota.listed,
                    eligible=quota.eligible,
                    quota=quota.quota,
                )
            )
        )
    if found.embargoed:
        click.echo(str(say("保密抽取：名单和代码在代码公开以前不显示")))
    for position, drawn in enumerate(record.visits, 1):
        teams: list[object] = [",".join(record.team(drawn.object_id))]
        if experts := record.team(drawn.object_id, "experts"):
            teams.append(say("专家 {names}", names=list(experts)))
        click.echo(tabbed(position, drawn.object_id, drawn.stratum, drawn.ticket[:16], *teams))
    _show_refused(found)


def _show_refused(found: DrawView) -> None:
    from engine.kernel.instants import from_text

    if found.attempts:
        click.echo(str(say("被拒绝的操作 {count} 次：", count=len(found.attempts))))
    zone = zone_of()
    for one in found.attempts:
        joined = reduce(_and, one.reasons, "")
        at = local_minute(from_text(one.at), zone)
        click.echo(tabbed(at, one.actor, one.step, joined))


def _and(said: str, reason: str) -> str:
    return str(say("{said}；{more}", said=said, more=reason)) if said else reason


@group.command("verify")
@click.argument("what", metavar="BATCH|DIR")
@click.option("--number", type=int, default=None, help="第几次抽取（默认最近一次）")
@click.option("--anchor", "anchors", multiple=True, metavar="HEX", help="从单位以外得到的日志头；可写多次。")
@viewing_lazily
@click.pass_context
def verify(
    ctx: click.Context, what: str, number: int | None, anchors: tuple[str, ...], named: str | None
) -> None:
    """核验一次抽取（部署里的任务编号），或一个核验包文件夹。"""
    if Path(what).is_dir():
        ctx.invoke(draw_offline.verify, directory=Path(what), anchors=anchors)
        return
    from engine.app.queries.draws import verify_draw

    viewer = viewer_of(ctx, named)
    filed, report = answered(verify_draw(source_of(ctx), viewer, what, number, anchors=anchors))
    for one in filed:
        click.echo(
            str(
                say(
                    "外部凭据：{by}，{form}，{at}，覆盖日志前 {lines} 行",
                    by=one.by,
                    form=one.form,
                    at=one.at or "-",
                    lines=one.lines,
                )
            )
        )
    click.echo(str(report))
    if not report.ok:
        raise click.exceptions.Exit(REFUSED)


group.add_command(draw_kits.kit)
group.add_command(draw_kits.slip)
group.add_command(draw_party.sign_head)
group.add_command(draw_acts.act("commit", "冻结名录，公布抽取承诺。"))
group.add_command(draw_ceremony.run)
group.add_command(draw_acts.act("reveal", "公开保密抽取的代码；从此任何人都能核验名单。"))
group.add_command(draw_acts.act("void", "作废一次抽取；作废的永久公开。"))
group.add_command(draw_acts.act("replace", "按次序更换检查人员。"))
