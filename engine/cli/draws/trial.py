"""``ssj draw trial``: a draw for practice, of which nothing is stored."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli.authentication import viewing
from engine.cli.new_file import require_new_folder, write_new_folder
from engine.cli.output import tabbed
from engine.cli.session import answered, source_of
from engine.language import say

#: The digits a trial asks for.
DICE = 24


@click.command("trial")
@click.argument("batch")
@click.option("--digits", default=None, metavar="DIGITS", help="24 位数字；不给则当场产生。")
@click.option(
    "--kit",
    "directory",
    default=None,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="另写出带水印的核验包，供演练核验。",
)
@viewing
@click.pass_context
def trial(ctx: click.Context, batch: str, digits: str | None, directory: Path | None, viewer: str) -> None:
    """试抽：按现在的方案和名录演练一遍，批次号加 TEST-，带水印，不保存，不作为抽查依据。"""
    import secrets

    from engine.app.queries.draws import trial_draw
    from engine.draw.entropy import watermark
    from engine.draw.kit import kit_files

    require_new_folder(directory)
    given = digits or "".join(secrets.choice("0123456789") for _ in range(DICE))
    record = answered(trial_draw(source_of(ctx), viewer, batch, given))
    mark = watermark(record.parsed.batch_id)
    click.echo(f"=== {mark} ===")
    click.echo(str(say("公开随机源：{entropy}", entropy=record.entropy)))
    for position, drawn in enumerate(record.visits, 1):
        team = ",".join(record.team(drawn.object_id))
        click.echo(tabbed(mark, position, drawn.object_id, drawn.stratum, drawn.ticket[:16], team))
    click.echo(f"=== {mark} ===")
    if directory is not None:
        write_new_folder(directory, kit_files(record))
        click.echo(str(say("核验包写在 {path}", path=directory)), err=True)
