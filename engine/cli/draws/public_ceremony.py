"""The ceremony of a draw of ssj-draw/2 at the terminal: the first person's text is in the public log before the second types.

There is no second try: a text that differs from the first spoils the draw, in public.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from engine.cli.draws.asking import ask
from engine.cli.draws.show import quota_line
from engine.cli.exits import REFUSED, CommandError
from engine.cli.session import answered
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.commands.application import Application
    from engine.app.queries.draws import PublicCeremony


def hold_in_public(application: Application, ceremony: PublicCeremony, person: str, witness: str) -> None:
    """Show the commitment, let two people type, draw. Raises CommandError where the two texts differ."""
    _show(ceremony)
    if ceremony.typing:
        values = _typing(ceremony, person)
        source = ask(say("出处（开奖公告的名称、网址）")) or str(say("开奖公告"))
        if ask(say("录入后以摘要记入公开日志，不能再改；输入 y 录入")).lower() != "y":
            raise CommandError(say("未确认，没有抽取，也没有保存任何录入"), REFUSED)
        first = {"entropy": ceremony.typed(values), "source": source}
        answered(application.advance(ceremony.case, ceremony.typing, person, first))
        _print(say("第一次录入的摘要已记入公开日志。"))
    values = _typing(ceremony, witness)
    shares = [
        ask(say("保管人交出的第 {place} 份（序号:份额，不显示）", place=place), hidden=True)
        for place in range(1, ceremony.shares + 1)
    ]
    if (
        ask(say("以上与开奖公告逐字相符，现在抽取？与第一次不同的，本次承诺只能作废。输入 y 抽取")).lower()
        != "y"
    ):
        raise CommandError(say("未确认，没有抽取；第一次录入已在公开日志里，可以接着举行仪式"), REFUSED)
    outcome = answered(
        application.advance(ceremony.case, ceremony.drawing, witness, ceremony.confirmation(values, shares))
    )
    for warning in outcome.warnings:
        click.echo(warning, err=True)


def _show(ceremony: PublicCeremony) -> None:
    view = ceremony.view
    made = view.draw.commitment
    _print(
        say(
            "{purpose}：{batch} 第 {number} 次抽取",
            purpose=made["purpose"],
            batch=made["batch_id"],
            number=view.number,
        )
    )
    for title, digest in ((say("承诺 SHA-256"), view.digests.sha256), (say("承诺 SM3"), view.digests.sm3)):
        _print(title)
        eights = [digest[place : place + 8] for place in range(0, 64, 8)]
        _print(f"  {' '.join(eights[:4])}")
        _print(f"  {' '.join(eights[4:])}")
    for quota in made["quotas"]:
        _print(quota_line(quota))
    _print(say("随机源：{rule}", rule=view.rule))
    _print(say("外部凭据：{proof}", proof=view.proof))
    if made["custodians"]:
        names = [share["name"] for share in made["custodians"]["shares"]]
        _print(say("保管人：{names}，须交出 {count} 份", names=names, count=ceremony.shares))
    _print(say("请见证人与事先公布的摘要核对，可拍照留存。"))


def _typing(ceremony: PublicCeremony, person: str) -> list[str]:
    return [
        ask(say("{person}录入 {source}（不显示）", person=person, source=title), hidden=True).rpartition(":")[
            2
        ]
        for title in ceremony.titles
    ]


def _print(message: Message | str) -> None:
    click.echo(str(message))
