"""``ssj register expiring``: licences, certificates and appointments that have run out or soon will."""

from __future__ import annotations

import click

from engine.cli.options import as_json
from engine.cli.registers.kinds import KINDS
from engine.cli.session import print_json, store_of
from engine.language import say


@click.command("expiring")
@click.argument("kind", type=KINDS)
@click.option(
    "--days",
    type=click.IntRange(min=0, max=3650),
    default=0,
    show_default=True,
    help="今后多少个自然日以内到期的也列出；0 只列已过期和今天到期的",
)
@as_json
@click.pass_context
def expiring(ctx: click.Context, kind: str, days: int, json_output: bool) -> None:
    """列出已过期或将到期的：许可证、执法证、专家聘期、抽查事项。只列在册有效的条目。

    例：ssj register expiring inspectors --days 60
    """
    from zoneinfo import ZoneInfo

    from engine.cli.registers.import_file import profile_of
    from engine.deployment.clocks import SystemClock
    from engine.deployment.open import ZONE
    from engine.register.check import CheckedEntry
    from engine.register.expiry import expiring as find

    profile = profile_of(ctx, kind, None)
    today = SystemClock().now().astimezone(ZoneInfo(ZONE)).date()
    with store_of(ctx).read() as transaction:
        entries = [
            CheckedEntry(e.kind, e.id, e.name, e.section, e.data) for e in transaction.registers.all(kind)
        ]
    found = find(profile, entries, today, days)
    if json_output:
        print_json(
            [
                {
                    "id": one.id,
                    "name": one.name,
                    "section": one.section,
                    "column": one.title,
                    "valid_to": one.valid_to.isoformat(),
                    "days_left": one.days_left,
                }
                for one in found
            ]
        )
        return
    for one in found:
        left = (
            say("已过期 {days} 天", days=-one.days_left)
            if one.days_left < 0
            else say("还有 {days} 天", days=one.days_left)
        )
        click.echo(f"{one.id}\t{one.name}\t{one.section or '-'}\t{one.title}\t{one.valid_to}\t{left}")
    if not found:
        click.echo(str(say("没有已过期或将到期的。")), err=True)
