"""``ssj archive``: the closing file of a case as one package, and checking one."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import click

from engine.cli.authentication import viewing
from engine.cli.exits import REFUSED, CommandError
from engine.cli.session import answered, home_of, source_of
from engine.language import say


@click.group("archive")
def group() -> None:
    """归档包：一件案件的全部历史、文书、公示，带摘要清单。"""


@group.command("pack")
@click.argument("case")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@viewing
@click.pass_context
def pack(ctx: click.Context, case: str, file: Path, viewer: str) -> None:
    """打成一个 ZIP 包；同样的内容总得到同样的字节。"""
    from engine.app.queries.papers.documents import read_case_file
    from engine.documents import archive
    from engine.files.content_store import ContentStore

    found = answered(read_case_file(source_of(ctx), viewer, case))
    store = ContentStore(home_of(ctx).files)
    kept: dict[str, bytes] = {}
    for one in found.files:
        content = store.get(one.sha256)
        if content is None or sha256(content).hexdigest() != one.sha256:
            raise CommandError(say("附件“{file}”不在了，或与存入时不同；请先核验", file=one.id))
        kept[f"{one.id.rpartition('/')[2]}-{one.name}"] = content
    files = archive.pack(
        found.case, found.events, found.documents, found.publications, title=found.title, kept=kept
    )
    click.echo(f"{archive.write_package(files, file)}  {file}")


@group.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sha256", default=None, metavar="HEX", help="打包时记下的摘要")
def verify(file: Path, sha256: str | None) -> None:
    """核验一个归档包：任何一个字节被改都会指出。"""
    from engine.documents.archive_verification import verify_package

    problems = verify_package(file, sha256)
    for problem in problems:
        click.echo(str(problem))
    if problems:
        raise click.exceptions.Exit(REFUSED)
    click.echo(str(say("核验通过：{file}", file=file)))
