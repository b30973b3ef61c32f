"""``check``: look over definitions before they go live, every problem at once."""

from __future__ import annotations

import sys

import click


@click.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="输出格式。json 是固定格式的数组，供别的程序读。",
)
@click.option("--strict", is_flag=True, help="有警告也算不通过。")
def check(paths: tuple[str, ...], shape: str, strict: bool) -> None:
    """检查流程、表单、单位设置、文书模板和同一部署 exchange/ 里的交换格式，一次列出全部问题。

    PATH 是文件或目录；“-”表示从标准输入读一个文件。文书模板（.html，或整个目录里的）按样例印出来，逐项核对
    forms/tests/papers.yaml 写明的必备内容。引用的表单、角色和别的流程先在同一部署的
    workflows/、forms/ 里找，没有时用随产品附带的标准文件。

    例：ssj workflow check workflows/inspection.yaml

    退出码：0 没有错误；1 有问题；2 用法不对。
    """
    from pathlib import Path

    from engine.cli.definitions.paper_check import names_papers, paper_problems
    from engine.definition.file_discovery import definition_files, surrounding_files
    from engine.definition.library import load_paths
    from engine.exchange.format_check import with_formats
    from engine.language import say
    from engine.yamltext.problem import Severity, as_github, as_json, as_text, has_errors
    from engine.yamltext.source import MAX_BYTES

    named = [Path(path) for path in paths if path != "-"]
    missing = [str(path) for path in named if not path.exists()]
    if missing:
        raise click.UsageError(str(say("没有这个文件或目录：{paths}", paths=missing)))
    defining = [path for path in named if not names_papers(path)]
    files = list(dict.fromkeys(file for path in defining for file in definition_files(path)))
    if not files and "-" not in paths and len(defining) == len(named):
        raise click.UsageError(str(say("{paths} 里没有 YAML 文件", paths=[str(path) for path in named])))
    standard_input = "-" in paths
    around = surrounding_files(named or [Path.cwd()])
    extra = {}
    if standard_input:
        from engine.cli.typed_line import check_uncut

        extra["<stdin>"] = sys.stdin.buffer.read(MAX_BYTES + 1)
        check_uncut(extra["<stdin>"])
    loaded = with_formats(load_paths(files, context=around, extra=extra))
    problems = (*loaded.problems, *paper_problems(named, loaded))
    if shape == "json":
        shown = as_json(problems)
    elif shape == "github":
        shown = as_github(problems)
    else:
        shown = as_text(problems, loaded.sources)
    if shown:
        click.echo(shown)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = sum(problem.severity is Severity.WARNING for problem in problems)
    if shape == "text":
        count = len(files) + standard_input + len(named) - len(defining)
        summary = say(
            "查了 {files} 个文件：{errors} 个错误，{warnings} 个警告，{advice} 条建议",
            files=count,
            errors=errors,
            warnings=warnings,
            advice=len(problems) - errors - warnings,
        )
        click.echo(str(summary), err=True)
    if has_errors(problems) or (strict and warnings):
        raise SystemExit(1)
