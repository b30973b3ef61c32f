"""``new``: a process from five answers."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli.exits import REFUSED, USAGE, CommandError
from engine.cli.new_file import require_new, write_new
from engine.cli.typed_line import ask_line
from engine.language import say


@click.command("new")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--workflow", default=None, help="编号")
@click.option("--title", default=None, help="名称")
@click.option("--handler", default=None, help="由哪个角色办理")
@click.option("--approver", default=None, help="由哪个角色审批；不审批的写空")
@click.option("--deadline", default=None, help="办理时限，如 20 working days")
def new(
    folder: Path,
    workflow: str | None,
    title: str | None,
    handler: str | None,
    approver: str | None,
    deadline: str | None,
) -> None:
    """新建一个流程：问五个问题，写出能检查、能办理的流程、表单和故事，再照着改。

    DIR 是部署目录；没有用选项写明的逐个问。

    例：ssj workflow new bureau
    """
    from engine.authoring.skeleton import QUESTIONS, ProcessSkeleton
    from engine.definition.file_discovery import surrounding_files
    from engine.definition.library import load_paths
    from engine.yamltext.problem import Severity, as_text

    given = {
        "workflow": workflow,
        "title": title,
        "handler": handler,
        "approver": approver,
        "deadline": deadline,
    }
    for name, question in QUESTIONS:
        if given[name] is None:
            # Everything but who approves must be said.
            while not (typed := ask_line(question)) and name != "approver":
                continue
            given[name] = typed
    skeleton = ProcessSkeleton(**{name: str(answer).strip() for name, answer in given.items()})
    if problems := skeleton.problems():
        raise CommandError("\n".join(str(problem) for problem in problems), USAGE)
    places = {
        folder / "forms" / f"{skeleton.workflow}_report.yaml": skeleton.form(),
        folder / "workflows" / f"{skeleton.workflow}.yaml": skeleton.process(),
        folder / "workflows" / "tests" / f"{skeleton.workflow}.yaml": skeleton.stories(),
    }
    for place in places:
        require_new(place)
    own = {str(place): text.encode() for place, text in list(places.items())[:2]}
    loaded = load_paths([], context=surrounding_files([folder]), extra=own)
    errors = [one for one in loaded.problems if one.severity is Severity.ERROR]
    if errors:
        raise CommandError(as_text(errors, loaded.sources), REFUSED)
    for place, text in places.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        write_new(place, text.encode())
        click.echo(str(place))
    click.echo(
        str(
            say(
                "接下来：改好以后用 ssj workflow check {folder} 和 ssj workflow test {folder}",
                folder=str(folder),
            )
        ),
        err=True,
    )
