"""``test``: the stories beside definitions, played on a virtual clock."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli.new_file import require_new, write_new
from engine.kernel.instants import STANDARD_ZONE


@click.command("test")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="输出格式。",
)
@click.option("--complete", is_flag=True, help="有没走到而又没有说明的，也算不通过。")
def test(path: Path, shape: str, complete: bool) -> None:
    """演流程旁边的故事：给定什么，谁在哪天办什么，应当怎样；不碰任何部署。

    PATH 是一个故事文件（第一个键是 test），或放着故事的目录（流程目录下的 tests/）。报告走到了哪些环节、办理、去向和逾期办法。

    例：ssj workflow test workflows/tests

    退出码：0 全部如所料；1 有不符的。
    """
    from datetime import time
    from zoneinfo import ZoneInfo

    from engine.authoring.stories.play import play
    from engine.authoring.stories.report_text import as_text
    from engine.authoring.stories.story import StoryError, read_stories
    from engine.calendars.load import load_calendar
    from engine.cli.exits import CommandError
    from engine.cli.output import print_json
    from engine.definition.file_discovery import definition_files, story_files, surrounding_files
    from engine.definition.library import load_paths
    from engine.files.reading import read_file
    from engine.kernel.budget import TEXT
    from engine.language import say
    from engine.lifecycle.deadlines.schedule import DeadlineCalculator
    from engine.yamltext.problem import as_text as problems_text

    files = story_files(path)
    if not files:
        raise click.UsageError(str(say("{path} 里没有故事", path=str(path))))
    beside = definition_files(files[0].resolve().parent.parent)
    loaded = load_paths(beside, context=surrounding_files([files[0].parent]))
    if not loaded.sound:
        raise CommandError(problems_text(loaded.problems, loaded.sources))
    calculator = DeadlineCalculator(load_calendar([]), ZoneInfo(STANDARD_ZONE), time(9))
    reports = []
    for file in files:
        try:
            stories = read_stories(str(file), read_file(file, TEXT, ""))
        except StoryError as problem:
            raise CommandError(str(problem)) from None
        if stories.workflow not in loaded.workflows:
            raise CommandError(say("{file}：没有流程“{name}”", file=str(file), name=stories.workflow))
        reports.append(play(loaded, stories, calculator))
    if shape == "json":
        print_json([report.as_json() for report in reports])
    else:
        click.echo(as_text(reports))
    left = complete and any(report.coverage.missing(report.file.excused) for report in reports)
    if left or any(report.failures for report in reports):
        raise click.exceptions.Exit(1)


@click.command("explore")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--most", type=click.IntRange(1, 100_000), default=200, show_default=True, help="最多看多少种情形。"
)
@click.option(
    "--save", type=click.Path(dir_okay=False, path_type=Path), default=None, help="把反例存成故事文件。"
)
def explore(path: Path, most: int, save: Path | None) -> None:
    """从短到长试遍流程的各种走法，找案件停住不动的最短一种，讲成故事：谁在哪天办了什么，停在哪里。

    连子案件和到期的步骤一起试；有条件的是非、选择题各种答案都试。旁边 tests/ 里有同名故事文件的，案件照故事的开头开始。存下的故事由 ssj workflow test 演，办得下去了才通过。

    例：ssj workflow explore workflows/referral.yaml --save workflows/tests/stuck.yaml

    退出码：0 没有找到；1 找到了。
    """
    from datetime import time
    from zoneinfo import ZoneInfo

    from engine.authoring.stories.counter_example import explore as explored
    from engine.authoring.stories.story import StoryError, read_stories
    from engine.calendars.load import load_calendar
    from engine.cli.exits import CommandError
    from engine.definition.file_discovery import STORIES, definition_files, surrounding_files
    from engine.definition.library import load_paths
    from engine.files.reading import read_file
    from engine.kernel.budget import TEXT
    from engine.language import say
    from engine.lifecycle.deadlines.schedule import DeadlineCalculator
    from engine.yamltext.problem import as_text as problems_text

    require_new(save)
    # Beside a device or a pipe is nothing that belongs to it.
    beside_it = definition_files(path.resolve().parent) if path.is_file() else [path]
    # Without the rules over the meaning: what they find is to be played.
    loaded = load_paths(beside_it, context=surrounding_files([path]), partial=True)
    if path.stem not in loaded.workflows or not loaded.sound:
        # Where nothing is wrong with the files, what they are warned of is not why.
        why = "" if loaded.sound else problems_text(loaded.problems, loaded.sources)
        raise CommandError(why or say("{file}：没有流程“{name}”", file=str(path), name=path.stem))
    calculator = DeadlineCalculator(load_calendar([]), ZoneInfo(STANDARD_ZONE), time(9))
    beside = path.parent / STORIES / path.name
    try:
        stories = read_stories(str(beside), read_file(beside, TEXT, "")) if beside.is_file() else None
        outcome = explored(loaded, path.stem, calculator, most, stories)
    except StoryError as problem:
        raise CommandError(str(problem)) from None
    if outcome.found is not None:
        for line in outcome.found.lines():
            click.echo(str(line))
        if save is not None:
            write_new(save, outcome.found.as_story().encode())
    for state, step, lack in outcome.lacking:
        click.echo(str(say("环节“{state}”的“{step}”没有再往下试：{why}", state=state, step=step, why=lack)))
    bound = say("，到了上限 {most}，没有看完", most=most) if outcome.cut else ""
    click.echo(str(say("看了 {count} 种情形{bound}。", count=outcome.situations, bound=bound)))
    if outcome.found is not None:
        raise click.exceptions.Exit(1)
