"""``ssj document``: documents made of templates, and those filed with a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import viewer_of, viewing, viewing_lazily
from engine.cli.new_file import write_new
from engine.cli.options import acting
from engine.cli.output import Column, listing, print_listing
from engine.cli.records.document_preview import preview
from engine.cli.session import answered, application_of, caller, home_of, source_of, zone_of
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say

if TYPE_CHECKING:
    from datetime import datetime

    from engine.app.queries.papers.documents import Document


@click.group("document")
def group() -> None:
    """文书：由模板生成，或列出、取出随案件归档的文书。

    例：ssj document render inspection-17 check_sheet 检查表.html
    """


group.add_command(preview)


@group.command("list")
@click.argument("case", required=False)
@viewing_lazily
@listing
@click.pass_context
def list_documents(ctx: click.Context, case: str | None, named: str | None, output: str | None) -> None:
    """列出一件案件的文书；不写案件则列出可用的模板。"""
    if case is None:
        from engine.documents.render import templates

        for name in templates([home_of(ctx).forms / "templates"]):
            click.echo(name)
        return
    from engine.app.queries.papers import documents

    found = answered(documents.list_documents(source_of(ctx), viewer_of(ctx, named), case))
    columns: list[Column[Document]] = [
        Column(say("编号"), lambda one: one.id),
        Column(say("名称"), lambda one: one.name),
        Column(say("摘要"), lambda one: one.sha256[:16]),
    ]
    print_listing(found, columns, output, as_json=_plain, empty=say("“{case}”还没有文书。", case=case))


@group.command("render")
@click.argument("case")
@click.argument("template")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@viewing
@click.pass_context
def render(ctx: click.Context, case: str, template: str, file: Path, viewer: str) -> None:
    """按模板为一件案件生成文书，写入文件；不改动案件。

    文件名以 .docx 结尾写成 Word，以 .pdf 结尾写成 PDF，其余写成 HTML（A4 打印样式）。
    """
    from engine.app.queries.papers.documents import preview_document
    from engine.deployment.rendering import TemplateRenderer

    renderer = TemplateRenderer([home_of(ctx).forms / "templates"])
    source = source_of(ctx)
    ending = _ending(file)
    content = answered(preview_document(source, viewer, case, template, renderer))
    _write(ctx, file, content, ending, source.clock.now())


@group.command("save")
@click.argument("document")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@viewing
@click.pass_context
def save(ctx: click.Context, document: str, file: Path, viewer: str) -> None:
    """取出一份归档的文书（编号见 document list）。

    文件名以 .docx 结尾写成 Word，以 .pdf 结尾写成 PDF，其余写出归档的原件。
    """
    from engine.app.queries.papers.documents import read_document

    ending = _ending(file, others=".html")
    found = answered(read_document(source_of(ctx), viewer, document))
    _write(ctx, file, found.content, ending, found.made_at)


@group.command("save-year")
@click.argument("workflow")
@click.argument("year", type=click.IntRange(1, 9999))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format", "ending", type=click.Choice(("pdf", "docx", "html")), default="pdf", help="写成哪种格式"
)
@acting
@click.pass_context
def save_year(
    ctx: click.Context,
    workflow: str,
    year: int,
    folder: Path,
    ending: str,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """把一种流程一年里的文书逐份写成 PDF 或 Word，作为作业交给办理进程；进度见 ssj job list。

    例：ssj document save-year inspection 2024 文书2024 --as archivist
    """
    from engine.app.commands.papers.jobs import queue_job
    from engine.app.queries.papers.jobs import papers_of_year
    from engine.deployment.jobs.kinds import PAPERS

    papers = answered(papers_of_year(source_of(ctx), person, workflow, year))
    who = caller(person, request_id=request_id, dry_run=dry_run)
    words = {"folder": str(folder.resolve()), "format": f".{ending}"}
    for job in answered(queue_job(application_of(ctx), who, PAPERS, words, list(papers))):
        click.echo(job)


def _ending(file: Path, others: str | None = None) -> str:
    """Return the format a file is to be written in; endings that name none are `others`, or refused."""
    from engine.documents.paper.formats import FORMATS, format_of
    from engine.documents.paper.tree import PaperError

    if others and file.suffix.lower() not in FORMATS:
        return others
    try:
        return format_of(file.name)
    except PaperError as problem:
        raise click.UsageError(str(problem)) from None


def _write(ctx: click.Context, file: Path, content: bytes, ending: str, made_at: datetime) -> None:
    """Write a document in a format and print where it is."""
    from engine.documents.paper.formats import written
    from engine.documents.paper.tree import PaperError

    made_on = made_at.astimezone(zone_of()).date()
    try:
        data = written(content, ending, made_on, [home_of(ctx).forms / "fonts"])
    except PaperError as problem:
        answered(Refusal(None, "", (RefusalReason("document", problem.message),)))
        return
    write_new(file, data)
    click.echo(str(file))


def _plain(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "kind": document.kind,
        "name": document.name,
        "sha256": document.sha256,
        "made_at": document.made_at.isoformat(),
    }
