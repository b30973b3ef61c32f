"""``ssj case``: starting cases, finding them, reading their histories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from engine.cli.authentication import viewing
from engine.cli.cases.case_files import attach, list_files, save_file
from engine.cli.exits import USAGE, CommandError
from engine.cli.options import acting, as_json
from engine.cli.output import Column, alone_mark, listing, print_json, print_listing, tabbed
from engine.cli.records.case_kit import kit, kit_import
from engine.cli.records.case_sign import sign, signatures
from engine.cli.registers.case_items import list_items
from engine.cli.session import answered, application_of, caller, read_answers_file, report_answer, source_of
from engine.kernel.instants import local_minute
from engine.kernel.plain_text import visible
from engine.language import say

if TYPE_CHECKING:
    from engine.lifecycle.case import Case
    from engine.lifecycle.chain import Event


@click.group("case")
def group() -> None:
    """案件：启动、列出、查看、历史、父子关系、附件。"""


group.add_command(attach)
group.add_command(list_files)
group.add_command(save_file)
group.add_command(list_items)
group.add_command(kit)
group.add_command(kit_import)
group.add_command(sign)
group.add_command(signatures)


@group.command("start")
@click.argument("workflow")
@click.option("--title", required=True, help="案件名称")
@click.option("--section", default=None, help="承办股室（默认为启动人所在股室）")
@click.option("--about", default=None, metavar="KIND:ID", help="对象，如 objects:9113…")
@click.option("--under", default=None, metavar="CASE", help="在哪一件下启动：对象、股室、人员由它带来")
@click.option("--form", "form", default=None, metavar="FILE", help="启动表单内容")
@acting
@click.pass_context
def start(
    ctx: click.Context,
    workflow: str,
    title: str,
    section: str | None,
    about: str | None,
    under: str | None,
    form: str | None,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """启动一件案件。

    例：ssj case start annual_plan --title 2024年度计划 --as office-01 --form plan.yaml
    """
    from engine.app.commands.application import NewCase
    from engine.app.queries.cases import register_subject

    application = application_of(ctx)
    subject: dict[str, object] = {}
    if about is not None:
        kind, _, entry_id = about.partition(":")
        found = answered(register_subject(application, person, kind, entry_id))
        if found is None:
            raise CommandError(say("名录“{kind}”中没有“{id}”", kind=kind, id=entry_id), USAGE)
        subject = dict(found)
    outcome = application.start(
        workflow,
        person,
        NewCase(title=title, section=section, parent=under, subject=subject),
        read_answers_file(form),
        request_id=request_id,
        dry_run=dry_run,
    )
    report_answer(outcome, dry_run)


@group.command("list")
@click.option("--workflow", default=None)
@click.option("--state", default=None)
@click.option("--parent", default=None)
@click.option("--section", default=None)
@click.option("--open/--closed", "is_open", default=None)
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 100_000))
@viewing
@listing
@click.pass_context
def list_cases(
    ctx: click.Context,
    workflow: str | None,
    state: str | None,
    parent: str | None,
    section: str | None,
    is_open: bool | None,
    limit: int,
    viewer: str,
    output: str | None,
) -> None:
    """列出案件。"""
    from engine.app.queries import cases

    found = answered(
        cases.list_cases(
            source_of(ctx),
            viewer,
            workflow=workflow,
            state=state,
            parent=parent,
            section=section,
            open=is_open,
            limit=limit,
        )
    )
    alone = answered(cases.list_cases_by_one(source_of(ctx), viewer, [case.id for case in found]))
    columns: list[Column[Case]] = [
        Column(say("案件"), lambda case: case.id),
        Column(say("环节"), lambda case: case.state),
        Column(say("名称"), lambda case: alone_mark(case.title, case.id in alone)),
    ]
    print_listing(
        found,
        columns,
        output,
        as_json=lambda case: _plain(case, alone=case.id in alone),
        empty=say("没有符合条件的案件。"),
    )


def _plain(case: Case, *, alone: bool) -> dict[str, object]:
    return {
        "id": case.id,
        "workflow": case.workflow,
        "version": case.version,
        "state": case.state,
        "title": case.title,
        "section": case.section,
        "parent": case.parent,
        "opened_at": case.opened_at.isoformat(),
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
        **({"single_handed": True} if alone else {}),
    }


@group.command("show")
@click.argument("case")
@viewing
@as_json
@click.pass_context
def show(ctx: click.Context, case: str, viewer: str, json_output: bool) -> None:
    """查看一件案件的现状。"""
    from engine.app.queries.cases import show_case
    from engine.cli.cases.case_text import case_text

    found = answered(show_case(source_of(ctx), viewer, case))
    if json_output:
        print_json({**found.as_json(), "fields": dict(found.case.fields), "forms": dict(found.case.forms)})
    else:
        click.echo(case_text(found))


@group.command("history")
@click.argument("case")
@viewing
@listing
@click.pass_context
def history(ctx: click.Context, case: str, viewer: str, output: str | None) -> None:
    """按时间列出历史；每条都带哈希。"""
    from engine.app.queries.cases import case_history

    source = source_of(ctx)
    events = answered(case_history(source, viewer, case))
    zone = source.definitions.time.zone
    columns: list[Column[Event]] = [
        Column(say("序号"), lambda event: event.seq),
        Column(say("时间"), lambda event: local_minute(event.at, zone)),
        Column(say("谁"), lambda event: event.actor),
        Column(say("种类"), lambda event: event.kind),
        Column(say("事项"), _what),
        Column(say("环节"), lambda event: event.body.get("state", "")),
        Column(say("摘要"), lambda event: event.hash[:12]),
    ]
    print_listing(events, columns, output, as_json=_plain_event, empty=say("没有记录。"))


def _what(event: Event) -> object:
    if not event.body.get("same_approver"):
        content = event.body.get("content")
        # What was corrected names it already.
        what: object = event.title
        if content and content not in event.title:
            what = say("{title}：{content}", title=event.title, content=visible(content))
        return alone_mark(what, event.body.get("single_handed") is True)
    return say(
        "{title}（与上一步为同一审批人“{person}”，自动跳过）", title=event.title, person=event.body["for"]
    )


def _plain_event(event: Event) -> dict[str, object]:
    return {
        "seq": event.seq,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "kind": event.kind,
        "body": event.body,
        "previous": event.previous,
        "hash": event.hash,
    }


@group.command("tree")
@click.argument("case")
@viewing
@listing
@click.pass_context
def tree(ctx: click.Context, case: str, viewer: str, output: str | None) -> None:
    """显示案件及其全部子案件。"""
    from engine.app.queries.cases import case_tree, list_cases_by_one

    found = list(answered(case_tree(source_of(ctx), viewer, case)))
    alone = answered(list_cases_by_one(source_of(ctx), viewer, [one.id for _, one in found]))
    columns: list[Column[tuple[int, Case]]] = [
        Column(say("层"), lambda row: row[0]),
        Column(say("案件"), lambda row: row[1].id),
        Column(say("环节"), lambda row: row[1].state),
        Column(say("名称"), lambda row: alone_mark(row[1].title, row[1].id in alone)),
    ]
    print_listing(
        found,
        columns,
        output,
        as_json=lambda row: {"depth": row[0], **_plain(row[1], alone=row[1].id in alone)},
        empty=say("没有符合条件的案件。"),
        line=lambda row: (
            "  " * row[0] + tabbed(row[1].id, row[1].state, alone_mark(row[1].title, row[1].id in alone))
        ),
    )


@group.command("review")
@click.argument("case")
@acting
@click.pass_context
def review(ctx: click.Context, case: str, person: str, request_id: str | None, dry_run: bool) -> None:
    """看过换版后变动的填写内容；由办理此件待办的人看。

    例：ssj case review inspection-7 --as insp-01
    """
    from engine.app.commands.migration.review_answers import review_answers

    by = caller(person, request_id=request_id, dry_run=dry_run)
    for name in answered(review_answers(application_of(ctx), by, case)):
        click.echo(name)
