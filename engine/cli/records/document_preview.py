"""``ssj document preview``: a template of papers, printed for the made-up case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.exits import REFUSED, CommandError
from engine.cli.new_file import write_new
from engine.language import say

if TYPE_CHECKING:
    from engine.definition.library import Loaded
    from engine.documents.parts.paper_tests import PaperKind, PaperTests


@click.command("preview")
@click.argument("template")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def preview(ctx: click.Context, template: str, file: Path) -> None:
    """按样例案件（全部虚构）印出一份文书，看模板印出来的样子；不需要有案件。

    TEMPLATE 是模板的名称。文件名以 .docx 结尾写成 Word，以 .pdf 结尾写成 PDF，其余写成 HTML。样例在
    forms/tests/papers.yaml 里，可以改；没有写的答案按栏的类型补上。

    例：ssj document preview notice 通知书样张.pdf
    """
    from engine.cli.definitions.form_files import loaded_of
    from engine.documents.paper.formats import format_of, written
    from engine.documents.paper.tree import PaperError
    from engine.documents.parts.made_up import made_up_document
    from engine.documents.render import RenderError

    loaded = loaded_of(ctx)
    forms = _forms_folders(ctx)
    tests = _tests(forms)
    kind = tests.kinds.get(template) or _kind_of(template, loaded, forms)
    workflow, bureau = loaded.workflows.get(kind.workflow), loaded.library.bureau
    if workflow is None or bureau is None:
        raise CommandError(
            say("没有流程“{workflow}”，印不出“{template}”", workflow=kind.workflow, template=template)
        )
    try:
        ending = format_of(file.name)
        folders = [folder / "templates" for folder in forms]
        content = made_up_document(kind, workflow, bureau, tests, folders)
        data = written(content, ending, tests.day, [folder / "fonts" for folder in forms])
    except (PaperError, RenderError) as problem:
        raise CommandError(problem.message, REFUSED) from None
    write_new(file, data)
    click.echo(str(file))


def _forms_folders(ctx: click.Context) -> tuple[Path, ...]:
    from engine.definition.resources import forms_dir
    from engine.deployment.home import DeploymentMissingError, find_home

    try:
        own = find_home(ctx.find_root().obj).forms
    except DeploymentMissingError:
        return (forms_dir(),)
    return tuple(dict.fromkeys((own, forms_dir())))


def _tests(forms: tuple[Path, ...]) -> PaperTests:
    from engine.documents.parts.paper_tests import PaperTestError, find_paper_tests

    try:
        found = find_paper_tests(forms)
    except PaperTestError as problem:
        raise CommandError(problem.message, REFUSED) from None
    if found is None:
        raise CommandError(say("没有样例案件：缺少 forms/tests/papers.yaml"), REFUSED)
    return found


def _kind_of(template: str, loaded: Loaded, forms: tuple[Path, ...]) -> PaperKind:
    """Return a kind for a template the tests do not have: of the process that makes it, with no obligatory parts."""
    from engine.documents.parts.paper_tests import PaperKind
    from engine.documents.render import templates
    from engine.kernel.did_you_mean import did_you_mean

    for workflow in loaded.workflows.values():
        for step in workflow.transitions:
            if any(effect.arguments.get("render") == template for effect in step.then):
                return PaperKind(template, 1, workflow.id, (), {})
    known = templates([folder / "templates" for folder in forms])
    hint = did_you_mean(template, known)
    if template in known:
        raise CommandError(say("没有哪个流程制作文书“{template}”，也没有为它写样例", template=template))
    problem = say("没有文书模板“{template}”；用 ssj document list 查看", template=template)
    raise CommandError(say("{problem}（{hint}）", problem=problem, hint=hint) if hint else problem)
