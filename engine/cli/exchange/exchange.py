"""``ssj exchange``: which formats there are, and workbooks exported and checked."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import as_person, viewing
from engine.cli.exchange.files import format_called, formats_in, read_table, say_all, written
from engine.cli.exchange.receiving import fill, import_back, new_format
from engine.cli.exits import REFUSED, CommandError, said
from engine.cli.new_file import require_new, write_new
from engine.cli.options import as_json, request_id_option
from engine.cli.output import Column, listing, print_json, print_listing
from engine.cli.session import answered, application_of, caller, source_of
from engine.language import say

if TYPE_CHECKING:
    from engine.exchange.formats import ExchangeFormat, FormatColumn
    from engine.exchange.rows import WorkbookRows

_YEAR = click.option("--year", type=click.IntRange(2000, 2200), default=None, help="只要这一年启动的件")
_SECTION = click.option("--section", default=None, help="只要一个股室的")
_BATCH = click.option("--batch", default=None, metavar="CASE", help="只要一期抽查任务的")


@click.group("exchange")
def group() -> None:
    """与平台交换的工作簿：导出、上传前核对、回执导回。列、代码和检查写在 exchange/ 下的 YAML 里。

    例：ssj exchange export zhejiang_result 结果.xlsx --year 2024 --as leading
    """


group.add_command(import_back)
group.add_command(fill)
group.add_command(new_format)


@group.command("list")
@viewing
@listing
@click.pass_context
def list_formats(ctx: click.Context, viewer: str, output: str | None) -> None:
    """列出格式：行是什么，几列；已有几行、导出几行、导出后变了几行、平台回了几行。"""
    from engine.app.queries.exchange.exchange import RowsWanted, exchange_state
    from engine.kernel.refusal import Refusal

    rows = []
    for one in formats_in(ctx).formats.values():
        state = exchange_state(source_of(ctx), viewer, one, RowsWanted())
        if isinstance(state, Refusal) and state.reasons[0].code == "not-allowed":
            answered(state)
        rows.append((one, {} if isinstance(state, Refusal) else state.as_json()))

    def count(name: str) -> Any:
        return lambda row: row[1].get(name, "-")

    columns: list[Column[tuple[ExchangeFormat, dict[str, int]]]] = [
        Column(say("格式"), lambda row: row[0].id),
        Column(say("名称"), lambda row: row[0].heading),
        Column(say("列数"), lambda row: len(row[0].columns)),
        Column(say("行数"), count("rows")),
        Column(say("有误"), count("faulty")),
        Column(say("已导出"), count("exported")),
        Column(say("导出后有变"), count("changed")),
        Column(say("已回执"), count("received")),
    ]
    print_listing(
        rows,
        columns,
        output,
        as_json=lambda row: {
            "id": row[0].id,
            "title": row[0].title,
            "columns": len(row[0].columns),
            **row[1],
        },
        empty=say("还没有格式。"),
    )


@group.command("show")
@click.argument("name", metavar="FORMAT")
@viewing
@listing
@click.pass_context
def show(ctx: click.Context, name: str, viewer: str, output: str | None) -> None:  # noqa: ARG001 - who reads is asked
    """一个格式的各列：名称、类型、必填、来源。"""
    used = format_called(ctx, name)
    if output is None and used.source:
        click.echo(str(say("出处：{source}", source=used.source)), err=True)
    columns: list[Column[FormatColumn]] = [
        Column(say("列"), lambda one: one.id),
        Column(say("名称"), lambda one: one.title),
        Column(say("类型"), lambda one: one.kind.value),
        Column(say("必填"), lambda one: say("是") if one.required else say("否")),
        Column(say("来源"), _where_from),
    ]
    print_listing(list(used.columns.values()), columns, output, as_json=_column_json, empty=say("没有列。"))


def _where_from(column: FormatColumn) -> str:
    if column.value is not None:
        return column.value.source
    if column.fixed is not None:
        return str(say("固定为“{text}”", text=column.fixed))
    return str(say("由平台回填") if column.receipt else say("由人手填"))


def _column_json(column: FormatColumn) -> dict[str, Any]:
    return {
        "id": column.id,
        "title": column.title,
        "type": column.kind.value,
        "required": column.required,
        "value": column.value.source if column.value is not None else None,
        "fixed": column.fixed,
        "codes": dict(column.codes),
        "by_hand": column.by_hand,
        "receipt": column.receipt,
    }


@group.command("export")
@click.argument("name", metavar="FORMAT")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_YEAR
@_SECTION
@_BATCH
@click.option("--skip-bad", is_flag=True, help="有误的行不写，其余照写")
@as_person("以谁的身份导出")
@request_id_option
@click.option("--dry-run", is_flag=True, help="只核对，不写文件")
@click.pass_context
def export(
    ctx: click.Context,
    name: str,
    file: Path,
    year: int | None,
    section: str | None,
    batch: str | None,
    skip_bad: bool,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """写出平台的工作簿（.xlsx 或 .csv）；有一行不合要求就不写，逐行逐列说明。没有一行时不写空文件。

    例：ssj exchange export zhejiang_result 结果.xlsx --year 2024 --as leading
    """
    from engine.app.commands.exchange.exchange import ExchangeFile, record_export
    from engine.app.queries.exchange.exchange import RowsWanted, check_own_format, exchange_rows

    require_new(file)
    used = format_called(ctx, name)
    if not dry_run:
        # Before a file is written: the command that enters it would refuse as well.
        answered(check_own_format(source_of(ctx), person, used))
    wanted = RowsWanted(year, section, batch)
    made = answered(exchange_rows(source_of(ctx), person, used, wanted))
    say_all(
        [say("“{title}”：{why}，这一格是空的", title=used.heading, why=why) for why in made.rows.notes],
        err=True,
    )
    rows = _rows_to_write(used, made.rows, made.looked_at, skip_bad)
    content = written(used, rows.rows, file)
    by_hand = [column.title for column in used.columns.values() if column.by_hand and column.required]
    if dry_run:
        click.echo(str(say("仅试算，未写文件：{count} 行。", count=len(rows.rows))), err=True)
        return
    write_new(file, content)
    sent = ExchangeFile(file.name, hashlib.sha256(content).hexdigest(), rows.rows, wanted)
    count = answered(record_export(application_of(ctx), caller(person, request_id=request_id), used, sent))
    click.echo(str(say("已写出 {file}：{count} 行", file=file, count=count)))
    if by_hand:
        click.echo(str(say("上传前还须在工作簿里手填：{titles}", titles=by_hand)), err=True)


def _rows_to_write(used: ExchangeFormat, rows: WorkbookRows, looked_at: int, skip_bad: bool) -> WorkbookRows:
    from dataclasses import replace

    if rows.problems:
        say_all(rows.problems, err=True)
    if rows.problems and not skip_bad:
        bad = len({problem.row for problem in rows.problems})
        message = say("{bad} 行有误，没有写文件；改正后再导出，或用 --skip-bad 只写其余的", bad=bad)
        raise CommandError(message, REFUSED)
    good = rows.good
    if not good:
        message = say("看了 {count} 条，没有一行合“{title}”，没有写文件", count=looked_at, title=used.heading)
        raise CommandError(message, REFUSED)
    return replace(rows, rows=good)


@group.command("check")
@click.argument("name", metavar="FORMAT")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@_YEAR
@_SECTION
@_BATCH
@click.option("--sheet", default=None, help="工作表名")
@viewing
@as_json
@click.pass_context
def check(
    ctx: click.Context,
    name: str,
    file: Path | None,
    year: int | None,
    section: str | None,
    batch: str | None,
    sheet: str | None,
    viewer: str,
    json_output: bool,
) -> None:
    """上传前核对：不写 FILE 时核对将要导出的行；写了 FILE 时逐行逐列核对文件，并与本局的比较。

    例：ssj exchange check zhejiang_result 结果.xlsx --year 2024
    """
    from engine.app.queries.exchange.exchange import RowsWanted, compare_rows, exchange_rows

    used = format_called(ctx, name)
    wanted = RowsWanted(year, section, batch)
    differing: list[Any] = []
    if file is None:
        rows = answered(exchange_rows(source_of(ctx), viewer, used, wanted)).rows
    else:
        rows, _ = read_table(used, file, sheet)
        if rows.hidden is not None:
            from engine.register.import_result import hidden_sentence

            click.echo(said(hidden_sentence(rows.hidden)), err=True)
        differing = list(answered(compare_rows(source_of(ctx), viewer, used, wanted, rows)))
    if json_output:
        _print_check(rows, differing)
    else:
        say_all([*rows.problems, *differing])
        click.echo(
            str(
                say(
                    "{rows} 行，{problems} 处有误，{differing} 处与本局不同",
                    rows=len(rows.rows),
                    problems=len(rows.problems),
                    differing=len(differing),
                )
            ),
            err=True,
        )
    if rows.problems or differing:
        ctx.exit(REFUSED)


def _print_check(rows: WorkbookRows, differing: list[Any]) -> None:
    print_json(
        {
            "rows": len(rows.rows),
            "problems": [
                {"row": one.row, "column": one.column, "seen": one.seen, "expected": str(one.expected)}
                for one in rows.problems
            ],
            "differences": [
                {
                    "row": one.row,
                    "column": one.column,
                    "theirs": one.theirs,
                    "ours": one.ours,
                    "key": list(one.key),
                }
                for one in differing
            ],
        }
    )
