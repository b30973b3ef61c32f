"""``ssj doctor``: whether the machine and the deployment are in order, and what to do where they are not."""

from __future__ import annotations

import click

from engine.cli.authentication import acting_on_older, viewer_of, viewing_lazily
from engine.cli.exits import REFUSED, CommandError
from engine.cli.options import as_json
from engine.cli.output import print_json
from engine.cli.session import answered, caller, close_source, home_of, settle_unfinished
from engine.language import say
from engine.lifecycle.command import SYSTEM


@click.command("doctor")
@click.option("--upgrade", is_flag=True, help="先把较旧的数据库升级到本程序的结构（请先备份）")
@viewing_lazily
@as_json
@click.pass_context
def doctor(ctx: click.Context, upgrade: bool, named: str | None, json_output: bool) -> None:
    """逐项检查环境、数据库、日历、时钟、定义；每项标明 ok、warn 或 fail，并说明怎么办。

    退出码：0 没有 fail；1 有 fail。
    """
    from engine.deployment.clocks import SystemClock
    from engine.operations.backup import is_older
    from engine.operations.check import Status
    from engine.operations.doctor import bring_up_to_date, look_over
    from engine.operations.older_database import upgrade_database

    settle_unfinished(ctx.find_root().obj)
    if upgrade and is_older(home_of(ctx)):
        # While the register of people is empty there is nobody to name; after that the system is refused.
        person = acting_on_older(ctx, named) or SYSTEM
        if (refused := upgrade_database(home_of(ctx), caller(person))) is not None:
            answered(refused)
    elif upgrade:
        bring_up_to_date(home_of(ctx))

    def viewer() -> str:
        try:
            return viewer_of(ctx, named)
        except CommandError:
            if named is not None:
                raise
            # While the register of people is empty there is nobody to name; after that the system is refused.
            return SYSTEM
        finally:
            close_source(ctx)

    found = []
    for check in look_over(ctx.find_root().obj, SystemClock(), viewer):
        found.append(check)
        if not json_output:
            click.echo(str(check))
    if json_output:
        print_json([check.as_json() for check in found])
    failed = sum(check.status is Status.FAIL for check in found)
    warned = sum(check.status is Status.WARN for check in found)
    click.echo(
        str(
            say(
                "{count} 项：{failed} 项 fail，{warned} 项 warn",
                count=len(found),
                failed=failed,
                warned=warned,
            )
        ),
        err=True,
    )
    if failed:
        raise click.exceptions.Exit(REFUSED)
