"""``ssj audit heads``, ``sign``, ``keys`` and ``new-key``: heads signed by a key the database does not hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import as_person, viewing
from engine.cli.exits import ENVIRONMENT, CommandError
from engine.cli.new_file import require_new_folder, write_new_folder
from engine.cli.options import request_id_option
from engine.cli.output import Column, listing, print_listing, tabbed
from engine.cli.session import answered, application_of, ask_first, caller, home_of, source_of
from engine.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.deployment.head_key_file import HeadKeyFile


@click.command("heads")
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    metavar="DIR",
    help="另写出交外人的全部文件：heads.json、各日志头、时间戳、核对程序",
)
@viewing
@listing
@click.pass_context
def heads(ctx: click.Context, folder: Path | None, viewer: str, output: str | None) -> None:
    """列出留存的日志头，由早到晚：编号、日期、条数、根、签名的公钥。

    公示网站的 heads/ 目录是同样的文件；核对用 python3 verify_head.py heads.json 以前保存的文件。

    例：ssj audit heads --out heads
    """
    from engine.app.queries.audit import show_head_files, show_head_list

    require_new_folder(folder)
    source = source_of(ctx)
    found = answered(show_head_list(source, viewer))
    if folder is not None:
        write_new_folder(folder, answered(show_head_files(source, viewer)))
    columns: list[Column[Mapping[str, Any]]] = [
        Column(say("编号"), lambda one: one["number"]),
        Column(say("日期"), lambda one: one["day"]),
        Column(say("条数"), lambda one: one["size"]),
        Column(say("根"), lambda one: one["root"]),
        Column(say("公钥"), lambda one: one["key"] or str(say("没有签名"))),
    ]
    print_listing(found["heads"], columns, output, as_json=dict, empty=say("还没有留存过日志头。"))


@click.command("sign")
@as_person("以谁的身份签名留存")
@request_id_option
@click.pass_context
def sign(ctx: click.Context, person: str, request_id: str | None) -> None:
    """现在留存并签名一个日志头，并按设置送出、盖时间戳、公布。

    守护进程每天自动办理；没有开守护进程的，用计划任务每天运行本命令。

    例：ssj audit sign --as leading
    """
    from engine.app.commands.seal import SignerError, sign_head

    try:
        made = answered(sign_head(application_of(ctx), caller(person, request_id=request_id), _key_file(ctx)))
    except SignerError as problem:
        raise CommandError(problem.message, ENVIRONMENT) from None
    click.echo(tabbed(made["number"], made["day"], made["size"], made["root"]))
    if made["signature"] is None:
        click.echo(str(say("部署目录里没有签名密钥：这个日志头没有签名。")), err=True)


@click.command("keys")
@viewing
@listing
@click.pass_context
def keys(ctx: click.Context, viewer: str, output: str | None) -> None:
    """列出签名日志头的公钥，最后一把是现用的：编号、公钥、启用时间、来历。

    来历：首把、由前一把签名启用、前一把遗失后由两人（或单人）启用。请把现用的公钥当面或书面告知保存日志头的人。
    """
    from engine.app.queries.audit import show_head_list

    found = answered(show_head_list(source_of(ctx), viewer))
    columns: list[Column[Mapping[str, Any]]] = [
        Column(say("编号"), lambda one: one["number"]),
        Column(say("公钥"), lambda one: one["key"]),
        Column(say("启用时间"), lambda one: one["time"]),
        Column(say("来历"), _origin),
    ]
    print_listing(found["keys"], columns, output, as_json=dict, empty=say("还没有签名密钥。"))


@click.command("new-key")
@click.option("--lost", is_flag=True, help="现用的密钥遗失或泄露：不由它签名，由两位管理员办理，并永久注明")
@as_person("以谁的身份启用新密钥")
@click.pass_context
def new_key(ctx: click.Context, lost: bool, person: str) -> None:
    """启用新的签名密钥：由现用的密钥签名宣布，记入历史，随日志头公布。

    密钥在部署目录的 secrets/head.key，数据库和备份里都没有；请另存一份在别处。还没有密钥的，启用第一把。

    例：ssj audit new-key --as leading
    """
    from engine.app.commands.seal import SignerError, announce_key
    from engine.app.queries.audit import show_key_text

    application = application_of(ctx)
    ask_first(application, caller(person), "audit.key")
    try:
        files = _key_file(ctx)
        key = files.next_key()
        before, text = answered(show_key_text(source_of(ctx), person, key))
        # A run that was broken off after it was announced: only the file is left to be put in its place.
        if before != key:
            signed = files.sign(before, text) if before is not None and not lost else None
            if before is not None and not lost and signed is None:
                raise CommandError(
                    say("现用的密钥（{key}…）不在部署目录里；找不回的请加 --lost", key=before[:16])
                )
            signature = None if signed is None else signed.hex()
            answered(announce_key(application, caller(person), key, signature))
        files.take_next()
    except SignerError as problem:
        raise CommandError(problem.message, ENVIRONMENT) from None
    click.echo(key)
    click.echo(str(say("已启用新的签名密钥；请告知保存日志头的人，并另存 secrets/head.key。")), err=True)


def _key_file(ctx: click.Context) -> HeadKeyFile:
    from engine.deployment.head_key_file import HeadKeyFile

    return HeadKeyFile(home_of(ctx))


def _origin(key: Mapping[str, Any]) -> str:
    if key["why"] == "first":
        return str(say("首把"))
    if key["why"] == "changed":
        return str(say("由前一把签名启用"))
    if key["single_handed"]:
        return str(say("前一把遗失，单人办理"))
    return str(say("前一把遗失，两人同意启用"))
