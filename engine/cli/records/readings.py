"""``ssj audit readings`` and ``retention``: who was shown personal values, and how long what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from engine.cli.authentication import viewing
from engine.cli.output import Column, listing, print_listing
from engine.cli.session import answered, home_of, local_second, source_of
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries.audit import PersonalReading, RetentionTerm


@click.command("readings")
@click.option("--person", default=None, metavar="ID", help="只列这个人的查看")
@click.option("--last", type=click.IntRange(1, 10_000), default=50, help="列出最近多少次（默认 50）")
@viewing
@listing
@click.pass_context
def readings(ctx: click.Context, person: str | None, last: int, viewer: str, output: str | None) -> None:
    """列出谁在何时查看了他人的个人信息，最近的在前：时间、人员、凭据、事项、对象、栏目、行数。

    同一人同一天再看同样的内容，不再另记。

    例：ssj audit readings --person insp-01
    """
    from engine.app.queries.audit import list_readings

    found = answered(list_readings(source_of(ctx), viewer, person, last))
    columns: list[Column[PersonalReading]] = [
        Column(say("时间"), lambda one: local_second(one.at)),
        Column(say("人员"), lambda one: one.person),
        Column(say("凭据"), lambda one: one.credential),
        Column(say("事项"), lambda one: one.use_case),
        Column(say("对象"), lambda one: one.about),
        Column(say("栏目"), lambda one: " ".join(one.columns)),
        Column(say("行数"), lambda one: one.rows),
    ]
    print_listing(
        found, columns, output, as_json=lambda one: one.as_json(), empty=say("没有查看个人信息的记录。")
    )


@click.command("retention")
@viewing
@listing
@click.pass_context
def retention(ctx: click.Context, viewer: str, output: str | None) -> None:
    """列出各类记录留存多少天及理由；到期由守护进程当夜删去。天数可在 settings.yaml 的 retention 里另定。"""
    from engine.app.queries.audit import show_retention

    found = answered(show_retention(source_of(ctx), viewer, dict(home_of(ctx).settings)))
    columns: list[Column[RetentionTerm]] = [
        Column(say("种类"), lambda one: one.kind),
        Column(say("天数"), lambda one: one.days),
        Column(say("名称"), lambda one: one.title),
        Column(say("理由"), lambda one: one.why),
    ]
    print_listing(
        found, columns, output, as_json=lambda one: one.as_json(), empty=say("没有查看个人信息的记录。")
    )
