"""``ssj user password`` and ``ssj user token``: what people prove who they are by."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import as_person, secret
from engine.cli.exits import ENVIRONMENT, REFUSED, CommandError
from engine.cli.options import as_json
from engine.cli.registers.kinds import permitted
from engine.cli.session import application_of, print_json, store_of
from engine.language import say

if TYPE_CHECKING:
    from engine.app.commands.application import Application
    from engine.app.ports.records import Token


@click.command("password")
@click.argument("person_id", metavar="ID")
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    default=None,
    help="新口令在此文件的第一行（权限须为 600）；不写则在终端输入",
)
@as_person("以谁的身份设置：本人，或能改动工作人员名录的人")
@click.pass_context
def password(ctx: click.Context, /, person_id: str, file: Path | None, person: str) -> None:
    """设置一个人的口令（argon2 保存），并解除锁定。

    settings.yaml 里写 sign_in: required 以后，--as 才要求登录；请先给人设好口令或令牌，再改这一项。
    """
    from engine.app.sign_in.passwords import PasswordsMissingError
    from engine.app.sign_in.sign_in import set_password

    application = application_of(ctx)
    _may(application, person_id, person)
    new = secret(file) if file else _typed(person_id)
    try:
        problems = set_password(application, person_id, new, person)
    except PasswordsMissingError as problem:
        raise CommandError(problem.message, ENVIRONMENT) from None
    if problems:
        raise CommandError("\n".join(map(str, problems)), REFUSED)
    click.echo(str(say("“{person}”的口令已设置。", person=person_id)), err=True)


@click.group("token")
def token() -> None:
    """令牌：给程序和命令行用，只在发放时显示一次，库里只存摘要。"""


@token.command("create")
@click.argument("person_id", metavar="ID")
@click.option("--label", default="", help="作何用，便于以后辨认")
@click.option("--days", type=click.IntRange(min=1), default=None, help="有效天数（默认 365，最多 1095）")
@as_person("以谁的身份发放：本人，或能改动工作人员名录的人")
@click.pass_context
def create(ctx: click.Context, /, person_id: str, label: str, days: int | None, person: str) -> None:
    """给一个人发一枚令牌；只显示这一次，请存入权限为 600 的文件，用 SSJ_TOKEN_FILE 指明。"""
    from engine.app.sign_in.passwords import limits
    from engine.app.sign_in.tokens import create_token

    most = int(limits()["token_days_most"])
    if days is not None and days > most:
        raise click.UsageError(str(say("令牌最多有效 {most} 天", most=most)))
    application = application_of(ctx)
    _may(application, person_id, person)
    text, kept = create_token(application, person_id, label, days or int(limits()["token_days"]), person)
    click.echo(text)
    shown = kept.expires_at.astimezone(application.definitions.time.zone).date()
    click.echo(str(say("令牌 {id}，有效到 {day}；只显示这一次。", id=kept.id, day=shown)), err=True)


@token.command("list")
@click.option("--person", "whose", default=None, metavar="ID", help="只列一个人的")
@as_json
@click.pass_context
def list_tokens(ctx: click.Context, whose: str | None, json_output: bool) -> None:
    """列出令牌：编号、人、用途、到期日、是否有效。"""
    from zoneinfo import ZoneInfo

    from engine.app.sign_in.tokens import tokens
    from engine.deployment.clocks import SystemClock
    from engine.deployment.open import ZONE

    now = SystemClock().now()
    with store_of(ctx).read() as transaction:
        found = tokens(transaction, whose)
    if json_output:
        print_json([_row(one, one.good(now)) for one in found])
        return
    for one in found:
        good = say("有效") if one.good(now) else say("已撤销") if one.revoked_at else say("已过期")
        day = one.expires_at.astimezone(ZoneInfo(ZONE)).date()
        click.echo(f"{one.id}\t{one.person}\t{one.label or '-'}\t{day}\t{good}")
    if not found:
        click.echo(str(say("没有令牌。")), err=True)


@token.command("revoke")
@click.argument("token_id", metavar="TOKEN")
@as_person("以谁的身份撤销：本人，或能改动工作人员名录的人")
@click.pass_context
def revoke(ctx: click.Context, /, token_id: str, person: str) -> None:
    """撤销一枚令牌，立即生效；TOKEN 是它的编号（ssj user token list）。"""
    from engine.app.sign_in.tokens import revoke_token, tokens

    application = application_of(ctx)
    with application.store.read() as transaction:
        found = next((one for one in tokens(transaction) if one.id == token_id), None)
    if found is None:
        raise CommandError(say("没有令牌“{id}”；用 ssj user token list 查看", id=token_id))
    _may(application, found.person, person)
    if revoke_token(application, token_id, person) is None:
        click.echo(str(say("令牌“{id}”早已撤销。", id=token_id)), err=True)
        return
    click.echo(str(say("令牌“{id}”已撤销。", id=token_id)), err=True)


def _may(application: Application, about: str, person: str) -> None:
    """End the command unless `person` is the one it is about, or keeps the register of people."""
    from engine.app.people.access import PEOPLE
    from engine.app.people.persons import person_of

    with application.store.read() as transaction:
        known = person_of(transaction, about)
    if known is None or not known.active:
        raise CommandError(say("名录中没有在岗的“{person}”；用 ssj user list 查看", person=about))
    if about != person:
        permitted(application, PEOPLE, person)


def _typed(person: str) -> str:
    if not sys.stdin.isatty():
        raise CommandError(say("无人可问口令；请用 --file 指明口令文件（权限 600）"))
    typed: str = click.prompt(
        str(say("{person} 的新口令", person=person)), hide_input=True, confirmation_prompt=True, err=True
    )
    return typed


def _row(one: Token, good: bool) -> dict[str, Any]:
    return {
        "id": one.id,
        "person": one.person,
        "label": one.label,
        "created_at": one.created_at.isoformat(),
        "expires_at": one.expires_at.isoformat(),
        "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
        "good": good,
    }
