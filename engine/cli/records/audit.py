"""``ssj audit``: whether the histories can be trusted, and roots to hand to somebody outside."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import as_person, viewer_of, viewing, viewing_lazily
from engine.cli.exits import ENVIRONMENT, REFUSED, CommandError
from engine.cli.new_file import require_new, write_new
from engine.cli.options import as_json, request_id_option
from engine.cli.output import Column, listing, print_json, print_listing, tabbed
from engine.cli.records import heads, readings
from engine.cli.session import answered, application_of, caller, home_of, local_second, source_of
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries.audit import RefusedAttempt, Seal


@click.group("audit")
def group() -> None:
    """审计链：核验历史是否完整、是否被改动；封存，把根交到单位以外。"""


@group.command("verify")
@click.argument("case", required=False, metavar="[CASE]")
@click.option(
    "--published",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    metavar="FILE",
    help="与单位以外保存的封存文件比对（audit root --export 所写，或公示网站的 seals.json）",
)
@click.option(
    "--since",
    default=None,
    metavar="HEAD",
    help="只核验某个日志头以后写入的：日志头的编号，或单位以外保存的日志头文件",
)
@click.option("--covered", is_flag=True, help="不核验，只列出核验包括哪些表和列、哪些列不包括及理由")
@viewing_lazily
@as_json
@click.pass_context
def verify(
    ctx: click.Context,
    case: str | None,
    published: Path | None,
    since: str | None,
    covered: bool,
    named: str | None,
    json_output: bool,
) -> None:
    """核验全部历史，或一件案件（一条历史）；指出哪条历史从哪一条、哪一天起不可信。

    链条、案件现状、编号、历次封存逐一核对。能改整个数据库的人可以把链条和封存都重做一遍，
    但改不了已经交出去的根：用 --published 比对。

    --since 只读某个有签名的日志头以后写入的，并说明没有重读什么；此前的旧记录被就地改动，只有全部核验才能发现。

    退出码：0 完整；1 发现问题。
    """
    from engine.app.queries.audit import verify_histories
    from engine.cli.damage import damage_behind
    from engine.deployment.unfinished_year import calendar_findings, profile_findings
    from engine.files.content_store import ContentStore
    from engine.files.reading import read_file
    from engine.kernel.budget import HEAD, SEALS

    if covered:
        _show_coverage(ctx, viewer_of(ctx, named), json_output=json_output)
        return
    outside = read_file(published, SEALS) if published else None
    files = ContentStore(home_of(ctx).files)
    if since is not None and (case is not None or published is not None):
        raise click.UsageError(str(say("--since 与案件、--published 不能同时用")))
    begin = None if since is None else _head_number(since) or read_file(Path(since), HEAD)
    try:
        viewer = viewer_of(ctx, named)
        found = answered(verify_histories(source_of(ctx), viewer, case, outside, files, begin))
        if case is None:
            strange = calendar_findings(home_of(ctx), source_of(ctx).store)
            strange += profile_findings(home_of(ctx))
            found = replace(found, findings=(*found.findings, *strange))
    except Exception as problem:
        # A row that is read on the way, such as how people sign in, is damaged: it is a finding, and so is all else.
        if (damaged := damage_behind(ctx, problem)) is None:
            raise
        found = damaged
    if json_output:
        print_json(found.as_json())
    else:
        for finding in found.findings:
            click.echo(str(finding))
    if found.findings:
        count = len(found.findings)
        sentence = say("发现 {count} 处问题，最早的从 {day} 起不可信", count=count, day=found.first_day)
        click.echo(str(sentence), err=True)
        raise click.exceptions.Exit(REFUSED)
    if found.since is not None:
        sentence = say(
            "核验了日志头 {number}（{day}）以后写入的：历史 {streams} 条、记录 {events} 条，完整无误；"
            "此前的 {before} 条声明和它们所写的行、附件没有重读，全部核验不用 --since",
            number=found.since.number,
            day=found.since.day,
            streams=found.streams,
            events=found.events,
            before=found.since.size,
        )
        click.echo(str(sentence), err=True)
        return
    if found.taken_over:
        taken = say("其中 {rows} 处是升级时接管的，此前没有声明可证", rows=found.taken_over)
        click.echo(str(taken), err=True)
    click.echo(
        str(
            say(
                "核验历史 {streams} 条、记录 {events} 条，完整无误",
                streams=found.streams,
                events=found.events,
            )
        ),
        err=True,
    )


def _head_number(text: str) -> int | None:
    """Return the number of a head; None for the name of a file."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def _show_coverage(ctx: click.Context, viewer: str, *, json_output: bool) -> None:
    """Print each table with its columns and how they are covered, then the columns left out with the reasons."""
    from engine.app.queries.audit import show_coverage

    found = answered(show_coverage(source_of(ctx), viewer))
    tables = {table: [list(part.columns) for part in parts] for table, parts in sorted(found.parts.items())}
    chained = {table: str(how) for table, how in sorted(found.chained.items())}
    compared = {table: str(how) for table, how in sorted(found.compared.items())}
    left_out = {f"{table}.{column}": str(why) for (table, column), why in sorted(found.left_out.items())}
    if json_output:
        lists = {"stated": tables, "chained": chained, "compared": compared, "foreign": list(found.foreign)}
        print_json({**lists, "left_out": left_out})
        return
    for table, parts in tables.items():
        columns = dict.fromkeys(column for part in parts for column in part)
        click.echo(tabbed(table, str(say("行声明")), " ".join(columns)))
    for table, how in (chained | compared).items():
        click.echo(tabbed(table, how))
    for table in found.foreign:
        click.echo(tabbed(table, str(say("不属于本程序：不应有这张表"))))
    click.echo(str(say("不包括的列：")), err=True)
    for column, why in left_out.items():
        click.echo(tabbed(column, why))


@group.command("seal")
@as_person("以谁的身份封存")
@request_id_option
@click.pass_context
def seal(ctx: click.Context, person: str, request_id: str | None) -> None:
    """现在封存一次：把全部历史、公示和抽取日志算成一个根，记入封存链。

    守护进程每天自动封存；没有开守护进程的，用计划任务每天运行本命令。

    例：ssj audit seal --as leading
    """
    from engine.app.commands.seal import seal as seal_now

    made = answered(seal_now(application_of(ctx), caller(person, request_id=request_id)))
    if made is None:
        click.echo(str(say("上次封存以来没有变动，不必再封。")), err=True)
        return
    for number in count(2):
        if not made.rest:
            break
        # More than one seal takes: each is whole, and the next goes on.
        again = f"{request_id}-{number}" if request_id is not None else None
        following = answered(seal_now(application_of(ctx), caller(person, request_id=again)))
        if following is None:
            break
        made = following
    click.echo(_line(made))


@group.command("root")
@click.option("--day", default=None, metavar="YYYY-MM-DD", help="哪一天的根（当天没有的，取此前最近一次）")
@click.option(
    "--export",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    metavar="FILE",
    help="连同所含各条写成文件，交单位以外保存",
)
@viewing
@as_json
@click.pass_context
def root(ctx: click.Context, day: str | None, file: Path | None, viewer: str, json_output: bool) -> None:
    """显示封存的根：日期、根、所含条数、该次封存在链上的哈希，以制表符分隔。

    把这一行交给公证、上级或报刊，以后任何改写都对不上。

    例：ssj audit root --export seal.json
    """
    from engine.app.queries.audit import export_seal, show_seal

    require_new(file)
    source, day = source_of(ctx), _day(day)
    found = answered(show_seal(source, viewer, day))
    if file is not None:
        import json

        text = json.dumps(answered(export_seal(source, viewer, found.day)), ensure_ascii=False, indent=1)
        _write(file, (text + "\n").encode())
    if json_output:
        print_json(found.as_json())
    else:
        click.echo(_line(found))


@group.command("proof")
@click.argument("case", metavar="CASE")
@click.option("--day", default=None, metavar="YYYY-MM-DD", help="用哪一天的根（默认最近一次）")
@viewing
@click.pass_context
def proof(ctx: click.Context, case: str, day: str | None, viewer: str) -> None:
    """输出一件案件（一条历史）包含在根里的证明，JSON；任何人可用 ssj audit check 或自己的程序核对。"""
    from engine.app.queries.audit import inclusion_proof

    print_json(answered(inclusion_proof(source_of(ctx), viewer, case, _day(day))))


@group.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--root", "known", default=None, metavar="HEX", help="从别处得来的根；不写则用文件里的")
def check(file: Path, known: str | None) -> None:
    """核对 ssj audit proof 的证明，不需要部署：从叶子一步步算到根，与已知的根比较。"""
    from engine.app.queries.audit import Leaf
    from engine.files.reading import read_file
    from engine.kernel.budget import JSON_ERRORS, PROOF, BudgetExceededError, read_json
    from engine.kernel.merkle_tree import ProofStep, root_of_proof

    try:
        body: dict[str, Any] = read_json(read_file(file, PROOF), PROOF)
        head = Leaf(str(body["name"]), int(body["entries"]), str(body["hash"]))
        steps = [
            ProofStep({"left": True, "right": False}[one["side"]], str(one["hash"])) for one in body["steps"]
        ]
        made = root_of_proof(head.leaf, steps)
        held = str(known or body["seal"]["root"])
    except BudgetExceededError:
        raise
    except JSON_ERRORS:
        raise CommandError(say("“{file}”不是 ssj audit proof 写的证明", file=file)) from None
    if made != held.lower():
        raise CommandError(say("证明不成立：算出的根是 {made}，应为 {held}", made=made, held=held))
    click.echo(tabbed(head.name, head.seq, made))
    click.echo(
        str(say("证明成立：“{name}”的前 {count} 条在这个根里。", name=head.name, count=head.seq)), err=True
    )


@group.command("head")
@click.option(
    "--program",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    metavar="FILE",
    help="另把核对日志头的程序写成文件，一并交出；只需要 Python",
)
@viewing
@as_json
@click.pass_context
def head(ctx: click.Context, file: Path | None, viewer: str, json_output: bool) -> None:
    """显示日志头：时间、条数、根、单位标识，以制表符分隔；JSON 可交单位以外的人保存。

    条数和根覆盖至今每次写入的声明。以后再取一个日志头和其间的证明（audit consistency），
    拿着两个日志头的人不用数据库就能核对此前的记录没有改动。

    例：ssj audit head --json > head-6.json
    """
    from engine.app.queries.audit import show_head, show_head_program

    require_new(file)
    found = answered(show_head(source_of(ctx), viewer))
    if file is not None:
        _write(file, answered(show_head_program(source_of(ctx), viewer)))
    if json_output:
        print_json(found)
    else:
        click.echo(tabbed(found["time"], found["size"], found["root"], found["bureau"]))


@group.command("consistency")
@click.argument("first", type=int, metavar="FROM")
@click.argument("second", type=int, metavar="TO")
@viewing
@click.pass_context
def consistency(ctx: click.Context, first: int, second: int, viewer: str) -> None:
    """输出两个日志头之间的证明，JSON：TO 条的日志头由 FROM 条的续写而成。

    例：ssj audit consistency 120 345 > proof.json
    """
    from engine.app.queries.audit import consistency_proof

    print_json(answered(consistency_proof(source_of(ctx), viewer, first, second)))


@group.command("refused")
@click.option("--case", "case", default=None, metavar="CASE", help="一件案件上的；不写则是不属于任何案件的")
@click.option("--last", type=click.IntRange(1, 10_000), default=50, help="列出最近多少次（默认 50）")
@viewing
@listing
@click.pass_context
def refused(ctx: click.Context, case: str | None, last: int, viewer: str, output: str | None) -> None:
    """列出被拒绝的尝试，最近的在前：何时、谁、想办或想看什么、为什么不许。

    办理看得到的案件被拒的，记在该案件的历史里，用 --case 列出；看不到的案件、名录、流程、系统等记在本局的历史里。

    例：ssj audit refused --last 20
    """
    from engine.app.queries.audit import refused_attempts

    found = answered(refused_attempts(source_of(ctx), viewer, case, last))
    columns: list[Column[RefusedAttempt]] = [
        Column(say("时间"), lambda one: local_second(one.at)),
        Column(say("人员"), lambda one: one.person),
        Column(say("事项"), lambda one: one.verb),
        Column(say("对象"), lambda one: one.about),
        Column(say("理由"), lambda one: "; ".join(one.reasons)),
    ]
    print_listing(found, columns, output, as_json=lambda one: one.as_json(), empty=say("没有被拒绝的尝试。"))


def _write(file: Path, content: bytes) -> None:
    """Write a new file; end the command where something is at its path, or where it cannot be written."""
    try:
        write_new(file, content)
    except OSError as problem:
        raise CommandError(
            say("写不进“{file}”：{problem}", file=file, problem=problem), ENVIRONMENT
        ) from None


def _day(day: str | None) -> str | None:
    """Return the day as written in seals. Ends the command where it is none."""
    from datetime import date

    try:
        return date.fromisoformat(day).isoformat() if day is not None else None
    except ValueError:
        raise click.UsageError(str(say("日期应写成 2024-06-30，实为“{seen}”", seen=day))) from None


def _line(found: Seal) -> str:
    return f"{found.day}\t{found.root}\t{found.leaves}\t{found.hash}"


for _command in (heads.heads, heads.sign, heads.keys, heads.new_key, readings.readings, readings.retention):
    group.add_command(_command)
