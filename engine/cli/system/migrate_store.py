"""``ssj migrate-store``: a deployment moves to another database, compared row by row before it switches."""

from __future__ import annotations

import click

from engine.cli.authentication import as_person
from engine.cli.exits import REFUSED, CommandError
from engine.cli.options import as_json, request_id_option
from engine.cli.output import print_json
from engine.cli.session import answered, application_of, ask_first, caller, confirm, home_of
from engine.language import say


@click.command("migrate-store")
@click.option("--to", "to", required=True, metavar="DATABASE", help="新数据库：postgresql://… 或文件路径")
@click.option("--dry-run", is_flag=True, help="试着搬一遍并核对，然后撤销，不改变任何东西")
@click.option("--replace", is_flag=True, help="目标里有上次没有搬完的拷贝时清掉重来")
@click.option("--yes", is_flag=True, help="不再询问")
@as_person("以谁的身份搬移")
@request_id_option
@as_json
@click.pass_context
def migrate_store(
    ctx: click.Context,
    to: str,
    dry_run: bool,
    replace: bool,
    yes: bool,
    person: str,
    request_id: str | None,
    json_output: bool,
) -> None:
    """把部署搬到另一个数据库，如从 SQLite 搬到 PostgreSQL；逐表核对条数和摘要、核验全部历史后才切换。

    先停止守护进程。搬移期间谁都不能写；中途断了，原来的数据库照旧使用。搬完后原来的数据库不再能写，
    但保留在原处，可以核对。目标须是空的数据库。

    例：ssj migrate-store --to postgresql://ssj@db.example/ssj --as leading
    """
    from engine.deployment.clocks import SystemClock
    from engine.operations.move_database import MoveError, move_store

    home = home_of(ctx)
    if not dry_run:
        application = application_of(ctx)
        try:
            ask_first(application, caller(person), "system.move", _shown(to))
        finally:
            application.store.close()
        confirm(say("把“{path}”的数据搬到 {to}？", path=home.path, to=_shown(to)), yes)

    def report(table: str, rows: int) -> None:
        click.echo(str(say("{table}：{rows} 行", table=table, rows=rows)), err=True)

    try:
        by = caller(person, request_id=request_id, dry_run=dry_run)
        done = answered(move_store(home, by, to, SystemClock(), report, replace=replace))
    except MoveError as problem:
        raise CommandError(problem.message, REFUSED) from None
    if json_output:
        print_json(
            {
                "source": done.source,
                "target": done.target,
                "switched": done.switched,
                "tables": {
                    name: {"rows": found.rows, "sha256": found.sha256} for name, found in done.tables.items()
                },
            }
        )
        return
    for name, found in done.tables.items():
        click.echo(f"{name}\t{found.rows}\t{found.sha256}")
    if done.switched:
        click.echo(str(say("两边相同，已切换到 {target}", target=done.target)), err=True)
        click.echo(str(say("原来的数据库 {source} 保留，不能再写", source=done.source)), err=True)
    else:
        click.echo(str(say("两边相同；这是试搬，已撤销，没有改变任何东西")), err=True)


def _shown(to: str) -> str:
    from engine.store.sql.database_url import address

    return address(to).render_as_string(hide_password=True)
