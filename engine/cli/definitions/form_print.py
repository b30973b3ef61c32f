"""``ssj form print``: a sheet of a form, blank, or of the answers of a case."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from engine.cli.authentication import viewer_of, viewing_lazily
from engine.cli.definitions.form_files import form_named, loaded_of
from engine.cli.exits import CommandError
from engine.cli.new_file import write_new
from engine.language import say

#: A blank form is of no day: it gives the same bytes on every day.
NO_DAY = date(2000, 1, 1)


@click.command("print")
@click.argument("what", metavar="FORM|CASE")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--form", "only", default=None, metavar="FORM", help="案件只打印这一张表单")
@viewing_lazily
@click.pass_context
def print_form(ctx: click.Context, what: str, file: Path, only: str | None, named: str | None) -> None:
    """打印表单：写表单编号，打印空白的；写案件编号，打印该件填过的各张。

    文件名以 .docx 结尾写成 Word，以 .pdf 结尾写成 PDF，其余写成 HTML。

    例：ssj form print onsite_check 现场检查.pdf
    """
    from engine.documents.form_sheet import blank_sheet

    loaded = loaded_of(ctx)
    if what in loaded.forms:
        bureau = loaded.library.bureau
        content = blank_sheet(form_named(loaded.forms, what), bureau.title if bureau is not None else "")
        _write(file, content, NO_DAY, [])
        return
    _print_case(ctx, what, file, only, named)


def _print_case(ctx: click.Context, case: str, file: Path, only: str | None, named: str | None) -> None:
    from engine.app.queries.cases import show_case
    from engine.cli.session import answered, home_of, source_of, zone_of
    from engine.documents.form_sheet import FilledSheet, filled_sheet

    source = source_of(ctx)
    view = answered(show_case(source, viewer_of(ctx, named), case))
    forms = [form for form in view.answers if only in (None, form.id)]
    if not forms:
        raise CommandError(say("“{case}”还没有填过这样的表单", case=case))
    content = filled_sheet(FilledSheet(case, view.case.title, forms), view.process.bureau.title)
    made_on = source.clock.now().astimezone(zone_of()).date()
    _write(file, content, made_on, [home_of(ctx).forms / "fonts"])


def _write(file: Path, content: bytes, made_on: date, fonts: list[Path]) -> None:
    from engine.documents.paper.formats import format_of, written
    from engine.documents.paper.tree import PaperError

    try:
        data = written(content, format_of(file.name), made_on, fonts)
    except PaperError as problem:
        raise CommandError(problem.message) from None
    write_new(file, data)
    click.echo(str(file))
