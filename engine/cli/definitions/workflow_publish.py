"""``diff``, ``publish`` and ``export``: what differs from what is published, publishing it, and taking texts out to edit them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.authentication import as_person, viewer_of, viewing, viewing_lazily
from engine.cli.definitions.workflow_files import workflows_of
from engine.cli.exits import USAGE, CommandError
from engine.cli.new_file import require_new_folder, write_new_folder
from engine.cli.options import request_id_option
from engine.cli.session import answered, application_of, caller, home_of, source_of
from engine.kernel.refusal import Refusal
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries import QuerySource
    from engine.definition.library import Loaded

#: In a folder that was taken out: workflow -> the version its text was edited from.
BASE = ".published.json"


@click.command("diff")
@click.argument("old", type=click.Path(exists=True, path_type=Path), required=False)
@click.argument("new", type=click.Path(exists=True, path_type=Path), required=False)
@click.option("--version", type=click.IntRange(1), default=None, help="与已发布的第几版比；不写为最新一版")
@click.option("--exit-code", is_flag=True, help="有不同时退出码为 1")
@viewing_lazily
@click.pass_context
def diff(
    ctx: click.Context,
    old: Path | None,
    new: Path | None,
    version: int | None,
    exit_code: bool,
    named: str | None,
) -> None:
    """比较一个流程的两个文件；只写一个文件时，与部署里已发布的比；不写时，部署目录中的全部流程与已发布的比。

    增、删、改名、改了什么，条件、时限和表单里面的也说明。

    例：ssj workflow diff workflows/inspection.yaml
    """
    from engine.authoring.diff import compare
    from engine.authoring.edited_apart import changes_in_words

    if old is not None and new is not None:
        (before, *_), (after, *_) = workflows_of(old), workflows_of(new)
        changes = compare(before, after)
        for line in changes_in_words(changes):
            click.echo(str(line))
        differs = bool(changes)
    else:
        differs = _against_published(ctx, old, version, viewer_of(ctx, named))
    if differs and exit_code:
        raise click.exceptions.Exit(1)


def _against_published(ctx: click.Context, file: Path | None, version: int | None, viewer: str) -> bool:
    from engine.app.queries.definitions import show_definition
    from engine.authoring.diff import compare
    from engine.authoring.edited_apart import changes_in_words
    from engine.deployment.set_up import load_definitions

    found = (
        workflows_of(file) if file is not None else list(load_definitions(home_of(ctx)).workflows.values())
    )
    several = len(found) > 1
    differs = False
    for workflow in found:
        published = show_definition(source_of(ctx), viewer, workflow.id, version)
        if isinstance(published, Refusal):
            if version is not None:
                answered(published)
            click.echo(str(say("流程“{workflow}”还没有发布过", workflow=workflow.id)))
            differs = True
            continue
        changes = compare(published.workflow, workflow)
        if changes and several:
            click.echo(str(say("流程“{workflow}”：", workflow=workflow.id)))
        for line in changes_in_words(changes):
            click.echo(f"    {line}" if several else str(line))
        differs = differs or bool(changes)
    return differs


@click.command("publish")
@click.argument("workflows", nargs=-1, metavar="[WORKFLOW]...")
@as_person("以谁的身份发布")
@click.option("--note", default=None, help="这一版改了什么")
@click.option(
    "--from",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="发布这个目录里的（ssj workflow export 取出、改好的）；不写为部署目录",
)
@click.option(
    "--base",
    type=click.IntRange(1),
    default=None,
    help="由第几版改来；其后他人已发布的，不发布，列出两处改动",
)
@click.option(
    "--again", type=click.IntRange(1), default=None, help="把第几版的原文一字不差地再发布为新版（退回旧版）"
)
@click.option("--dry-run", is_flag=True, help="只看会发布什么，不保存")
@request_id_option
@click.pass_context
def publish(
    ctx: click.Context,
    workflows: tuple[str, ...],
    person: str,
    note: str | None,
    folder: Path | None,
    base: int | None,
    again: int | None,
    dry_run: bool,
    request_id: str | None,
) -> None:
    """检查并发布部署目录中的全部流程，或只发布写明的几个；没有变化的不出新版本，已在办的案件仍按原版本办。

    例：ssj workflow publish inspection --note 改为15个工作日 --as leading
    """
    from engine.app.commands import publish_definitions
    from engine.yamltext.problem import as_text

    if (base is not None or again is not None) and len(workflows) != 1:
        raise CommandError(say("--base 和 --again 须写明一个流程"), USAGE)
    by = caller(person, request_id=request_id, dry_run=dry_run)
    application = application_of(ctx)
    if again is not None:
        outcome = answered(publish_definitions.publish_again(application, by, workflows[0], again, note))
    else:
        loaded, own, known = _to_publish(ctx, folder)
        if loaded.problems:
            click.echo(as_text(loaded.problems, loaded.sources), err=True)
        bases = {workflows[0]: base} if base is not None else known
        only = workflows or own
        found = publish_definitions.publish(application, by, loaded, note, only=only, base=bases or None)
        if isinstance(found, Refusal):
            _show_both(application, person, found, bases, loaded)
        outcome = answered(found)
    for workflow, number in outcome.new.items():
        click.echo(str(say("{workflow}\t第 {number} 版\t新", workflow=workflow, number=number)))
    for workflow, number in outcome.same.items():
        click.echo(str(say("{workflow}\t第 {number} 版\t未变", workflow=workflow, number=number)))
    for path, digest in outcome.files.items():
        gone = say("{path}\t文件\t取消", path=path)
        click.echo(str(gone if digest is None else say("{path}\t文件\t新", path=path)))
    for said in outcome.notes:
        click.echo(said, err=True)
    if dry_run:
        click.echo(str(say("仅试算，未保存。")), err=True)


def _to_publish(ctx: click.Context, folder: Path | None) -> tuple[Loaded, tuple[str, ...], Mapping[str, int]]:
    """Return what is to be published, the workflows of `folder` itself, and the versions they were edited from."""
    from engine.definition.file_discovery import definition_files
    from engine.definition.library import load_paths
    from engine.deployment.set_up import load_definitions

    home = home_of(ctx)
    if folder is None:
        return load_definitions(home), (), {}
    files = definition_files(folder)
    loaded = load_paths(files, context=definition_files(home.path))
    names = {str(file) for file in files}
    own = tuple(
        name for (kind, name), file in loaded.library.places.items() if kind == "workflow" and file in names
    )
    return loaded, own, versions_edited(folder)


def versions_edited(folder: Path) -> Mapping[str, int]:
    """Return workflow -> the version its text in `folder` was edited from; nothing where the folder does not say."""
    from engine.files.reading import read_file
    from engine.kernel.budget import JSON_ERRORS, TEXT, BudgetExceededError, read_json

    if not (folder / BASE).is_file():
        return {}
    try:
        value = read_json(read_file(folder / BASE, TEXT, ""), TEXT)
        return {str(name): int(number) for name, number in value.items()}
    except BudgetExceededError:
        raise
    except JSON_ERRORS:
        raise CommandError(say("“{file}”读不懂；请重新取出", file=str(folder / BASE)), USAGE) from None


def _show_both(
    source: QuerySource, viewer: str, refusal: Refusal, bases: Mapping[str, int], loaded: Loaded
) -> None:
    """Show whoever was overtaken both texts: what was published meanwhile, and what they have changed."""
    from engine.app.commands.publish_definitions import OVERTAKEN
    from engine.app.queries.definitions import show_definition
    from engine.authoring.edited_apart import edited_apart

    for reason in refusal.reasons:
        name = reason.field
        if reason.code != OVERTAKEN or name is None or name not in loaded.workflows:
            continue
        newest = answered(show_definition(source, viewer, name))
        base = answered(show_definition(source, viewer, name, bases.get(name) or newest.version - 1 or 1))
        for line in edited_apart(base.workflow, newest.workflow, loaded.workflows[name]):
            click.echo(str(line), err=True)


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("workflows", nargs=-1, metavar="[WORKFLOW]...")
@click.option("--version", type=click.IntRange(1), default=None, help="取出第几版；不写为最新一版")
@viewing
@click.pass_context
def export(
    ctx: click.Context, folder: Path, workflows: tuple[str, ...], version: int | None, viewer: str
) -> None:
    """取出已发布的原文，一字不差，写进一个新目录，改好后用 publish --from 发布。

    目录里记着是由第几版改来的：其间他人发布过的，发布时会列出两处改动。

    例：ssj workflow export 改稿 inspection
    """
    from engine.app.queries.definitions import definition_texts, list_definitions

    if version is not None and len(workflows) != 1:
        raise CommandError(say("--version 须写明一个流程"), USAGE)
    source = source_of(ctx)
    require_new_folder(folder)
    names = workflows or tuple(
        dict.fromkeys(one.workflow for one in answered(list_definitions(source, viewer)))
    )
    files: dict[str, bytes] = {}
    numbers: dict[str, int] = {}
    for name in names:
        number, texts = answered(definition_texts(source, viewer, name, version))
        numbers[name] = number
        for part, text in texts.items():
            files[_place(part)] = text
    files[BASE] = (json.dumps(numbers, sort_keys=True) + "\n").encode()
    write_new_folder(folder, files)
    for name, number in numbers.items():
        click.echo(str(say("{workflow}\t第 {number} 版", workflow=name, number=number)))


def _place(part: str) -> str:
    """Return the path of a text of a version in a folder, as deployments keep them."""
    stem, _, kind = part.removesuffix(".yaml").rpartition(".")
    if kind == "workflow":
        return f"workflows/{stem}.yaml"
    if kind == "form":
        return f"forms/{stem}.yaml"
    return f"workflows/{part}"
