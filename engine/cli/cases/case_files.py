"""``ssj case attach``, ``case files``, ``case save-file``: the files kept with a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.authentication import viewing
from engine.cli.exits import REFUSED, CommandError
from engine.cli.new_file import write_new
from engine.cli.options import acting
from engine.cli.output import Column, listing, print_listing, tabbed
from engine.cli.session import answered, application_of, caller, home_of, local_second, source_of
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries.papers.papers import KeptFile


@click.command("attach")
@click.argument("case")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", default=None, help="附件名称（默认为文件名）")
@acting
@click.pass_context
def attach(
    ctx: click.Context,
    case: str,
    file: Path,
    title: str | None,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """把一个文件（照片、扫描件、回证）存入一件案件；表单里的附件写它的编号。

    收 PDF、JPEG、PNG、Word、Excel、OFD 和文本，按内容辨认，不按文件名。

    例：ssj case attach inspection-17 回证.jpg --title 送达回证 --as insp-04
    """
    from engine.app.commands.papers.files import NewFile, keep_file
    from engine.files.reading import read_file
    from engine.kernel.budget import KEPT_FILE, BudgetExceededError

    try:
        content = read_file(file, KEPT_FILE)
    except BudgetExceededError as problem:
        raise CommandError(problem.message, REFUSED) from None
    who = caller(person, request_id=request_id, dry_run=dry_run)
    new = NewFile(content, file.name, title or file.stem)
    kept = answered(keep_file(application_of(ctx), who, case, new))
    click.echo(tabbed(kept.id, kept.type, kept.size, kept.sha256))


@click.command("files")
@click.argument("case")
@viewing
@listing
@click.pass_context
def list_files(ctx: click.Context, case: str, viewer: str, output: str | None) -> None:
    """列出一件案件的附件：编号、名称、类型、大小、谁何时存入、摘要。"""
    from engine.app.queries.papers import papers

    found = answered(papers.list_files(source_of(ctx), viewer, case))
    columns: list[Column[KeptFile]] = [
        Column(say("编号"), lambda one: one.id),
        Column(say("名称"), lambda one: one.title),
        Column(say("类型"), lambda one: one.type),
        Column(say("大小"), lambda one: str(one.size)),
        Column(say("存入人"), lambda one: one.by),
        Column(say("时间"), lambda one: local_second(one.at)),
        Column(say("摘要"), lambda one: one.sha256[:16]),
    ]
    empty = say("“{case}”还没有附件。", case=case)
    print_listing(found, columns, output, as_json=lambda one: dict(one.as_json()), empty=empty)


@click.command("save-file")
@click.argument("attachment", metavar="ID")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--public", is_flag=True, help="图片去掉相机写入的时间、地点、机型")
@click.option("--thumbnail", is_flag=True, help="图片的小样（JPEG）")
@viewing
@click.pass_context
def save_file(
    ctx: click.Context, attachment: str, file: Path, public: bool, thumbnail: bool, viewer: str
) -> None:
    """取出一个附件（编号见 case files）；原件一个字节不变。

    例：ssj case save-file inspection-17/F1 公开用.jpg --public
    """
    from engine.app.queries.papers import papers
    from engine.documents.thumbnail import ThumbnailError
    from engine.documents.thumbnail import thumbnail as small
    from engine.files.content_store import ContentStore
    from engine.files.pictures import PictureError, without_metadata

    store = ContentStore(home_of(ctx).files)
    found, content = answered(papers.read_file(source_of(ctx), viewer, attachment, store))
    if (public or thumbnail) and found.type not in ("jpeg", "png"):
        raise CommandError(say("“{file}”不是图片", file=found.id), REFUSED)
    try:
        if thumbnail:
            content = small(content)
        elif public:
            content = without_metadata(content)
    except ThumbnailError as problem:
        raise CommandError(problem.message, REFUSED) from None
    except PictureError:
        raise CommandError(say("“{name}”不是完好的图片", name=found.name), REFUSED) from None
    write_new(file, content)
    click.echo(str(file))
