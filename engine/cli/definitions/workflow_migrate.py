"""``migrate``: running cases go to another version, with a preview of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from engine.cli.authentication import as_person
from engine.cli.exits import REFUSED, USAGE, CommandError
from engine.cli.options import as_json, request_id_option
from engine.cli.output import print_json
from engine.cli.session import answered, application_of, caller
from engine.kernel.plain_text import visible
from engine.language import Message, say
from engine.lifecycle.forms.in_words import row_in_words
from engine.lifecycle.migration.carried_answers import CHANGE_WORDS, AnswerChange

if TYPE_CHECKING:
    from engine.lifecycle.migration.rename_map import RenameMap

_Command = TypeVar("_Command", bound=Callable[..., Any])


def rename_options(command: _Command) -> _Command:
    """Give a command the options that say what is called otherwise in the other version: ``map_file`` and ``renames``."""
    for option in (
        click.option(
            "--rename",
            "renames",
            multiple=True,
            metavar="KIND.OLD=NEW",
            help="一处改名，如 states.assigned=waiting；可写多次",
        ),
        click.option(
            "--map",
            "map_file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            default=None,
            help="写明改名的文件（第一个键是 migrate）",
        ),
    ):
        command = option(command)
    return command


def renames_given(workflow: str, map_file: Path | None, renames: Sequence[str]) -> RenameMap:
    """Return what `rename_options` were given. Raises CommandError."""
    from engine.authoring.rename_file import RenameFileError, read_rename_file, with_options
    from engine.files.reading import read_file
    from engine.kernel.budget import TEXT
    from engine.lifecycle.migration.rename_map import RenameMap

    try:
        known = RenameMap()
        if map_file is not None:
            known = read_rename_file(str(map_file), read_file(map_file, TEXT, ""), workflow)
        return with_options(known, renames)
    except RenameFileError as problem:
        raise CommandError(problem.message, USAGE) from None


@click.command("migrate")
@click.argument("workflow")
@click.option("--to", "version", type=click.IntRange(1), default=None, help="换到第几版；不写为最新一版")
@rename_options
@click.option("--case", "cases", multiple=True, metavar="CASE", help="只迁移这一件；可写多次")
@as_person("以谁的身份迁移")
@click.option("--dry-run", is_flag=True, help="逐件预览，不保存")
@request_id_option
@as_json
@click.pass_context
def migrate(
    ctx: click.Context,
    workflow: str,
    version: int | None,
    map_file: Path | None,
    renames: tuple[str, ...],
    cases: tuple[str, ...],
    person: str,
    dry_run: bool,
    request_id: str | None,
    json_output: bool,
) -> None:
    """把在办案件换到流程的另一版，逐件列出换版前后的环节、待办、时限和填写内容。

    每件各办各的：不能换的留在原版，写明原因。已开始的时限接着计，已领取的待办仍归其人。中途断了，再运行一次即可接着办完。

    例：ssj workflow migrate inspection --dry-run --as leading

    退出码：0 全部换版；1 有不能换的。
    """
    from engine.app.commands.migration import migrate_cases

    known = renames_given(workflow, map_file, renames)
    by = caller(person, request_id=request_id, dry_run=dry_run)
    found = answered(
        migrate_cases.migrate(application_of(ctx), by, workflow, version, renames=known, cases=cases)
    )
    if json_output:
        print_json(found)
    else:
        for line in _lines(found):
            click.echo(str(line))
        if dry_run:
            click.echo(str(say("仅预览，未保存。")), err=True)
    if found["stayed"]:
        raise SystemExit(REFUSED)


def _lines(found: Mapping[str, Any]) -> Iterator[Message | str]:
    if not found["cases"]:
        yield say("没有要换版的在办案件。")
        return
    for row in found["cases"]:
        yield from _of_case(row)
    yield say(
        "换到第 {version} 版：{migrated} 件；留在原版：{stayed} 件",
        version=found["version"],
        migrated=found["migrated"],
        stayed=found["stayed"],
    )


def _of_case(row: Mapping[str, Any]) -> Iterator[Message | str]:
    before, after = row["before"], row["after"]
    yield say("{case}  {title}", case=row["case"], title=visible(row["title"]))
    if after is None:
        for reason in row["reasons"]:
            yield say("  不能换：{reason}", reason=reason["message"])
            if "hint" in reason:
                yield f"    {reason['hint']}"
        return
    yield say("  环节：{before} → {after}", before=before["title"], after=after["title"])
    if _tasks(before) != _tasks(after):
        yield say("  待办：{before} → {after}", before=_tasks(before), after=_tasks(after))
    clocks = {one["clock"]: one for one in before["deadlines"]}
    renamed = {one.get("was", one["clock"]): one for one in after["deadlines"]}
    for name in dict.fromkeys((*clocks, *renamed)):
        was, now = clocks.get(name), renamed.get(name)
        if _without_id(was) != _without_id(now):
            yield say(
                "  时限“{title}”：{before} → {after}",
                title=(now or was or {})["title"],
                before=_due(was),
                after=_due(now),
            )
    for move in row["answers"]:
        yield say(
            "  “{title}”（{name}）{what}：{before} → {after}",
            title=move["title"],
            name=move["name"],
            what=CHANGE_WORDS[AnswerChange(move["what"])],
            before=_answer(move["before"]),
            after=_answer(move["after"]),
        )


def _tasks(sketch: Mapping[str, Any]) -> list[str]:
    return [str(one["for"]) for one in sketch["tasks"]] or ["-"]


def _without_id(deadline: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: value for key, value in (deadline or {}).items() if key not in ("clock", "was")}


def _due(deadline: Mapping[str, Any] | None) -> str:
    if deadline is None:
        return "-"
    late = str(say("【逾期】")) if deadline["late"] else ""
    return str(deadline["due_on"]) + late


def _answer(value: Any) -> str:
    if isinstance(value, list):
        return str(say("{cells}", cells=[_answer(one) for one in value]))
    if isinstance(value, Mapping) and "answer" in value:
        return visible(row_in_words(value))
    return "-" if value is None else visible(str(value))
