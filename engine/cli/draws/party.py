"""``ssj draw sign-head``: what a party outside the bureau does on its own machine, from files alone."""

from __future__ import annotations

import json
from pathlib import Path

import click

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("sign-head", short_help="签名方在自己的电脑上对日志头签名")
@click.argument("head", metavar="HEAD", type=_FILE)
@click.option("--party", required=True, metavar="NAME", help="签名方的名称，与承诺书所列的逐字相同。")
@click.option(
    "--key", "secret", required=True, type=_FILE, metavar="FILE", help="密钥文件：64 个十六进制数字。"
)
@click.option("--previous", default=None, type=_FILE, metavar="FILE", help="上一次的签名：日志须接着它写。")
def sign_head(head: Path, party: str, secret: Path, previous: Path | None) -> None:
    """核对日志头与日志，写上签名的时刻，用 Ed25519 签名，打印签名文件（JSON）。密钥只留在签名方。

    例：ssj draw sign-head head.json --party 某市公证处 --key key.hex --previous last.json > signed.json
    """
    from engine.deployment.clocks import SystemClock
    from engine.draw.refused import DrawRefused
    from engine.draw.v2.heads import sign_head as sign
    from engine.files.reading import read_file, read_text
    from engine.kernel.budget import ANCHOR, KIT_FILE, OWN_NOTE
    from engine.language import say

    written = read_text(secret, OWN_NOTE).strip()
    try:
        key = bytes.fromhex(written)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise click.BadParameter(str(say("密钥应为 64 个十六进制数字")), param_hint="--key")
    try:
        found = sign(
            read_file(head, KIT_FILE),
            party,
            key,
            SystemClock().now(),
            read_file(previous, ANCHOR) if previous else None,
        )
    except DrawRefused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(json.dumps(found.as_json(), ensure_ascii=False, sort_keys=True, indent=1))
