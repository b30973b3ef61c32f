"""``ssj user password`` and ``ssj user token``: what people prove who they are by."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import as_person, secret, viewing
from engine.cli.console import is_terminal
from engine.cli.exits import ENVIRONMENT, CommandError
from engine.cli.options import request_id_option
from engine.cli.output import Column, listing, print_listing
from engine.cli.session import answered, application_of, ask_first, caller, home_of, source_of, zone_of
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries.people.credentials import TokenView
    from engine.language import Message


@click.command("password")
@click.argument("person_id", metavar="ID")
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    default=None,
    help="新口令在此文件的第一行（权限须为 600）；不写则在终端输入",
)
@click.option("--keep-tokens", is_flag=True, help="保留此人的令牌（不写则全部撤销）")
@request_id_option
@as_person("以谁的身份设置：本人，或能改动工作人员名录的人")
@click.pass_context
def password(
    ctx: click.Context,
    /,
    person_id: str,
    file: Path | None,
    keep_tokens: bool,
    request_id: str | None,
    person: str,
) -> None:
    """设置一个人的口令（argon2 保存），并解除锁定。

    本部署要求登录（ssj user sign-in required）以后，--as 才要凭口令或令牌；请先给人设好，再要求。
    """
    from engine.app.commands.credentials import NewPassword, PasswordsMissingError, set_password

    application, by = application_of(ctx), caller(person, request_id=request_id)
    ask_first(application, by, "credential.change", about=person_id)
    new = NewPassword(secret(file) if file else _typed(person_id))
    try:
        ended = answered(set_password(application, by, person_id, new, keep_tokens=keep_tokens))
    except PasswordsMissingError as problem:
        raise CommandError(problem.message, ENVIRONMENT) from None
    click.echo(str(say("“{person}”的口令已设置。", person=person_id)), err=True)
    if ended:
        click.echo(str(say("此前的令牌已撤销：{tokens}。", tokens=ended)), err=True)


@click.command("recover")
@click.argument("person_id", metavar="ID")
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    default=None,
    help="新口令在此文件的第一行（权限须为 600）；不写则在终端输入",
)
@click.pass_context
def recover(ctx: click.Context, /, person_id: str, file: Path | None) -> None:
    """管理员丢了口令、又无人能重设时，在本机由部署目录的所有者重设；记入历史，并告知全体管理员。"""
    from engine.app.commands.credentials import NewPassword
    from engine.app.commands.proposals.recovery import PasswordsMissingError, recover_password
    from engine.operations.machine_account import machine_account, owns

    if not owns(home_of(ctx).path):
        raise CommandError(say("只有部署目录的所有者能在本机重设口令；不能通过 sudo 代办"), ENVIRONMENT)
    new = NewPassword(secret(file) if file else _typed(person_id))
    try:
        informed = answered(recover_password(application_of(ctx), machine_account(), person_id, new))
    except PasswordsMissingError as problem:
        raise CommandError(problem.message, ENVIRONMENT) from None
    click.echo(str(say("“{person}”的口令已设置。", person=person_id)), err=True)
    click.echo(str(say("已告知 {people}。", people=informed)), err=True)


@click.command("sign-in")
@click.argument("mode", metavar="MODE", type=click.Choice(("trust", "required")))
@request_id_option
@as_person("以谁的身份改：能改动工作人员名录的人")
@click.pass_context
def sign_in(ctx: click.Context, mode: str, request_id: str | None, person: str) -> None:
    """要求登录（required）或凭操作系统的账户（trust）；存在数据库里，不由 settings.yaml 决定。

    例：ssj user sign-in required --as registrar
    """
    from engine.app.commands.credentials import set_sign_in_mode

    by = caller(person, request_id=request_id)
    changed = answered(set_sign_in_mode(application_of(ctx), by, mode))
    if not changed:
        click.echo(str(say("本来就是 {mode}。", mode=mode)), err=True)
    elif mode == "required":
        click.echo(str(say("从现在起，--as 须凭口令或令牌。")), err=True)
    else:
        click.echo(str(say("从现在起，--as 不要求登录。")), err=True)


@click.group("token")
def token() -> None:
    """令牌：给程序和命令行用，只在发放时显示一次，库里只存摘要。"""


@token.command("create")
@click.argument("person_id", metavar="ID")
@click.option("--label", default="", help="作何用，便于以后辨认")
@click.option("--days", type=click.IntRange(min=1), default=None, help="有效天数（默认 365，最多 366）")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE",
    help="只能用于：read、work、registers、draws、operation，可写几次（默认 all）",
)
@request_id_option
@as_person("以谁的身份发放：本人，或能改动工作人员名录的人")
@click.pass_context
def create(
    ctx: click.Context,
    /,
    person_id: str,
    label: str,
    days: int | None,
    scopes: tuple[str, ...],
    request_id: str | None,
    person: str,
) -> None:
    """给一个人发一枚令牌；只显示这一次，请存入权限为 600 的文件，用 SSJ_TOKEN_FILE 指明。"""
    from engine.app.commands.credentials import MAX_TOKEN_DAYS, create_token

    if days is not None and days > MAX_TOKEN_DAYS:
        raise click.UsageError(str(say("令牌最多有效 {most} 天", most=MAX_TOKEN_DAYS)))
    made = answered(
        create_token(
            application_of(ctx),
            caller(person, request_id=request_id),
            person_id,
            label,
            days,
            scopes or ("all",),
        )
    )
    shown = made.expires_at.astimezone(zone_of()).date()
    if made.text is None:
        click.echo(str(say("该请求此前已办理，未重复办理。")), err=True)
    else:
        click.echo(made.text)
    click.echo(str(say("令牌 {id}，有效到 {day}；只显示这一次。", id=made.id, day=shown)), err=True)


@token.command("list")
@click.option("--person", "whose", default=None, metavar="ID", help="只列一个人的")
@viewing
@listing
@click.pass_context
def list_tokens(ctx: click.Context, whose: str | None, viewer: str, output: str | None) -> None:
    """列出令牌：编号、人、用途、到期日、是否有效。能改动工作人员名录的人看全部，其余的人看本人的。"""
    from engine.app.queries.people import credentials

    if whose is None:
        found = answered(credentials.list_all_tokens(source_of(ctx), viewer))
    else:
        found = answered(credentials.list_tokens(source_of(ctx), viewer, person=whose))
    columns: list[Column[TokenView]] = [
        Column(say("编号"), lambda one: one.token.id),
        Column(say("人员"), lambda one: one.token.person),
        Column(say("用途"), lambda one: one.token.label or "-"),
        Column(say("到期"), lambda one: one.last_day),
        Column(say("状态"), _status),
    ]
    print_listing(found, columns, output, as_json=_row, empty=say("没有令牌。"))


@token.command("revoke")
@click.argument("token_id", metavar="TOKEN")
@request_id_option
@as_person("以谁的身份撤销：本人，或能改动工作人员名录的人")
@click.pass_context
def revoke(ctx: click.Context, /, token_id: str, request_id: str | None, person: str) -> None:
    """撤销一枚令牌，立即生效；TOKEN 是它的编号（ssj user token list）。"""
    from engine.app.commands.credentials import revoke_token

    by = caller(person, request_id=request_id)
    if answered(revoke_token(application_of(ctx), by, token_id)):
        click.echo(str(say("令牌“{id}”已撤销。", id=token_id)), err=True)
    else:
        click.echo(str(say("令牌“{id}”早已撤销。", id=token_id)), err=True)


def _typed(person: str) -> str:
    if not is_terminal(sys.stdin):
        raise CommandError(say("无人可问口令；请用 --file 指明口令文件（权限 600）"))
    typed: str = click.prompt(
        str(say("{person} 的新口令", person=person)), hide_input=True, confirmation_prompt=True, err=True
    )
    return typed


def _status(one: TokenView) -> Message:
    return say("有效") if one.good else say("已撤销") if one.token.revoked_at else say("已过期")


def _row(found: TokenView) -> dict[str, Any]:
    one = found.token
    return {
        "id": one.id,
        "person": one.person,
        "label": one.label,
        "scopes": list(one.scopes),
        "created_at": one.created_at.isoformat(),
        "expires_at": one.expires_at.isoformat(),
        "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
        "good": found.good,
    }
