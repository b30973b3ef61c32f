"""``ssj draw sheet``: one ticket on a sheet of paper, computed by hand with the openssl command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from engine.cli.draws.lookup import draw_of
from engine.cli.exits import REFUSED, CommandError
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.draw.record import DrawRecord


@click.command("sheet", short_help="一户的随机号怎样用 openssl 手工算出，供打印")
@click.argument("batch")
@click.argument("object_id", metavar="OBJECT")
@click.option("--number", type=int, default=None, help="第几次抽取（默认最近一次）")
@click.pass_context
def sheet(ctx: click.Context, batch: str, object_id: str, number: int | None) -> None:
    """写出一张核算单：不用本系统，只用 openssl 算出一户的随机号，再与本层的最大中签号比。

    例：ssj draw sheet batch-1 91990102MA3W55JQ6H
    """
    row, record = draw_of(ctx, batch, number)
    for line in _lines(row.case, record, object_id):
        click.echo(str(line))


def _lines(case: str, record: DrawRecord, object_id: str) -> Iterator[Message | str]:
    from engine.draw.commitment import DrawProfile, stratum_of
    from engine.draw.drawing import revealed
    from engine.draw.entropy import OPEN_CODE
    from engine.draw.roster import parse_objects
    from engine.draw.selection import machine

    commitment = record.parsed
    found = next((one for one in parse_objects(record.objects) if one.object_id == object_id), None)
    if found is None:
        raise CommandError(say("名册里没有“{object}”；核对编号，大小写也要一样", object=object_id), REFUSED)
    if record.selection is None or record.entropy is None:
        raise CommandError(say("还没有抽取，没有随机号可算"), REFUSED)
    if not revealed(record):
        raise CommandError(say("保密抽取的代码尚未公开，现在不能算出任何一户的随机号"), REFUSED)
    codes = OPEN_CODE.hex() if commitment.profile is DrawProfile.OPEN else "".join(record.codes)
    key = machine(commitment, record.entropy, record.codes)
    stratum = next(
        one for one in record.selection.strata if one.stratum == stratum_of(commitment.rules, found)
    )
    ticket = key.ticket(object_id).hex()
    yield say("双随机抽取核算单  {case} 第 {number} 次抽取", case=case, number=commitment.draw_no)
    yield say("检查对象：{id} {name}", id=object_id, name=found.name)
    yield ""
    yield say("一、由公开随机源和代码算出批次密钥（HMAC-SHA256）：")
    yield f"printf '%s' '{record.entropy}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:{codes}"
    yield say("得到 64 位十六进制数，记作 KEY：")
    yield f"  {record_key(record.entropy, codes)}"
    yield ""
    yield say("二、由批次密钥和编号算出随机号（编号后面跟一个字节 01）：")
    yield f"printf '%s\\001' '{object_id}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:KEY"
    yield say("得到随机号：")
    yield f"  {ticket}"
    yield ""
    yield say(
        "三、与“{stratum}”层的最大中签号比（从左到右逐位比，0 最小、f 最大）：", stratum=stratum.stratum
    )
    yield f"  {stratum.cutoff or '-'}"
    if not found.eligible:
        yield say("该户不参加抽取：{reason}", reason=found.exclude_reason)
    elif stratum.cutoff and ticket <= stratum.cutoff:
        yield say("随机号不大于最大中签号：抽中。")
    else:
        yield say("随机号大于最大中签号：未抽中。")
    yield ""
    yield say("核算人：____________    日期：____________")


def record_key(entropy: str, codes: str) -> str:
    """Return the key of a draw in hex."""
    from engine.draw.tickets import extract

    return extract(bytes.fromhex(codes), entropy).hex()
