"""``ssj draw kit`` and ``ssj draw slip``: what everybody, an auditor, or one firm checks a draw with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click

from engine.cli.authentication import viewing
from engine.cli.new_file import require_new_folder, write_new_folder
from engine.cli.session import answered, application_of, caller, source_of


@click.command("kit")
@click.argument("batch")
@click.argument("directory", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--number", type=int, default=None, help="第几次抽取（默认最近一次）")
@click.option(
    "--auditor", is_flag=True, help="审计用：打开每一行，连同证据；限有权的角色，取走记入案件历史。"
)
@viewing
@click.pass_context
def kit(
    ctx: click.Context, batch: str, directory: Path, number: int | None, auditor: bool, viewer: str
) -> None:
    """写出核验包：名册、承诺、随机源、结果、日志、verify.py、verify.html、PROTOCOL.md。"""
    from engine.app.commands.draws import take_auditor_kit
    from engine.app.queries.draws import draw_kit

    require_new_folder(directory)
    files: Mapping[str, bytes]
    if auditor:
        files = answered(take_auditor_kit(application_of(ctx), caller(viewer), batch, number)).files
    else:
        files = answered(draw_kit(source_of(ctx), viewer, batch, number))
    write_new_folder(directory, files)
    for name in files:
        click.echo(name)


@click.command("slip", short_help="一户自己的核对单：在不在名册、为何抽中或未抽中")
@click.argument("batch")
@click.argument("object_id", metavar="OBJECT")
@click.option("--number", type=int, default=None, help="第几次抽取（默认最近一次）")
@viewing
@click.pass_context
def slip(ctx: click.Context, batch: str, object_id: str, number: int | None, viewer: str) -> None:
    """写出一户的核对单（JSON），交该户自己：用公开核验包的 verify.py --slip 核对，他人的行看不到。

    例：ssj draw slip batch-1 91990102MA3W55JQ6H > slip.json
    """
    from engine.app.queries.draws import firm_slip

    found = answered(firm_slip(source_of(ctx), viewer, batch, object_id, number))
    click.echo(json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
