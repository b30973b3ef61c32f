"""``ssj task``: what is to be done, and doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import viewing
from engine.cli.cases import task_list
from engine.cli.cases.bulk import many, one_or_many
from engine.cli.cases.task_verbs import VerbGroup
from engine.cli.exits import USAGE, CommandError
from engine.cli.options import acting, as_json
from engine.cli.output import print_json
from engine.cli.session import answered, application_of, caller, home_of, read_answers_file, source_of
from engine.language import say

if TYPE_CHECKING:
    from engine.app.commands.application import CommandResult
    from engine.kernel.refusal import Refusal


@click.group("task", cls=VerbGroup)
def group() -> None:
    """待办：列出、日历、本周事项、查看、领取、办理、签署、转办、退回、撤回、催办、延期、挂起、作废。

    例：ssj task list --as insp-01
    """


group.add_command(task_list.list_tasks)
group.add_command(task_list.calendar)
group.add_command(task_list.week)


@group.command("show")
@click.argument("case")
@viewing
@as_json
@click.pass_context
def show(ctx: click.Context, case: str, viewer: str, json_output: bool) -> None:
    """说明一件待办：能办什么、要填哪些栏、还差什么条件。"""
    from engine.app.queries.cases import show_case
    from engine.cli.cases.case_text import case_text
    from engine.deployment.rendering import TemplateRenderer

    renderer = TemplateRenderer([home_of(ctx).forms / "templates"])
    found = answered(show_case(source_of(ctx), viewer, case, as_person=viewer, renderer=renderer))
    if json_output:
        print_json(found.as_json())
    else:
        click.echo(case_text(found))


@group.command("advance")
@click.argument("case", required=False)
@click.argument("transition", required=False)
@click.option("--form", "form", default=None, metavar="FILE", help="表单内容（YAML 或 JSON；- 为标准输入）")
@click.option(
    "--set",
    "typed",
    multiple=True,
    metavar="NAME=VALUE",
    help="一栏的答案：栏名或标题=值；可写多次，也可补在表单文件之外；列表、几个人、几个附件每项写一次",
)
@click.option("--rest", is_flag=True, help="检查表中其余各项一并填“符合”；重点事项的各项除外，须逐项填")
@click.option("--reason", default=None, help="理由")
@many
@acting
@click.pass_context
def advance(
    ctx: click.Context,
    /,
    case: str | None,
    transition: str | None,
    form: str | None,
    typed: tuple[str, ...],
    rest: bool,
    reason: str | None,
    person: str,
    where: str | None,
    json_output: bool,
    **how: Any,
) -> None:
    """办理或签署一步；加 --where 则批量办理。

    例：ssj task advance inspection-17 finish_visit --as insp-01 --form visit.yaml

    例：ssj task advance inspection-17 publish_result --set 公示渠道=本局公示网页 --as insp-01

    例：ssj task advance publish_result --where state=to_publish --as insp-01 --dry-run
    """
    if where is not None and transition is None:
        case, transition = None, case
    if transition is None:
        raise CommandError(say("须写明案件和步骤：ssj task advance CASE TRANSITION"), USAGE)
    step, answers = transition, read_answers_file(form)
    application = application_of(ctx)

    def act(about: str, request_id: str | None) -> CommandResult | Refusal:
        from engine.cli.cases.answers.attachments import attaching
        from engine.cli.cases.answers.set_answers import completed

        dry_run, coming = how["dry_run"], set[str]()
        attach = attaching(application, caller(person, dry_run=dry_run), coming)
        given = completed(application, person, about, step, answers, typed, rest=rest, attach=attach)
        return application.advance(
            about,
            step,
            person,
            given,
            reason=reason,
            request_id=request_id,
            dry_run=dry_run,
            coming=frozenset(coming),
        )

    one_or_many(application, person, case, where, act, json_output, **how)
