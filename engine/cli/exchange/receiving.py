"""``ssj exchange import|fill|new``: what comes back from a platform, a superior's own workbook, a format for a new platform."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.authentication import as_person, viewing
from engine.cli.exchange.files import format_called, formats_in, read_bytes, read_table, say_all
from engine.cli.exits import REFUSED, CommandError, said
from engine.cli.new_file import require_new, write_new
from engine.cli.options import request_id_option
from engine.cli.session import answered, application_of, caller, home_of, source_of
from engine.language import say

if TYPE_CHECKING:
    from engine.app.commands.exchange.exchange import ExchangeFile
    from engine.app.queries.exchange.exchange import RowsWanted
    from engine.exchange.formats import ExchangeFormat
    from engine.exchange.rows import FormatRow, WorkbookRows


@click.command("import")
@click.argument("name", metavar="FORMAT")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--year", type=click.IntRange(2000, 2200), default=None, help="只与这一年启动的件比较")
@click.option("--section", default=None, help="只与一个股室的比较")
@click.option("--batch", default=None, metavar="CASE", help="只与一期抽查任务的比较")
@click.option("--sheet", default=None, help="工作表名")
@click.option("--skip-bad", is_flag=True, help="有误的行不取，其余照取")
@click.option(
    "--hidden",
    type=click.Choice(["include", "leave-out"]),
    default=None,
    help="隐藏或筛掉的行、列：include 一并导入，leave-out 不导入",
)
@click.option(
    "--receipt", "typed", multiple=True, metavar="KEY=NUMBER", help="没有文件时手工登记一行的回执；可写多次"
)
@as_person("以谁的身份登记")
@request_id_option
@click.option("--dry-run", is_flag=True, help="只核对，不保存")
@click.pass_context
def import_back(
    ctx: click.Context,
    name: str,
    file: Path | None,
    year: int | None,
    section: str | None,
    batch: str | None,
    sheet: str | None,
    skip_bad: bool,
    hidden: str | None,
    typed: tuple[str, ...],
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """取回平台的工作簿：先逐行核对，与本局一致的登记回执，不一致的逐行逐列指出、不登记。

    行是名录的，按名录的导入办理（ssj register import）。

    例：ssj exchange import zhejiang_result 平台导出.xlsx --year 2024 --as leading
    """
    from engine.app.commands.exchange.exchange import ExchangeFile, HiddenAnswer, RowsWanted, receive_rows
    from engine.exchange.formats import RowsOf

    used = format_called(ctx, name)
    wanted = RowsWanted(year, section, batch)
    if used.rows.kind is RowsOf.MEASURES:
        raise CommandError(say("“{title}”只导出，不导入", title=used.heading), REFUSED)
    if (file is None) == (not typed):
        raise click.UsageError(str(say("请写明 FILE，或用 --receipt 登记")))
    if file is None:
        taken = ExchangeFile("", "", _typed_rows(ctx, used, wanted, person, typed), wanted)
    else:
        answer = HiddenAnswer(hidden) if hidden is not None else None
        rows, sha256 = read_table(used, file, sheet, answer)
        if rows.problems:
            say_all(rows.problems, err=True)
            if not skip_bad:
                bad = len({problem.row for problem in rows.problems})
                message = say("{bad} 行有误，没有登记；改正后再导入，或用 --skip-bad 只取其余的", bad=bad)
                raise CommandError(message, REFUSED)
        taken = ExchangeFile(file.name, sha256, rows.good, wanted, rows.hidden, answer)
        if used.rows.kind is RowsOf.REGISTER:
            _into_register(ctx, used, rows, taken, person, request_id, dry_run)
            return
    by = caller(person, request_id=request_id, dry_run=dry_run)
    found = answered(receive_rows(application_of(ctx), by, used, taken))
    say_all(found.differing)
    if dry_run:
        click.echo(str(say("仅试算，未保存。")), err=True)
    click.echo(
        str(say("一致 {same} 行，已登记；不同 {count} 处", same=found.same, count=len(found.differing))),
        err=True,
    )
    if found.differing:
        ctx.exit(REFUSED)


def _typed_rows(
    ctx: click.Context, used: ExchangeFormat, wanted: RowsWanted, person: str, typed: tuple[str, ...]
) -> list[FormatRow]:
    """Return our rows with the receipts somebody typed: the key (its parts with a bar between them) and the number."""
    from dataclasses import replace

    from engine.app.queries.exchange.exchange import exchange_rows
    from engine.exchange.cells import CellError, read_cell

    if not used.receipts:
        raise CommandError(say("“{title}”没有由平台回填的列", title=used.heading), REFUSED)
    column = used.receipts[0]
    made = answered(exchange_rows(source_of(ctx), person, used, wanted))
    ours = {"|".join(row.key(used)): row for row in made.rows.rows}
    found = []
    for one in typed:
        key, _, number = one.partition("=")
        if key not in ours or not number:
            raise CommandError(say("没有标识为“{key}”的行；写作 标识=编号", key=key), REFUSED)
        try:
            cells = {**ours[key].cells, column.id: read_cell(column, number)}
        except CellError as fault:
            raise CommandError(fault.expected, REFUSED) from None
        found.append(replace(ours[key], cells=cells))
    return found


def _into_register(
    ctx: click.Context,
    used: ExchangeFormat,
    rows: WorkbookRows,
    file: ExchangeFile,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """Take the rows of a register's workbook in, as an import of that register."""
    from dataclasses import replace

    from engine.app.commands.registers import RegisterFile, import_register
    from engine.app.queries.register_changes import codes_in_force
    from engine.exchange.register_rows import read_entries

    application = application_of(ctx)
    codes = answered(codes_in_force(application, person))
    reading, profile = read_entries(used, rows.good, codes, rows.columns)
    if reading.problems:
        say_all(reading.problems, err=True)
        raise CommandError(say("有 {count} 处不合名录的要求，没有导入", count=len(reading.problems)), REFUSED)
    reading = replace(reading, hidden=file.hidden)
    taken = RegisterFile(profile=profile, reading=reading, source=file.name, hidden=file.answer)
    by = caller(person, request_id=request_id, dry_run=dry_run)
    done = answered(import_register(application, by, used.rows.of, taken))
    click.echo(
        str(say("新增 {added} 条，改动 {changed} 条，未变 {same} 条", added=done.added, changed=done.changed, same=done.same))
    )  # fmt: skip
    if dry_run:
        click.echo(str(say("仅试算，未保存。")), err=True)


@click.command("fill")
@click.argument("template", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--year", type=click.IntRange(2000, 2200), default=None, help="哪一年（默认今年）")
@click.option("--names", is_flag=True, help="列出可写的名称及其现值")
@viewing
@click.pass_context
def fill(ctx: click.Context, template: Path, file: Path, year: int | None, names: bool, viewer: str) -> None:
    """填上级自己的工作簿：格里以双花括号写着名称的换成本局的数，其余不动；不认识的名称逐个列出，不写文件。

    例：ssj exchange fill 上级表.xlsx 上报.xlsx --year 2024
    """
    from engine.app.queries.exchange.exchange import named_values
    from engine.exchange.placeholders import fill_workbook
    from engine.exchange.table_file import ExchangeFileError

    require_new(file)
    values = answered(named_values(source_of(ctx), viewer, year))
    if names:
        for name, value in values.items():
            click.echo(f"{{{{{name}}}}}\t{value}")
        return
    try:
        found = fill_workbook(read_bytes(template), values)
    except ExchangeFileError as error:
        raise CommandError("\n".join(said(problem) for problem in error.problems), REFUSED) from None
    if found.unknown:
        say_all(found.unknown, err=True)
        raise CommandError(say("有 {count} 个名称不认识，没有写文件", count=len(found.unknown)), REFUSED)
    if found.content is None:
        raise CommandError(say("工作簿里没有要填的名称，没有写文件"), REFUSED)
    if found.changed:
        message = say(
            "工作簿里有图片、图形、图表或透视表（{parts}），写出的文件里可能缺失，请核对",
            parts=list(found.changed),
        )
        click.echo(said(message), err=True)
    write_new(file, found.content)
    click.echo(str(say("已写出 {file}：填了 {count} 处", file=file, count=found.filled)))


@click.command("new")
@click.argument("name", metavar="FORMAT")
@click.argument("example", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--rows", "of", required=True, help="行是什么：流程的标识，或名录 objects、inspectors、items、experts"
)
@viewing
@click.pass_context
def new_format(ctx: click.Context, name: str, example: Path, of: str, viewer: str) -> None:
    """由平台自己导出的文件的表头，生成一份格式 YAML，放进部署目录的 exchange/。认得的列写好来源，不认得的标“待核”。

    例：ssj exchange new hebei_result 平台导出.xlsx --rows inspection
    """
    from engine.app.queries.exchange.exchange import titled_fields
    from engine.exchange.folder import FOLDER
    from engine.exchange.outline import known_columns, outline_of
    from engine.exchange.table_file import ExchangeFileError

    if not name.isidentifier() or not name.isascii():
        raise click.UsageError(str(say("格式的标识用英文字母、数字和下划线")))
    known = formats_in(ctx).formats
    if name in known:
        raise CommandError(say("已有格式“{name}”", name=name), REFUSED)
    fields = answered(titled_fields(source_of(ctx), viewer, of))
    try:
        titles = known_columns(known.values(), of, fields)
        made = outline_of(name, of, read_bytes(example), titles, example.name)
    except ExchangeFileError as error:
        raise CommandError("\n".join(said(problem) for problem in error.problems), REFUSED) from None
    folder = home_of(ctx).path / FOLDER
    file = folder / f"{name}.yaml"
    require_new(file)
    folder.mkdir(exist_ok=True)
    write_new(file, made.text.encode())
    click.echo(
        str(say("已写出 {file}：{columns} 列，认得 {found} 列，其余标着“待核”", file=file, columns=made.columns, found=made.found))
    )  # fmt: skip
