"""``ssj backup`` and ``ssj restore``: one file with everything, and a deployment made of it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.authentication import as_person, naming, proved, requires_sign_in
from engine.cli.exits import ENVIRONMENT, REFUSED, CommandError
from engine.cli.options import request_id_option
from engine.cli.session import answered, ask_first, caller, confirm, home_of, settle_unfinished
from engine.language import say

if TYPE_CHECKING:
    from engine.app.commands import Caller
    from engine.app.commands.application import Application
    from engine.operations.backup import BackupError, Manifest
    from engine.operations.restore import Replaced, Restored


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="已有同名文件时覆盖")
@click.option(
    "--keep-days",
    type=click.IntRange(1, 36_500),
    default=None,
    metavar="N",
    help="备份成功后，删去同一目录里本部署 N 天以前的备份",
)
@as_person("以谁的身份备份", older=True)
@request_id_option
@click.pass_context
def backup(
    ctx: click.Context, file: Path, yes: bool, keep_days: int | None, person: str, request_id: str | None
) -> None:
    """把整个部署备份成一个文件：数据库、设置、流程、表单、日历；不必停服务。

    公示网站和日志不在内。文件里有名录和案件，请与数据库同样保管；过了留存期限的用 --keep-days 一并删去。
    settings.yaml 写了 backups.recipients（age 公钥）的，备份加密，恢复时须有私钥。

    例：ssj backup 2024-06-30.zip --as leading
    """
    from engine.deployment.clocks import SystemClock
    from engine.operations.backup import BackupError, back_up, recipients_of
    from engine.operations.old_backups import remove_old_backups

    home = home_of(ctx)
    _remove_left(file)
    try:
        by = caller(person, request_id=request_id)
        manifest = answered(back_up(home, by, file, SystemClock(), replace=yes))
        if keep_days is not None:
            for name in remove_old_backups(file, SystemClock().now(), keep_days):
                click.echo(
                    str(say("过了 {days} 天的备份已删去：{name}", days=keep_days, name=name)), err=True
                )
    except BackupError as problem:
        raise _problem(problem) from None
    click.echo(str(file))
    _print_manifest(manifest)
    if not recipients_of(home.settings):
        sentence = say("这个备份没有加密：settings.yaml 没有写 backups.recipients，拿到文件的人都能读")
        click.echo(str(sentence), err=True)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument(
    "directory", metavar="[DIR]", required=False, type=click.Path(file_okay=False, path_type=Path)
)
@click.option("--verify", "only_verify", is_flag=True, help="只核验备份是否完好，不恢复")
@click.option("--yes", is_flag=True, help="替换已有的部署时不再询问")
@click.option(
    "--identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="打开加密备份的 age 私钥文件",
)
@naming("谁在恢复（或环境变量 SSJ_AS）；不写则记机器账户")
def restore(
    file: Path,
    directory: Path | None,
    only_verify: bool,
    yes: bool,
    identity: Path | None,
    named: str | None,
) -> None:
    """从备份恢复成部署目录 DIR；先核验摘要、条数和全部历史，有一处不符就不恢复。

    谁在恢复，按备份里的人员和登录核对，记入恢复后的审计；不写明的，记运行命令的机器账户。
    DIR 已有部署时先询问；原来的整个移到旁边，不删除；备份之后已经送出的消息不会再送；
    原来的部署不在手边、无从核对时，备份里尚待发送的消息先搁置，由人核实。

    例：ssj restore 2024-06-30.zip bureau
    """
    from engine.deployment.clocks import SystemClock
    from engine.operations import restore as restoring
    from engine.operations.backup import BackupError
    from engine.operations.unpacking import opened, read_manifest

    if directory is None and not only_verify:
        raise click.UsageError(str(say("请写明恢复到哪个目录，或加 --verify 只核验")))
    if only_verify:
        _remove_left(file)
    try:
        with opened(file, identity) as plain:
            if only_verify or directory is None:
                _print_manifest(restoring.verify_backup(plain))
                click.echo(str(say("备份完好。")))
                return
            settle_unfinished(str(directory))
            replaced = restoring.deployment_at(directory)
            if replaced is not None:
                _ask_the_replaced(replaced, named)
                _warn(read_manifest(plain), replaced)
                confirm(say("“{path}”已有部署，用备份替换它？", path=directory), yes)
            done = answered(
                restoring.restore(
                    plain, directory, SystemClock(), replaced, who=lambda there: _who(there, named)
                )
            )
    except BackupError as problem:
        raise _problem(problem) from None
    _report(done)


def _remove_left(file: Path) -> None:
    """Remove beside `file` what a backup or a verification has left that was killed, and say so."""
    from engine.files.aside import remove_left
    from engine.operations.backup import ASIDE
    from engine.operations.restore import VERIFY_ASIDE
    from engine.operations.unpacking import OPENED_ASIDE

    for name in (
        one for begin in (ASIDE, VERIFY_ASIDE, OPENED_ASIDE) for one in remove_left(file.parent, begin)
    ):
        click.echo(str(say("上次备份或核验在中途断了；留下的 {name} 已清掉", name=name)), err=True)


def _report(done: Restored) -> None:
    click.echo(str(done.path))
    _print_manifest(done.manifest)
    if done.kept is not None:
        click.echo(str(say("原来的部署移到 {path}", path=done.kept)), err=True)
    if done.already_sent:
        click.echo(str(say("{count} 条消息在备份之后已送出，不再发送", count=done.already_sent)), err=True)
    if done.held:
        click.echo(
            str(
                say(
                    "{count} 条消息备份时还没有送出，之后送过没有无从核对，已搁置；用 ssj incident list 查看，核实后重发或关闭",
                    count=done.held,
                )
            ),
            err=True,
        )
    if done.revoked:
        click.echo(
            str(
                say(
                    "{count} 枚令牌在备份以后撤销过，已再次撤销",
                    count=done.revoked,
                )
            ),
            err=True,
        )
    if done.untold:
        click.echo(
            str(
                say(
                    "{count} 枚令牌重新有效，备份以后是否撤销过无从核对；用 ssj user token list 逐枚核对，不该有的用 ssj user token revoke 撤销",
                    count=done.untold,
                )
            ),
            err=True,
        )
    if done.waiting:
        click.echo(
            str(say("{count} 条消息尚待发送，ssj serve 启动后发出；收件方可凭编号去重", count=done.waiting)),
            err=True,
        )
    if done.left_alone is not None:
        click.echo(
            str(say("原来的数据库 {database} 没有动；确认不再需要以后自行删除", database=done.left_alone)),
            err=True,
        )
    if done.local is not None:
        click.echo(
            str(
                say(
                    "备份取自 PostgreSQL；恢复后的部署用本目录下的 SQLite（{file}）。要放回服务器，请备好空的数据库，再运行 ssj --home {path} migrate-store --to 地址",
                    file=done.local,
                    path=done.path,
                )
            ),
            err=True,
        )
    if not done.manifest.modes:
        click.echo(str(say("备份没有记下文件的权限（由较早的程序所作）；恢复的文件只有本人能读")), err=True)
    if done.manifest.withheld:
        names = list(done.manifest.withheld)
        click.echo(str(say("备份里不含口令和密钥，请放回：{names}", names=names)), err=True)
    click.echo(str(say("公示网站请用 ssj site build 重新生成。")), err=True)


def _ask_the_replaced(replaced: Replaced, named: str | None) -> None:
    """End the command where the deployment that is there requires sign-in, and who restores is not proved to it or may not.

    One whose database cannot be opened any more has nobody to ask; the account of the machine is entered as always.
    """
    from engine.deployment.open import open_application

    if replaced.histories is None:
        return
    application = open_application(replaced.home)
    try:
        if not requires_sign_in(application, replaced.home.settings):
            return
        person = proved(application, named)
        if person is None:
            raise CommandError(
                say(
                    "“{path}”已有部署，并要求登录；替换它请写明由谁办理：用 --as ID，或设环境变量 SSJ_AS",
                    path=replaced.home.path,
                ),
                REFUSED,
            )
        ask_first(application, caller(person), "system.restore", str(replaced.home.path))
    finally:
        application.store.close()


def _who(there: Application, named: str | None) -> Caller | None:
    """Return who restores, proved by the people of the backup; None where nobody is named."""
    person = proved(there, named)
    return None if person is None else caller(person)


def _warn(manifest: Manifest, replaced: Replaced) -> None:
    there = replaced.histories
    if there is None:
        click.echo(
            str(say("现有部署的数据库打不开，无从核对它已送出的消息；备份里尚待发送的先搁置")), err=True
        )
    elif there != manifest.histories:
        click.echo(
            str(
                say(
                    "现有部署有历史记录 {there} 条，备份（{at}）有 {here} 条；备份之后办理的会留在移走的目录里，不在恢复后的部署里",
                    there=there.events,
                    at=manifest.made_at,
                    here=manifest.histories.events,
                )
            ),
            err=True,
        )


def _print_manifest(manifest: Manifest) -> None:
    click.echo(
        str(
            say(
                "备份时间 {at}；案件 {cases} 件，历史 {streams} 条、记录 {events} 条，文件 {files} 个",
                at=manifest.made_at,
                cases=manifest.tables.get("case", 0),
                streams=manifest.histories.streams,
                events=manifest.histories.events,
                files=len(manifest.files),
            )
        ),
        err=True,
    )


def _problem(problem: BackupError) -> CommandError:
    return CommandError(problem.message, ENVIRONMENT if problem.of_place else REFUSED)
