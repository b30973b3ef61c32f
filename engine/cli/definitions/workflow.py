"""``ssj workflow``: checking, listing, showing, drawing, comparing and publishing definitions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.authentication import viewing
from engine.cli.definitions.workflow_authoring import explain, fmt, impact
from engine.cli.definitions.workflow_check import check
from engine.cli.definitions.workflow_files import files_beside, read_with_files_around, workflows_of
from engine.cli.definitions.workflow_migrate import migrate
from engine.cli.definitions.workflow_new import new
from engine.cli.definitions.workflow_publish import diff, export, publish
from engine.cli.definitions.workflow_replay import replay
from engine.cli.definitions.workflow_server import language_server
from engine.cli.definitions.workflow_test import explore, test
from engine.cli.exits import CommandError
from engine.cli.options import as_json
from engine.cli.output import Column, alone_mark, listing, print_json, print_listing, tabbed
from engine.cli.session import answered, source_of
from engine.kernel.instants import STANDARD_ZONE
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries.definitions import Version
    from engine.definition.library import Loaded
    from engine.lifecycle.model.workflow import Workflow


@click.group("workflow")
def group() -> None:
    """流程定义：检查、列出、查看、画图、比较、发布。

    例：ssj workflow check workflows/inspection.yaml
    """


group.add_command(check)
group.add_command(test)
group.add_command(explore)
group.add_command(fmt)
group.add_command(explain)
group.add_command(impact)
group.add_command(diff)
group.add_command(publish)
group.add_command(export)
group.add_command(migrate)
group.add_command(replay)
group.add_command(new)
group.add_command(language_server)


@group.command("list")
@viewing
@listing
@click.pass_context
def list_workflows(ctx: click.Context, viewer: str, output: str | None) -> None:
    """列出已发布的流程和版本。"""
    from engine.app.queries.definitions import list_definitions, list_published_alone

    alone = answered(list_published_alone(source_of(ctx), viewer))
    columns: list[Column[Version]] = [
        Column(say("流程"), lambda version: version.workflow),
        Column(say("版本"), lambda version: version.number),
        Column(say("发布日期"), lambda version: version.published_at.date().isoformat()),
        Column(say("摘要"), lambda version: version.digest[:12]),
        Column(say("办理"), lambda version: alone_mark("", (version.workflow, version.number) in alone)),
    ]

    def line(version: Version) -> str:
        """Return the line of a version; only one that somebody published alone has a mark behind it."""
        return tabbed(*(column.value(version) for column in columns)).rstrip("\t")

    found = answered(list_definitions(source_of(ctx), viewer))
    print_listing(found, columns, output, as_json=_plain, empty=say("还没有已发布的流程。"), line=line)


@group.command("show")
@click.argument("workflow")
@click.option("--version", type=click.IntRange(1), default=None, help="第几版；不写为最新一版")
@viewing
@click.pass_context
def show(ctx: click.Context, workflow: str, version: int | None, viewer: str) -> None:
    """用文字说明一个已发布的流程。"""
    from engine.app.queries.definitions import show_definition
    from engine.authoring.describe_workflow import describe_workflow

    click.echo(describe_workflow(answered(show_definition(source_of(ctx), viewer, workflow, version))))


@group.command("diagram")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--text", "as_table", is_flag=True, help="输出文字表，不输出 Mermaid")
def diagram(path: Path, as_table: bool) -> None:
    """画出流程图（Mermaid stateDiagram-v2），带条件、时限和子件。

    箭头上是办理、由什么自动办理、条件和随之启动的子件；条件太长的，全文在环节旁边（文字表的在表下）。时限写多长、届满怎样。
    """
    from engine.authoring.diagram.condition_words import ConditionWords
    from engine.authoring.diagram.mermaid import mermaid
    from engine.authoring.diagram.table import table

    found, loaded = read_with_files_around(path)
    for workflow in found:
        words = ConditionWords(workflow, loaded.workflows, loaded.bureau)
        click.echo(table(words) if as_table else mermaid(words))


@group.command("simulate")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--cases",
    default=None,
    type=click.IntRange(1, 2000),
    help="只演练一轮，演练多少件；不写时一轮 20 件（会启动子案件的流程 8 件），一轮接一轮，直到都走到了，或没有走到新的",
)
@click.option(
    "--objects",
    default=60,
    show_default=True,
    type=click.IntRange(1, 100_000),
    help="名录里有多少户虚构的企业",
)
@click.option("--seed", default="1", show_default=True, help="随机种子；同一种子结果相同")
@click.option(
    "--against",
    default=None,
    type=click.Path(exists=True, path_type=Path),
    help="与这个文件里的原来写法比：两版用同样的件数、种子和企业各演练一轮",
)
@as_json
def simulate(
    path: Path, cases: int | None, objects: int, seed: str, against: Path | None, json_output: bool
) -> None:
    """上线前演练：虚构的人在虚拟时钟上办理，不碰任何部署。

    表单按栏的类型、示例和条件试填，先走没走过的步骤。报告各环节到过几次、停留几个工作日、多少提醒和逾期、哪些步骤始终办不成、被什么条件挡住。
    """
    from datetime import time
    from zoneinfo import ZoneInfo

    from engine.authoring.simulate.comparison import compared, comparison
    from engine.authoring.simulate.report import as_text
    from engine.authoring.simulate.runner import simulate, simulate_until_nothing_new
    from engine.calendars.load import load_calendar
    from engine.lifecycle.deadlines.schedule import DeadlineCalculator

    wanted, loaded = _rehearsed(path)
    parent = any(effect.kind == "start" for step in wanted.transitions for effect in step.then)
    calculator = DeadlineCalculator(load_calendar([]), ZoneInfo(STANDARD_ZONE), time(9))
    usual = 8 if parent else 20
    if against is not None:
        old, loaded_old = _rehearsed(against)
        was, now = (
            simulate(one, flow.id, cases or usual, seed, calculator, objects)
            for one, flow in ((loaded_old, old), (loaded, wanted))
        )
        if json_output:
            print_json(compared(was, now))
            return
        for line in comparison(was, old, now, wanted):
            click.echo(str(line))
        return
    if cases is None:
        found = simulate_until_nothing_new(loaded, wanted.id, usual, seed, calculator, objects)
    else:
        found = simulate(loaded, wanted.id, cases, seed, calculator, objects)
    if json_output:
        print_json(found.as_json())
        return
    click.echo(as_text(found, wanted))


def _rehearsed(path: Path) -> tuple[Workflow, Loaded]:
    """Return the workflow of a file with everything it needs. Raises CommandError where it is not sound."""
    from engine.definition.file_discovery import own_and_standard
    from engine.definition.library import load_paths
    from engine.yamltext.problem import as_text as problems_text

    (wanted, *_) = workflows_of(path)
    own, standard = own_and_standard(path)
    loaded = load_paths(own, context=[*files_beside(path), *standard])
    if not loaded.sound:
        raise CommandError(problems_text(loaded.problems, loaded.sources))
    return wanted, loaded


@group.command("schema")
def schema() -> None:
    """输出 JSON Schema（draft-07），供编辑器补全和校验。"""
    from engine.authoring.schema import json_schema

    print_json(json_schema())


def _plain(version: Version) -> dict[str, object]:
    return {
        "workflow": version.workflow,
        "version": version.number,
        "digest": version.digest,
        "published_at": version.published_at.isoformat(),
        "published_by": version.published_by,
        "note": version.note,
    }
