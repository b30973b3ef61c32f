"""``ssj audit``: whether the histories can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from engine.cli.exits import REFUSED, Problem
from engine.cli.session import as_json, print_json, store_of
from engine.language import say

if TYPE_CHECKING:
    from engine.office.audit import Finding


@click.group("audit")
def group() -> None:
    """审计链：核验历史是否完整、是否被改动。"""


@group.command("verify")
@click.argument("case", required=False, metavar="[CASE]")
@as_json
@click.pass_context
def verify(ctx: click.Context, case: str | None, json_output: bool) -> None:
    """核验全部历史，或一件案件（一条历史）；指出哪条历史从哪一条、哪一天起不可信。

    退出码：0 完整；1 发现问题。
    """
    from engine.office import audit
    from engine.office.audit import Finding

    with store_of(ctx).read() as unit:
        if case is None:
            streams = sum(1 for _ in unit.events.streams())
            events = unit.events.count()
            found: list[Finding] = list(audit.verify(unit))
        else:
            last, known = unit.events.last(case), unit.cases.get(case)
            if last is None and known is None:
                raise Problem(say("没有案件或历史“{case}”；用 ssj case list 查看", case=case))
            streams, events = 1, last.seq if last else 0
            if last is None and known is not None:
                day = known.opened_at.date().isoformat()
                found = [Finding(case, 0, day, say("案件没有任何历史：历史被整体删除"))]
            else:
                found = list(audit.verify_stream(unit, case))
    if json_output:
        print_json(
            {
                "streams": streams,
                "events": events,
                "findings": [
                    {"stream": f.stream, "seq": f.seq, "day": f.day, "message": str(f.message)} for f in found
                ],
            }
        )
    else:
        for finding in found:
            click.echo(str(finding))
    if found:
        first = min(finding.day for finding in found)
        click.echo(
            str(say("发现 {count} 处问题，最早的从 {day} 起不可信", count=len(found), day=first)), err=True
        )
        raise click.exceptions.Exit(REFUSED)
    click.echo(
        str(say("核验历史 {streams} 条、记录 {events} 条，完整无误", streams=streams, events=events)),
        err=True,
    )
