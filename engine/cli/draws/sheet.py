"""``ssj draw sheet``: one ticket on a sheet of paper, computed by hand with the openssl command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from engine.cli.authentication import viewing
from engine.cli.session import answered, source_of
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.queries.draws import HandCheck


@click.command("sheet", short_help="一户的随机号怎样用 openssl 手工算出，供打印")
@click.argument("batch")
@click.argument("object_id", metavar="OBJECT")
@click.option("--number", type=int, default=None, help="第几次抽取（默认最近一次）")
@viewing
@click.pass_context
def sheet(ctx: click.Context, batch: str, object_id: str, number: int | None, viewer: str) -> None:
    """写出一张核算单：不用本系统，只用 openssl 算出一户的随机号，再与本层的最大中签号比。

    例：ssj draw sheet batch-1 91990102MA3W55JQ6H
    """
    from engine.app.queries.draws import hand_check

    for line in _lines(answered(hand_check(source_of(ctx), viewer, batch, object_id, number))):
        click.echo(str(line))


def _lines(found: HandCheck) -> Iterator[Message | str]:
    yield say("双随机抽取核算单  {case} 第 {number} 次抽取", case=found.case, number=found.number)
    yield say("检查对象：{id} {name}", id=found.object_id, name=found.name)
    yield ""
    yield say("一、由公开随机源和代码算出批次密钥（HMAC-SHA256）：")
    yield f"printf '%s' '{found.entropy}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:{found.codes}"
    yield say("得到 64 位十六进制数，记作 KEY：")
    yield f"  {found.key}"
    yield ""
    if found.label != found.object_id:
        yield say("该户在本次抽取中的代号：{label}", label=found.label)
    yield say("二、由批次密钥和编号算出随机号（编号后面跟一个字节 01）：")
    yield f"printf '%s\\001' '{found.label}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:KEY"
    yield say("得到随机号：")
    yield f"  {found.ticket}"
    yield ""
    yield say("三、与“{stratum}”层的最大中签号比（从左到右逐位比，0 最小、f 最大）：", stratum=found.stratum)
    yield f"  {found.cutoff or '-'}"
    if not found.eligible:
        yield say("该户不参加抽取：{reason}", reason=found.exclude_reason)
    elif found.drawn:
        yield say("随机号不大于最大中签号：抽中。")
    else:
        yield say("随机号大于最大中签号：未抽中。")
    yield ""
    yield say("核算人：____________    日期：____________")
