"""``ssj draw trial``: a rehearsal that counts for nothing."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli.exits import REFUSED, USAGE, CommandError
from engine.cli.session import application_of
from engine.language import say


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
@click.pass_context
def trial(ctx: click.Context, batch: str, digits: str | None, directory: Path | None) -> None:
    """试抽：按现在的方案和名录演练一遍，批次号加 TEST-，带水印，不保存，不作为抽查依据。"""
    import secrets

    from engine.app.draws.trial import DICE
    from engine.app.draws.trial import trial as trial_of
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.draw.entropy import watermark
    from engine.draw.kit import kit_files
    from engine.draw.refused import DrawRefused

    if directory is not None and directory.exists() and any(directory.iterdir()):
        raise CommandError(say("“{path}”不是空目录；请换一个目录", path=directory), USAGE)
    given = digits or "".join(secrets.choice("0123456789") for _ in range(DICE))
    application = application_of(ctx)
    with application.store.read() as transaction:
        case = transaction.cases.get(batch)
        if case is None:
            raise CommandError(say("没有案件“{case}”；用 ssj case list 查看", case=batch))
        try:
            record = trial_of(
                UnitOfWork(application, transaction, application.clock.now()), case, given, "trial"
            )
        except DrawRefused as refused:
            raise CommandError(refused, REFUSED) from None
    mark = watermark(record.parsed.batch_id)
    click.echo(f"=== {mark} ===")
    click.echo(str(say("公开随机源：{entropy}", entropy=record.entropy)))
    for position, drawn in enumerate(record.visits, 1):
        team = ",".join(record.team(drawn.object_id))
        click.echo(f"{mark}\t{position}\t{drawn.object_id}\t{drawn.stratum}\t{drawn.ticket[:16]}\t{team}")
    click.echo(f"=== {mark} ===")
    if directory is not None:
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in kit_files(record).items():
            (directory / name).write_bytes(content)
        click.echo(str(say("核验包写在 {path}", path=directory)), err=True)
