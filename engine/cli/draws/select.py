"""``ssj draw select``: the drawn objects of a committed roster, from files alone, however large."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli.exits import REFUSED, CommandError

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("select", short_help="由承诺书、名册和随机串重算中签名单，名册可达千万户")
@click.argument("commitment", type=_FILE)
@click.argument("roster", type=_FILE)
@click.option("--entropy", required=True, metavar="TEXT", help="公布的随机串，逐字照抄。")
@click.option("--code", "codes", multiple=True, metavar="HEX", help="保管人代码，按承诺书的次序；可写多次。")
@click.option(
    "--backend",
    type=click.Choice(["python", "duckdb"]),
    default="python",
    show_default=True,
    help="duckdb：名册不必装入内存，须另装 shuangsuiji[duckdb]。",
)
def select(commitment: Path, roster: Path, entropy: str, codes: tuple[str, ...], backend: str) -> None:
    """由承诺书（commitment.json）、名册（roster.tsv）和随机串重算中签名单，不需要部署。

    每行：层、层内次序、编号、随机号。两种后端逐字节相同。

    \b
    例：ssj draw select kit/commitment.json kit/roster.tsv \\
          --entropy "dice:407135620918374652013948/batch:batch-1" --backend duckdb
    """
    from engine.draw.backends.duckdb import DuckDBMissingError, select_from_file, select_in_memory
    from engine.draw.commitment import Commitment
    from engine.draw.refused import DrawRefused
    from engine.files.reading import read_text
    from engine.kernel.budget import KIT_FILE
    from engine.language import say

    try:
        text = read_text(commitment, KIT_FILE)
    except UnicodeDecodeError:
        raise CommandError(say("{file} 不是 UTF-8 文件", file=commitment), REFUSED) from None
    try:
        promised = Commitment.from_json(text)
        chosen = select_from_file if backend == "duckdb" else select_in_memory
        found = chosen(promised, roster, entropy, codes)
    except DrawRefused as refused:
        raise CommandError(str(refused), REFUSED) from None
    except DuckDBMissingError as missing:
        raise CommandError(str(missing), REFUSED) from None
    lines = (
        f"{one.stratum}\t{one.position}\t{one.object_id}\t{one.ticket}\n"
        for stratum in found.strata
        for one in stratum.drawn
    )
    # Bytes, so that neither the encoding nor the line ends of the terminal change what others compare.
    click.echo("".join(lines).encode(), nl=False)
