"""``ssj document``: documents made of templates, and those filed with a case."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli.exits import REFUSED, USAGE, CommandError
from engine.cli.options import as_json
from engine.cli.session import application_of, home_of, print_json, store_of
from engine.language import say


@click.group("document")
def group() -> None:
    """文书：由模板生成，或列出、取出随案件归档的文书。

    例：ssj document render inspection-17 check_sheet 检查表.html
    """


@group.command("list")
@click.argument("case", required=False)
@as_json
@click.pass_context
def list_documents(ctx: click.Context, case: str | None, json_output: bool) -> None:
    """列出一件案件的文书；不写案件则列出可用的模板。"""
    if case is None:
        from engine.documents.render import templates

        for name in templates([home_of(ctx).forms / "templates"]):
            click.echo(name)
        return
    with store_of(ctx).read() as transaction:
        found = transaction.records.documents(case)
    if json_output:
        print_json(
            [
                {
                    "id": d.id,
                    "kind": d.kind,
                    "name": d.name,
                    "sha256": d.sha256,
                    "made_at": d.made_at.isoformat(),
                }
                for d in found
            ]
        )
        return
    for document in found:
        click.echo(f"{document.id}\t{document.name}\t{document.sha256[:16]}")
    if not found:
        click.echo(str(say("“{case}”还没有文书。", case=case)), err=True)


@group.command("render")
@click.argument("case")
@click.argument("template")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def render(ctx: click.Context, case: str, template: str, file: Path) -> None:
    """按模板为一件案件生成文书（HTML，A4 打印样式），写入文件；不改动案件。"""
    from engine.app.draws.document_request import request_for
    from engine.app.ports.documents import DocumentError
    from engine.app.session.unit_of_work import UnitOfWork

    application = application_of(ctx)
    with application.store.read() as transaction:
        found = transaction.cases.get(case)
        if found is None:
            raise CommandError(say("没有案件“{case}”；用 ssj case list 查看", case=case), USAGE)
        request = request_for(UnitOfWork(application, transaction, application.clock.now()), found, template)
    try:
        content = application.renderer.render(request) if application.renderer else b""
    except DocumentError as problem:
        raise CommandError(problem.message, REFUSED) from None
    file.write_bytes(content)
    click.echo(str(file))


@group.command("save")
@click.argument("document")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def save(ctx: click.Context, document: str, file: Path) -> None:
    """取出一份归档的文书（编号见 document list）。"""
    case = document.rpartition("/")[0]
    with store_of(ctx).read() as transaction:
        found = next((d for d in transaction.records.documents(case) if d.id == document), None)
    if found is None:
        raise CommandError(
            say("没有文书“{document}”；用 ssj document list {case} 查看", document=document, case=case)
        )
    file.write_bytes(found.content)
    click.echo(str(file))
