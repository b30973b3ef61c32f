"""``ssj form import``: a workbook of XLSForm becomes a form."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli.exits import REFUSED, USAGE, CommandError
from engine.cli.new_file import require_new, write_new
from engine.language import say


@click.command("import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="写到这个新文件；不写则输出到标准输出"
)
@click.option(
    "--form", "form_id", default=None, metavar="NAME", help="表单的编号；不写则用 settings 表的 form_id"
)
@click.option("--language", default=None, metavar="NAME", help="导入哪一种语言的文字；不写则先找中文")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="问题的写法。json 是固定格式的数组，供别的程序读。",
)
def import_form(file: Path, out: Path | None, form_id: str | None, language: str | None, shape: str) -> None:
    """把 XLSForm 工作簿（survey、choices、settings 三张表）变成表单 YAML。

    不能导入的每一格都写明工作表、行、列和原因，在表单里留作注释；导入的表单一定通过 ssj form check。

    例：ssj form import survey.xlsx --out forms/survey.yaml

    退出码：0 全部导入；1 有没能导入的；2 用法不对。
    """
    from engine.authoring.xlsform.cell_problem import CellProblem, as_json, as_text
    from engine.authoring.xlsform.importing import FORM_ID
    from engine.authoring.xlsform.importing import import_form as read
    from engine.authoring.xlsform.sheets import XlsFormError
    from engine.files.reading import read_file
    from engine.kernel.budget import WORKBOOK
    from engine.yamltext.problem import Severity

    if not file.is_file():
        raise CommandError(say("没有文件“{file}”", file=str(file)), USAGE)
    if form_id is not None and not FORM_ID.fullmatch(form_id):
        raise CommandError(
            say("编号“{text}”不合写法：以小写字母开头，只用小写字母、数字和下划线", text=form_id), USAGE
        )
    require_new(out)

    def report(problems: tuple[CellProblem, ...] | list[CellProblem]) -> None:
        shown = as_json(file.name, problems) if shape == "json" else as_text(file.name, problems)
        if shown:
            click.echo(shown, err=True)

    try:
        made = read(read_file(file, WORKBOOK), file.stem, name=form_id, language=language)
    except XlsFormError as problem:
        report(list(problem.problems))
        told = problem.message
        if problem.hint is not None:
            told = say("{message}；{hint}", message=problem.message, hint=problem.hint)
        raise CommandError(say("{file}：{problem}", file=file.name, problem=told), REFUSED) from problem
    report(made.problems)
    if out is None:
        click.echo(made.text, nl=False)
    else:
        write_new(out, made.text.encode())
    if shape == "text":
        counts = [sum(one.severity is severity for one in made.problems) for severity in Severity]
        summary = say(
            "表单《{name}》：{errors} 处没能导入，{warnings} 个警告，{advice} 条说明",
            name=made.name,
            errors=counts[0],
            warnings=counts[1],
            advice=counts[2],
        )
        click.echo(str(summary), err=True)
    if not made.complete:
        raise SystemExit(REFUSED)
