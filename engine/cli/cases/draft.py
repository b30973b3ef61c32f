"""``ssj task draft``: what a person has typed for a step and not handed in."""

from __future__ import annotations

import click

from engine.cli.authentication import as_person
from engine.cli.exits import REFUSED, CommandError
from engine.cli.options import as_json, request_id_option
from engine.cli.output import Column, listing, print_json, print_listing, tabbed
from engine.cli.session import (
    answered,
    application_of,
    caller,
    local_second,
    read_answers_file,
    source_of,
)
from engine.language import say


@click.group("draft")
def group() -> None:
    """草稿：存、看、删自己还没有办的表单内容。草稿不查对错，别人看不到，办结这一步就没有了。

    例：ssj task draft save inspection-17 finish_visit --form visit.yaml --as insp-01
    """


@group.command("save")
@click.argument("case")
@click.argument("step")
@click.option("--form", "form", required=True, metavar="FILE", help="表单内容（YAML 或 JSON；- 为标准输入）")
@click.option("--replace", is_flag=True, help="代替已有的草稿")
@request_id_option
@as_person("谁的草稿")
@click.pass_context
def save(
    ctx: click.Context,
    case: str,
    step: str,
    form: str,
    replace: bool,
    request_id: str | None,
    person: str,
) -> None:
    """存一份草稿，不查对错；这一步已有内容不同的草稿时不存，加 --replace 才代替它。"""
    from engine.cli.cases.answers.own_draft import keep

    answers = read_answers_file(form) or {}
    keep(ctx, caller(person, request_id=request_id), case, step, answers, None if replace else "")
    click.echo(tabbed(case, step))


@group.command("list")
@as_person("谁的草稿")
@listing
@click.pass_context
def list_drafts(ctx: click.Context, person: str, output: str | None) -> None:
    """列出自己的草稿；案件办了别的步骤或流程换了版的，写明是旧的。"""
    from engine.app.queries.people.drafts import DraftView, list_drafts

    found = answered(list_drafts(source_of(ctx), person, person=person))
    columns: list[Column[DraftView]] = [
        Column(say("案件"), lambda one: one.draft.case),
        Column(say("步骤"), lambda one: one.draft.step),
        Column(say("存于"), lambda one: local_second(one.draft.saved_at)),
        Column(say("情况"), lambda one: one.older or "-"),
    ]
    print_listing(found, columns, output, as_json=DraftView.as_json, empty=say("没有草稿。"))


@group.command("show")
@click.argument("case")
@click.argument("step")
@click.option("--older", "older", is_flag=True, help="旧的草稿也要看")
@as_person("谁的草稿")
@as_json
@click.pass_context
def show(ctx: click.Context, case: str, step: str, older: bool, person: str, json_output: bool) -> None:
    """输出草稿的内容（JSON，可再交给 --form）。旧的草稿须用 --older 才输出。"""
    from engine.app.queries.people.drafts import read_draft

    found = answered(read_draft(source_of(ctx), person, case, step, person=person))
    if found is None:
        raise CommandError(say("“{case}”的步骤“{step}”没有草稿", case=case, step=step), REFUSED)
    if found.older is not None and not older:
        message = say("这是旧的草稿：{why}；仍要看请加 --older", why=found.older)
        raise CommandError(message, REFUSED)
    print_json(found.as_json() if json_output else dict(found.draft.answers))


@group.command("discard")
@click.argument("case")
@click.argument("step")
@request_id_option
@as_person("谁的草稿")
@click.pass_context
def discard(ctx: click.Context, case: str, step: str, request_id: str | None, person: str) -> None:
    """删去一份草稿。"""
    from engine.app.commands.drafts.drafts import discard_draft

    application = application_of(ctx)
    if not answered(discard_draft(application, caller(person, request_id=request_id), person, case, step)):
        raise CommandError(say("“{case}”的步骤“{step}”没有草稿", case=case, step=step), REFUSED)
    click.echo(tabbed(case, step))
