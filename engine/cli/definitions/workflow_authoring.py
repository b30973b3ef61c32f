"""``fmt``, ``explain`` and ``impact``: the layout of files, what a rule or a state means, who uses what."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.authentication import viewer_of, viewing, viewing_lazily
from engine.cli.exits import CommandError
from engine.cli.options import as_json
from engine.cli.session import answered, home_of, source_of
from engine.language import say

if TYPE_CHECKING:
    from engine.authoring.impact import DefinitionUse


@click.command("fmt")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH..."
)
@click.option("--check", is_flag=True, help="只看，不改；有要改的退出码为 1。")
def fmt(paths: tuple[Path, ...], check: bool) -> None:
    """整理定义文件的排版：行尾空白、空行、括号和冒号后的空格；注释、引号、分行都不动。

    例：ssj workflow fmt --check workflows forms
    """
    from engine.definition.file_discovery import definition_files
    from engine.files.journal import replace_file
    from engine.files.reading import read_file
    from engine.kernel.budget import TEXT
    from engine.yamltext.layout import formatted

    changed = False
    for file in dict.fromkeys(file for path in paths for file in definition_files(path)):
        before = read_file(file, TEXT, "").decode("utf-8", "surrogateescape")
        after = formatted(before)
        if after == before:
            continue
        changed = True
        click.echo(str(file))
        if not check:
            replace_file(file, after.encode("utf-8", "surrogateescape"))
    if check and changed:
        raise click.exceptions.Exit(1)


@click.command("explain")
@click.argument("name")
@click.option(
    "--path",
    type=click.Path(exists=True, path_type=Path),
    default=None,
    help="流程文件或目录；不写为附带的标准文件",
)
@viewing_lazily
@click.pass_context
def explain(ctx: click.Context, name: str, path: Path | None, named: str | None) -> None:
    """说明一条规则、一个环节、一个时限或一件案件：规则写编号，环节和时限写“流程.编号”，案件写编号，案件的时限写“案件.时限”。

    例：ssj workflow explain read-before-written；ssj workflow explain inspection.to_enter；ssj workflow explain inspection-7.publish_due
    """
    from engine.authoring.explain import explain_part, explain_rule
    from engine.definition.file_discovery import own_and_standard
    from engine.definition.library import load_paths
    from engine.definition.resources import workflows_dir
    from engine.definition.rules import RULES
    from engine.kernel.did_you_mean import did_you_mean

    lines = explain_rule(name)
    known = list(RULES)
    if not lines:
        own, standard = own_and_standard(path or workflows_dir())
        loaded = load_paths(own, context=standard)
        lines = explain_part(loaded, name)
        known += [
            f"{workflow.id}.{part}"
            for workflow in loaded.workflows.values()
            for part in dict.fromkeys((*workflow.states, *workflow.clocks))
        ]
    if not lines:
        lines = _of_case(ctx, name, named)
    if not lines:
        hint = did_you_mean(name, known)
        raise CommandError(say("没有叫“{name}”的规则、环节或时限。{hint}", name=name, hint=hint or ""))
    click.echo("\n".join(lines))


#: How the ids of cases end.
_CASE = re.compile(r"[a-z][a-z0-9_]*-\d+(\..+)?")


def _of_case(ctx: click.Context, name: str, named: str | None) -> list[str]:
    """Return what there is to say of a case of the deployment, or of a deadline of it."""
    if not _CASE.fullmatch(name):
        return []
    from engine.app.queries.calendar import explain_clocks
    from engine.app.queries.cases import show_case
    from engine.authoring.explain_case import explain_case

    case, _, clock = name.partition(".")
    source, viewer = source_of(ctx), viewer_of(ctx, named)
    view = answered(show_case(source, viewer, case))
    return explain_case(view, answered(explain_clocks(source, viewer, case)), clock or None)


@click.command("impact")
@click.argument("name")
@viewing
@as_json
@click.pass_context
def impact(ctx: click.Context, name: str, viewer: str, json_output: bool) -> None:
    """改动一张表单、一栏、一个代码、角色或流程以前，看谁在用它，涉及多少件在办案件。

    NAME 是编号，一栏也可写“表单.栏”。

    例：ssj workflow impact onsite_check.finished_on
    """
    from engine.app.queries.definitions import list_definitions, list_running_versions
    from engine.authoring.impact import uses_in_version, uses_of, workflows_using
    from engine.cli.output import print_json
    from engine.deployment.set_up import load_definitions
    from engine.exchange.format_check import acting_formats

    loaded = load_definitions(home_of(ctx))
    uses = uses_of(loaded, name, acting_formats(loaded.files).texts)
    source = source_of(ctx)
    published = {version.workflow for version in answered(list_definitions(source, viewer))}
    running = {workflow: 0 for workflow in workflows_using(uses, loaded) if workflow in published}
    titles = {workflow: one.title for workflow, one in loaded.workflows.items()}
    here = {str(use.sentence) for use in uses}
    before: list[tuple[int, DefinitionUse]] = []
    for one in answered(list_running_versions(source, viewer)):
        workflow = one.process.workflow
        inside = uses_in_version(workflow, name, one.process.bureau.codes.get(name))
        if workflow.id in running or inside:
            running[workflow.id] = running.get(workflow.id, 0) + one.running
            titles.setdefault(workflow.id, workflow.title)
        before += [(one.number, use) for use in inside if str(use.sentence) not in here]
    if json_output:
        print_json(
            {
                "name": name,
                "uses": [
                    *({"workflow": use.workflow, "where": str(use.sentence)} for use in uses),
                    *(
                        {"workflow": use.workflow, "where": str(use.sentence), "version": number}
                        for number, use in before
                    ),
                ],
                "running": running,
            }
        )
        return
    if not uses and not before:
        click.echo(str(say("没有哪里用到“{name}”。", name=name)))
    for use in uses:
        click.echo(str(use.sentence))
    for number, use in before:
        click.echo(str(say("已发布的第 {version} 版（还有在办的）：{use}", version=number, use=use.sentence)))
    for name_of, count in running.items():
        click.echo(str(say("流程“{workflow}”在办 {count} 件", workflow=titles[name_of], count=count)))
