"""``ssj draw tickets`` and ``ssj draw verify DIR``: what needs no deployment, only files."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import click


@click.command("tickets", short_help="列出每个标签的随机号，小号在前")
@click.option(
    "--code", required=True, metavar="HEX", help="一次性代码（十六进制）；即时公开的抽取为 64 个 0。"
)
@click.option("--randomness", required=True, metavar="TEXT", help="公布的随机串，逐字照抄，前导零也要写。")
@click.option(
    "--labels",
    required=True,
    type=click.File("rb"),
    metavar="FILE",
    help="标签文件，UTF-8，每行一个；- 为标准输入。",
)
def tickets(code: str, randomness: str, labels: BinaryIO) -> None:
    """列出每个标签的随机号，小号在前：随机号、制表符、标签。

    \b
    例：ssj draw tickets --code 0000…00 \\
          --randomness "ssq:2026001:01.05.09.17.22.30+07/batch:B1" --labels ids.txt
    """
    from engine.draw.entropy import parse_code
    from engine.draw.refused import DrawRefused
    from engine.draw.tickets import TicketMachine, extract, read_labels, why_unfit_randomness
    from engine.files.reading import read_stream
    from engine.kernel.budget import LABELS
    from engine.language import say

    try:
        key = parse_code(code)
    except DrawRefused as refused:
        raise click.BadParameter(str(refused), param_hint="--code") from None
    try:
        prk = extract(key, randomness)
    except UnicodeEncodeError:
        raise click.BadParameter(str(say("随机串不是 UTF-8 文字")), param_hint="--randomness") from None
    if (unfit := why_unfit_randomness(randomness)) is not None:
        raise click.BadParameter(str(unfit), param_hint="--randomness")
    try:
        found = read_labels(read_stream(labels, LABELS))
    except DrawRefused as refused:
        raise click.ClickException(str(refused)) from None
    if not found:
        click.echo(str(say("标签文件里没有标签")), err=True)
    lines = (f"{ticket.hex()}\t{label}\n".encode() for ticket, label in TicketMachine(prk).order(found))
    # Bytes, so that neither the encoding nor the line ends of the terminal change what others compare.
    click.echo(b"".join(lines), nl=False)


@click.command("chain", short_help="保管人产生自己的哈希链：秘密、代码、哈希头")
@click.option(
    "--length",
    type=click.IntRange(2, 1000),
    default=10,
    show_default=True,
    help="链长，即可用的次数加一。",
)
@click.option("--secret", default=None, metavar="HEX", help="已有的秘密（64 位十六进制）；不给则新产生一个。")
@click.option(
    "--used", type=click.IntRange(0, 998), default=0, show_default=True, help="已经交出过几个代码。"
)
def chain(length: int, secret: str | None, used: int) -> None:
    """由代码保管人在自己的电脑上运行：显示秘密、这一次的哈希头和代码。

    哈希头交单位写进抽查方案；代码到抽取时才交出；秘密永不交出，另行保管。每交出一个代码，`--used` 加一。
    """
    import secrets

    from engine.draw.entropy import make_chain, parse_code
    from engine.draw.refused import DrawRefused
    from engine.language import say

    try:
        value = parse_code(secret) if secret else secrets.token_bytes(32)
    except DrawRefused as refused:
        raise click.BadParameter(str(refused), param_hint="--secret") from None
    if len(value) != 32:
        raise click.BadParameter(str(say("秘密应为 64 位十六进制")), param_hint="--secret")
    if used > length - 2:
        raise click.BadParameter(
            str(
                say("链长 {length} 的链最多交出 {most} 个代码；请另起一条链", length=length, most=length - 1)
            ),
            param_hint="--used",
        )
    links = make_chain(value, length)
    for title, text in (
        (say("秘密（不外传）"), value.hex()),
        (say("哈希头（交单位公布）"), links[-1 - used].hex()),
        (say("代码（抽取时交出）"), links[-2 - used].hex()),
        (say("链长（随哈希头公布）"), str(length - used)),
    ):
        click.echo(f"{title}\t{text}")


@click.command("shares", short_help="为保密抽取产生密钥，分成份额交保管人")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.option("--threshold", "-m", required=True, type=click.IntRange(2, 20), help="几份合起来才能打开。")
@click.option(
    "--out",
    "folder",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="份额文件写在这个新文件夹里，每位保管人一个。",
)
def shares(names: tuple[str, ...], threshold: int, folder: Path) -> None:
    """把一次抽取的密钥分给几位保管人：任何 `--threshold` 份合起来能打开，再少什么也看不出。

    \b
    例：ssj draw shares 公证员 纪检组 企业代表 --threshold 2 --out 份额/
    打印的一行原样填入抽查方案；每个文件交给其保管人，交完即删；抽取时各自录入“序号:份额”。
    在不留存资料的电脑上运行：运行的人在那一刻看得到密钥。
    """
    import secrets

    from engine.cli.new_file import write_new_folder
    from engine.draw.refused import DrawRefused, refuse_if
    from engine.draw.v2.randomness.custodians import commit_to, custodian_problems, split
    from engine.draw.v2.shapes import canonical_bytes
    from engine.kernel.clean_text import clean
    from engine.language import say

    called = [clean(name) for name in names]
    if not 2 <= threshold <= len(called) <= 20:
        raise click.BadParameter(
            str(say("保管人应有 2 至 20 位，需要的份数不多于人数")), param_hint="--threshold"
        )
    key = secrets.token_bytes(32)
    made = split(key, threshold, len(called), secrets.token_bytes(32 * (threshold - 1)))
    custodians = commit_to(key, called, made, threshold)
    try:
        refuse_if(list(custodian_problems(custodians)))
    except DrawRefused as refused:
        raise click.BadParameter(str(refused), param_hint="NAME") from None
    files = {
        f"share-{index}.txt": f"{name}\t{index}:{share.hex()}\n".encode()
        for index, (name, share) in enumerate(zip(called, made, strict=True), 1)
    }
    # For nobody else to read: whoever holds enough of them can work out the list.
    write_new_folder(folder, files, mode=0o600)
    click.echo(canonical_bytes(custodians).decode())


@click.command("verify", short_help="核验一个核验包文件夹")
@click.argument("directory", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--anchor", "anchors", multiple=True, metavar="HEX", help="从单位以外得到的日志头；可写多次。")
def verify(directory: Path, anchors: tuple[str, ...]) -> None:
    """核验 `ssj draw kit` 写出的文件夹：名册、承诺、随机号、名额、人员、日志逐项重算。"""
    from engine.draw.kit import KIT_NAMES, read_kit
    from engine.draw.refused import DrawRefused
    from engine.draw.v2.kit.parts import program
    from engine.draw.verification import verify as verify_record
    from engine.files.reading import check_folder, read_folder
    from engine.kernel.budget import KIT_FILE

    head = read_folder(directory, ("commitment.json",), KIT_FILE).get("commitment.json", b"")
    if b'"spec":"ssj-draw/2"' in head:
        check_folder(directory, KIT_FILE)
        # The program every kit holds; it shares no code with what made the draw.
        raise SystemExit(program.main([str(directory)]))  # type: ignore[no-untyped-call]
    try:
        record, damage = read_kit(read_folder(directory, KIT_NAMES, KIT_FILE))
        report = verify_record(record, anchors=anchors)
    except DrawRefused as refused:
        raise click.ClickException(str(refused)) from None
    for problem in damage:
        click.echo(f"× {problem}")
    click.echo(str(report))
    if damage or not report.ok:
        raise SystemExit(1)
