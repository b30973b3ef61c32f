"""``ssj archive``: what the file of a case lacks, the file as one package, and checking one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import viewing
from engine.cli.exits import REFUSED, CommandError, said
from engine.cli.options import acting
from engine.cli.output import Column, listing, print_listing
from engine.cli.records.retention import bin_, destroy, due, restore
from engine.cli.session import answered, application_of, caller, home_of, source_of
from engine.language import Message, defined, say

if TYPE_CHECKING:
    from engine.app.queries.papers.archive import PieceState

ADDRESSEES = ("office", "firm")


@click.group("archive")
def group() -> None:
    """归档包：一件案件的文书、数据、历史、公示、证据，按 BagIt 打成一包，任何一个字节被改都会指出。"""


@group.command("check")
@click.argument("case")
@viewing
@listing
@click.pass_context
def check(ctx: click.Context, case: str, viewer: str, output: str | None) -> None:
    """按归档次序列出卷内材料：齐全、缺少什么、还是不需要；有缺少的退出码为 1。"""
    from engine.app.queries.papers.archive import check_archive

    found = answered(check_archive(source_of(ctx), viewer, case))
    columns: list[Column[PieceState]] = [
        Column(say("次序"), lambda one: str(one.number)),
        Column(say("材料"), lambda one: defined(one.title)),
        Column(say("状态"), lambda one: str(_state(one))),
        Column(
            say("缺少"), lambda one: say("{sentences}", sentences=list(one.missing)) if one.missing else "-"
        ),
    ]
    empty = say("本件的流程没有写卷内材料（archive）。")
    print_listing(found, columns, output, as_json=_plain, empty=empty)
    if any(one.needed and not one.complete for one in found):
        raise click.exceptions.Exit(REFUSED)


@group.command("pack")
@click.argument("case")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--for",
    "addressee",
    type=click.Choice(ADDRESSEES),
    default="office",
    help="给谁：本单位的卷，或企业的一份",
)
@viewing
@click.pass_context
def pack(ctx: click.Context, case: str, file: Path, addressee: str, viewer: str) -> None:
    """打成一个 ZIP 包（BagIt）；同样的内容总得到同样的字节。

    每次都按现在的内容重新打包。企业的一份只有它自己的这一件。装了 pdf 组件的，文书另有 PDF/A。
    """
    from engine.app.queries.papers.archive import Addressee, read_archive
    from engine.deployment.jobs.packing import (
        DamagedFilesError,
        kept_files,
        no_pdf,
        pdf_maker,
        require_as_in_history,
    )
    from engine.documents.archive import write_package
    from engine.documents.package.contents import package_of

    home, whom = home_of(ctx), Addressee(addressee)
    found = answered(read_archive(source_of(ctx), viewer, case, whom))
    try:
        require_as_in_history(found)
        kept = {} if whom is Addressee.FIRM else kept_files(home, found)
    except DamagedFilesError as problem:
        raise CommandError(problem.message) from None
    files = package_of(found, kept, addressee=whom, to_pdf=pdf_maker(home))
    click.echo(f"{write_package(files, file)}  {file}")
    if (lacking := no_pdf(files)) is not None:
        click.echo(said(lacking), err=True)


@group.command("pack-year")
@click.argument("workflow")
@click.argument("year", type=click.IntRange(1, 9999))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--for",
    "addressee",
    type=click.Choice(ADDRESSEES),
    default="office",
    help="给谁：本单位的卷，或企业的一份",
)
@acting
@click.pass_context
def pack_year(
    ctx: click.Context,
    workflow: str,
    year: int,
    folder: Path,
    addressee: str,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """把一种流程一年办结的案件逐件打成归档包，作为作业交给办理进程；进度见 ssj job list。

    例：ssj archive pack-year inspection 2024 归档2024 --as archivist
    """
    from engine.app.commands.papers.jobs import queue_job
    from engine.app.queries.papers.jobs import closed_cases
    from engine.deployment.jobs.packing import can_write_pdf

    if not can_write_pdf():
        lacking = say(
            "本机没有装写 PDF 的组件：由本机的办理进程打的包没有 PDF/A，包的首页和核验都写明。要有 PDF/A，请先安装 shuangsuiji[pdf]"
        )
        click.echo(said(lacking), err=True)
    cases = answered(closed_cases(source_of(ctx), person, workflow, year))
    who = caller(person, request_id=request_id, dry_run=dry_run)
    words = {"folder": str(folder.resolve()), "for": addressee}
    for job in answered(queue_job(application_of(ctx), who, "archive", words, list(cases))):
        click.echo(job)


@group.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sha256", default=None, metavar="HEX", help="打包时记下的摘要")
def verify(file: Path, sha256: str | None) -> None:
    """核验一个归档包：任何一个字节被改都会指出是哪个文件。包里的 verify.py 不用本产品也能核验。"""
    from engine.documents.archive_verification import package_notes, verify_package

    problems = verify_package(file, sha256)
    for problem in problems:
        click.echo(said(problem))
    if problems:
        raise click.exceptions.Exit(REFUSED)
    for note in package_notes(file):
        click.echo(said(note))
    click.echo(str(say("核验通过：{file}", file=file)))


def _state(piece: PieceState) -> Message:
    if not piece.needed:
        return say("不需要")
    return say("齐全") if piece.complete else say("缺少")


def _plain(piece: PieceState) -> dict[str, Any]:
    return {
        "number": piece.number,
        "title": piece.title,
        "needed": piece.needed,
        "complete": piece.complete,
        "missing": [str(message) for message in piece.missing],
    }


for command in (due, bin_, restore, destroy):
    group.add_command(command)
