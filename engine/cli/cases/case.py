"""``ssj case``: starting cases, finding them, reading their histories."""

from __future__ import annotations

import click

from engine.cli.exits import USAGE, CommandError
from engine.cli.options import acting, as_json
from engine.cli.session import application_of, print_json, read_answers_file, report_answer, store_of
from engine.language import say


@click.group("case")
def group() -> None:
    """案件：启动、列出、查看、历史、父子关系。"""


@group.command("start")
@click.argument("workflow")
@click.option("--title", required=True, help="案件名称")
@click.option("--section", default=None, help="承办股室（默认为启动人所在股室）")
@click.option("--about", default=None, metavar="KIND:ID", help="对象，如 objects:9113…")
@click.option("--form", "form", default=None, metavar="FILE", help="启动表单内容")
@acting
@click.pass_context
def start(
    ctx: click.Context,
    workflow: str,
    title: str,
    section: str | None,
    about: str | None,
    form: str | None,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """启动一件案件。

    例：ssj case start annual_plan --title 2024年度计划 --as office-01 --form plan.yaml
    """
    from engine.app.session.new_case import NewCase

    application = application_of(ctx)
    subject: dict[str, object] = {}
    if about is not None:
        kind, _, entry_id = about.partition(":")
        with application.store.read() as transaction:
            entry = transaction.registers.get(kind, entry_id)
        if entry is None:
            raise CommandError(say("名录“{kind}”中没有“{id}”", kind=kind, id=entry_id), USAGE)
        subject = {**entry.data, "id": entry.id, "name": entry.name, "section": entry.section}
    outcome = application.start(
        workflow,
        person,
        NewCase(title=title, section=section, subject=subject),
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
@as_json
@click.pass_context
def list_cases(
    ctx: click.Context,
    workflow: str | None,
    state: str | None,
    parent: str | None,
    section: str | None,
    is_open: bool | None,
    limit: int,
    json_output: bool,
) -> None:
    """列出案件。"""
    from engine.app.ports.records import CaseFilter

    wanted = CaseFilter(workflow=workflow, state=state, parent=parent, section=section, open=is_open)
    with store_of(ctx).read() as transaction:
        found = transaction.cases.find(wanted, limit=limit)
    if json_output:
        print_json(
            [
                {
                    "id": case.id,
                    "workflow": case.workflow,
                    "version": case.version,
                    "state": case.state,
                    "title": case.title,
                    "section": case.section,
                    "parent": case.parent,
                    "opened_at": case.opened_at.isoformat(),
                    "closed_at": case.closed_at.isoformat() if case.closed_at else None,
                }
                for case in found
            ]
        )
        return
    for case in found:
        click.echo(f"{case.id}\t{case.state}\t{case.title}")
    if not found:
        click.echo(str(say("没有符合条件的案件。")), err=True)


@group.command("show")
@click.argument("case")
@as_json
@click.pass_context
def show(ctx: click.Context, case: str, json_output: bool) -> None:
    """查看一件案件的现状。"""
    from engine.app.queries.case_view import explain_task

    found = explain_task(application_of(ctx), case, None)
    if found is None:
        raise CommandError(say("没有案件“{case}”；用 ssj case list 查看", case=case))
    if json_output:
        print_json({**found.as_json(), "fields": dict(found.case.fields), "forms": dict(found.case.forms)})
    else:
        click.echo(found.as_text())


@group.command("history")
@click.argument("case")
@as_json
@click.pass_context
def history(ctx: click.Context, case: str, json_output: bool) -> None:
    """按时间列出历史；每条都带哈希。"""
    from zoneinfo import ZoneInfo

    from engine.app.history.replay import history as events_of

    with store_of(ctx).read() as transaction:
        events = list(events_of(transaction, case))
    if not events:
        raise CommandError(say("没有案件“{case}”；用 ssj case list 查看", case=case))
    if json_output:
        print_json(
            [
                {
                    "seq": e.seq,
                    "at": e.at.isoformat(),
                    "actor": e.actor,
                    "kind": e.kind,
                    "body": e.body,
                    "previous": e.previous,
                    "hash": e.hash,
                }
                for e in events
            ]
        )
        return
    shanghai = ZoneInfo("Asia/Shanghai")
    for event in events:
        at = event.at.astimezone(shanghai).strftime("%Y-%m-%d %H:%M")
        what = event.body.get("title") or event.body.get("attempt") or ""
        state = event.body.get("state", "")
        click.echo(f"{event.seq}\t{at}\t{event.actor}\t{event.kind}\t{what}\t{state}\t{event.hash[:12]}")


@group.command("tree")
@click.argument("case")
@click.pass_context
def tree(ctx: click.Context, case: str) -> None:
    """显示案件及其全部子案件。"""
    from engine.app.ports.records import CaseFilter
    from engine.app.ports.store import Transaction

    def walk(transaction: Transaction, case_id: str, depth: int) -> None:
        found = transaction.cases.get(case_id)
        if found is None:
            raise CommandError(say("没有案件“{case}”；用 ssj case list 查看", case=case_id))
        click.echo(f"{'  ' * depth}{found.id}\t{found.state}\t{found.title}")
        for child in transaction.cases.find(CaseFilter(parent=case_id), limit=100_000):
            walk(transaction, child.id, depth + 1)

    with store_of(ctx).read() as transaction:
        walk(transaction, case, 0)
