"""``ssj register expiring``: licences, certificates and appointments that have run out or soon will."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from engine.cli.authentication import viewing
from engine.cli.output import Column, listing, print_listing
from engine.cli.registers.kinds import KINDS
from engine.cli.session import answered, source_of
from engine.language import say

if TYPE_CHECKING:
    from engine.language import Message
    from engine.register.expiry import Expiry


@click.command("expiring")
@click.argument("kind", type=KINDS)
@click.option(
    "--days",
    type=click.IntRange(min=0, max=3650),
    default=0,
    show_default=True,
    help="今后多少个自然日以内到期的也列出；0 只列已过期和今天到期的",
)
@viewing
@listing
@click.pass_context
def expiring(ctx: click.Context, kind: str, days: int, viewer: str, output: str | None) -> None:
    """列出已过期或将到期的：许可证、执法证、专家聘期、抽查事项。只列在册有效的条目。

    例：ssj register expiring inspectors --days 60
    """
    from engine.app.queries.registers import list_expiring
    from engine.cli.registers.import_file import profile_of

    profile = profile_of(ctx, kind, None)
    found = answered(list_expiring(source_of(ctx), viewer, profile, days))
    columns: list[Column[Expiry]] = [
        Column(say("编号"), lambda one: one.id),
        Column(say("名称"), lambda one: one.name),
        Column(say("股室"), lambda one: one.section or "-"),
        Column(say("栏目"), lambda one: one.title),
        Column(say("到期日"), lambda one: one.valid_to),
        Column(say("剩余"), _left),
    ]
    print_listing(found, columns, output, as_json=_plain, empty=say("没有已过期或将到期的。"))


def _left(one: Expiry) -> Message:
    if one.days_left < 0:
        return say("已过期 {days} 天", days=-one.days_left)
    return say("还有 {days} 天", days=one.days_left)


def _plain(one: Expiry) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "section": one.section,
        "column": one.title,
        "valid_to": one.valid_to.isoformat(),
        "days_left": one.days_left,
    }
