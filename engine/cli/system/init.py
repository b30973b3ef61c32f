"""``ssj init DIR``: a runnable deployment: YAML, settings, database; with ``--sample`` registers to try."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli.console import note_that_it_acts
from engine.cli.exits import USAGE, CommandError
from engine.language import say


@click.command("init")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--sample", is_flag=True, help="加上虚构的名录，便于试用")
@click.option(
    "--administrator",
    "administrators",
    multiple=True,
    metavar="ID",
    help="管理员（写两次，两人），确认须两人办理的事",
)
def init(directory: Path, sample: bool, administrators: tuple[str, ...]) -> None:
    """新建一个可运行的部署目录：流程、表单、设置、数据库。

    --administrator 指定头两位管理员；没有指定的，须两人办理的事由一人办理，并注明单人办理。

    例：ssj init bureau --sample
    """
    from engine.cli.next_actions import refusal_text
    from engine.deployment.set_up import FolderNotEmptyError, NotPublishedError, set_up

    if len(set(administrators)) == 1:
        raise click.UsageError(str(say("管理员至少要两人；--administrator 写两次，各不相同")))
    note_that_it_acts()
    try:
        made = set_up(directory, sample=sample, administrators=administrators)
    except FolderNotEmptyError as problem:
        raise CommandError(problem.message, USAGE) from None
    except NotPublishedError as problem:
        raise CommandError(refusal_text(problem.refusal)) from None
    click.echo(
        str(say("已建立 {path}：{workflows} 个流程已发布", path=made.path, workflows=len(made.published)))
    )
    _write_editor_files(made.path)
    for kind, count in made.registers.items():
        click.echo(str(say("  {kind}：{count} 条（虚构示例）", kind=kind, count=count)))
    if made.registers:
        then = say("接下来：export SSJ_HOME={path}，再用 ssj task list 或 ssj serve", path=made.path)
    else:
        then = say(
            "接下来：export SSJ_HOME={path}，用 ssj register import people 文件 --as system 登记工作人员，再用 ssj serve",
            path=made.path,
        )
    click.echo(str(then), err=True)


def _write_editor_files(folder: Path) -> None:
    """Write the schema and the settings of editors; what is there already is somebody's own."""
    from engine.authoring.editor_settings import editor_files
    from engine.cli.new_file import write_new

    for name, content in editor_files().items():
        place = folder / name
        if not place.exists():
            place.parent.mkdir(exist_ok=True)
            write_new(place, content)
