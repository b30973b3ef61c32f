"""``ssj proposal``: what two have to agree to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import as_person, viewing
from engine.cli.options import as_json, request_id_option
from engine.cli.output import Column, listing, print_json, print_listing, tabbed
from engine.cli.session import answered, application_of, caller, local_second, source_of
from engine.kernel.plain_text import visible
from engine.language import Message, say
from engine.lifecycle.command import ENGINE

if TYPE_CHECKING:
    from engine.app.queries.people.proposals import Proposal


@click.group("proposal")
def group() -> None:
    """提请：须两人办理的事（他人的口令、令牌、角色，发布流程，采用日历，登录方式），一人提请，另一人确认。

    例：ssj proposal list --as leading
    """


@group.command("list")
@click.option("--all", "everything", is_flag=True, help="连同办结、驳回、撤回和单人办理的")
@viewing
@listing
@click.pass_context
def list_proposals(ctx: click.Context, everything: bool, viewer: str, output: str | None) -> None:
    """列出待确认和已确认而未办理的提请。"""
    from engine.app.queries.people import proposals

    found = answered(proposals.list_proposals(source_of(ctx), viewer, everything=everything))
    columns: list[Column[Proposal]] = [
        Column(say("编号"), lambda one: one.id),
        Column(say("提请人"), lambda one: one.by),
        Column(say("时间"), lambda one: local_second(one.made_at)),
        Column(say("事项"), lambda one: one.summary["title"]),
        Column(say("状态"), _status),
    ]
    print_listing(found, columns, output, as_json=_plain, empty=say("没有提请。"))


@group.command("show")
@click.argument("proposal")
@viewing
@as_json
@click.pass_context
def show(ctx: click.Context, proposal: str, viewer: str, json_output: bool) -> None:
    """显示一项提请：谁、何时、要办什么、摘要、谁确认。"""
    from engine.app.queries.people.proposals import show_proposal

    found = answered(show_proposal(source_of(ctx), viewer, proposal))
    if json_output:
        print_json(_plain(found))
        return
    for name, value in _plain(found).items():
        shown = value if isinstance(value, str) else visible(str(value)) if value is not None else "-"
        click.echo(tabbed(name, shown))
    click.echo(str(_status(found)), err=True)


@group.command("confirm")
@click.argument("proposal")
@click.option("--reason", default=None, help="说明")
@request_id_option
@as_person("由谁确认：另一位管理员，或所涉的本人")
@click.pass_context
def confirm(
    ctx: click.Context, /, proposal: str, reason: str | None, person: str, request_id: str | None
) -> None:
    """确认一项提请；提请的人再运行同一条命令即办理。"""
    from engine.app.commands.proposals.proposals import confirm as confirm_it

    by = answered(confirm_it(application_of(ctx), caller(person, request_id=request_id), proposal, reason))
    said = say("已确认“{id}”；“{by}”再运行同一条命令即办理。", id=proposal, by=by)
    if by == ENGINE:
        said = say("已确认“{id}”，所等的环节可以办理了。", id=proposal)
    click.echo(str(said), err=True)


@group.command("reject")
@click.argument("proposal")
@click.option("--reason", required=True, help="理由")
@request_id_option
@as_person("由谁驳回：另一位管理员，或所涉的本人")
@click.pass_context
def reject(ctx: click.Context, /, proposal: str, reason: str, person: str, request_id: str | None) -> None:
    """驳回一项提请。"""
    from engine.app.commands.proposals.proposals import reject as reject_it

    answered(reject_it(application_of(ctx), caller(person, request_id=request_id), proposal, reason))
    click.echo(str(say("已驳回“{id}”。", id=proposal)), err=True)


@group.command("withdraw")
@click.argument("proposal")
@click.option("--reason", default=None, help="说明")
@request_id_option
@as_person("提请人本人")
@click.pass_context
def withdraw(
    ctx: click.Context, /, proposal: str, reason: str | None, person: str, request_id: str | None
) -> None:
    """撤回自己的提请。"""
    from engine.app.commands.proposals.proposals import withdraw as withdraw_it

    answered(withdraw_it(application_of(ctx), caller(person, request_id=request_id), proposal, reason))
    click.echo(str(say("已撤回“{id}”。", id=proposal)), err=True)


@click.command("administrators")
@click.argument("people", metavar="[ID...]", nargs=-1)
@request_id_option
@as_person("谁在查看或指定：能改动工作人员名录的人")
@click.pass_context
def administrators(
    ctx: click.Context, /, people: tuple[str, ...], request_id: str | None, person: str
) -> None:
    """管理员：确认提请的人，至少两人。不写 ID 时列出现在的管理员。

    例：ssj user administrators leading registrar --as leading
    """
    if not people:
        from engine.app.queries.people.proposals import list_administrators

        named = answered(list_administrators(source_of(ctx), person))
        for one in named:
            click.echo(visible(one))
        if not named:
            click.echo(str(say("没有指定管理员；须两人办理的事由一人办理，并注明单人办理。")), err=True)
        return
    from engine.app.commands.proposals.administrators import set_administrators

    answered(set_administrators(application_of(ctx), caller(person, request_id=request_id), people))
    click.echo(str(say("管理员为 {people}。", people=list(people))), err=True)


_STATUS: dict[str, Message] = {
    "open": say("待确认"),
    "confirmed": say("已确认，待办理"),
    "rejected": say("已驳回"),
    "withdrawn": say("已撤回"),
    "done": say("已办理"),
    "single-handed": say("单人办理"),
}


def _status(one: Proposal) -> Message:
    return _STATUS[one.status]


def _plain(one: Proposal) -> dict[str, Any]:
    return {
        "id": one.id,
        "by": one.by,
        "made_at": one.made_at.isoformat(),
        "verb": one.use_case,
        "about": one.about,
        "digest": one.digest,
        "summary": dict(one.summary),
        "status": one.status,
        "decided_by": one.decided_by,
        "decided_at": one.decided_at.isoformat() if one.decided_at else None,
        "reason": one.reason,
    }
