"""``ssj case sign`` and ``case signatures``: who signed what of a case, on whose device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import viewing
from engine.cli.options import acting
from engine.cli.output import Column, listing, print_listing, tabbed
from engine.cli.session import answered, application_of, caller, local_second, source_of
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries.papers.signing import SignatureState

WAYS = ("system", "pad", "scan", "seal")


@click.command("sign")
@click.argument("case")
@click.argument("record")
@click.option("--signer", default=None, help="签名的人（默认为办理人本人）")
@click.option(
    "--way", type=click.Choice(WAYS), default="system", help="系统内确认、签字板图片、签字页扫描件、电子印章"
)
@click.option("--picture", default=None, metavar="ID", help="签字图片或扫描件，本件附件的编号")
@click.option("--device", default="", help="在谁的什么设备上签的")
@acting
@click.pass_context
def sign(
    ctx: click.Context,
    case: str,
    record: str,
    signer: str | None,
    way: str,
    picture: str | None,
    device: str,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """登记一人签了本件的一张表单或一份文书（写它的编号）；签后内容改动一个字节，签名即失效。

    例：ssj case sign inspection-17 onsite_check --way scan --signer insp-05 --picture inspection-17/F3 --as insp-04
    """
    from engine.app.commands.papers.signing import sign_record

    who = caller(person, request_id=request_id, dry_run=dry_run)
    made = answered(
        sign_record(application_of(ctx), who, case, record, signer or person, way, device, picture)
    )
    click.echo(tabbed(made.id, made.record, made.person, made.way.value, made.sha256))


@click.command("signatures")
@click.argument("case")
@viewing
@listing
@click.pass_context
def signatures(ctx: click.Context, case: str, viewer: str, output: str | None) -> None:
    """列出一件案件的签名：谁、签什么、怎样签、在谁的设备上、现在是否还有效。"""
    from engine.app.queries.papers.signing import list_signatures

    found = answered(list_signatures(source_of(ctx), viewer, case))
    columns: list[Column[SignatureState]] = [
        Column(say("编号"), lambda one: one.signature.id),
        Column(say("签名人"), lambda one: one.signature.person),
        Column(say("所签"), lambda one: one.signature.record),
        Column(say("方式"), lambda one: str(one.signature.way.words)),
        Column(say("设备"), lambda one: one.signature.device or "-"),
        Column(say("登记人"), lambda one: one.signature.by),
        Column(say("时间"), lambda one: local_second(one.signature.at)),
        Column(say("有效"), lambda one: str(one.words)),
    ]
    empty = say("“{case}”还没有签名。", case=case)
    print_listing(found, columns, output, as_json=_plain, empty=empty)


def _plain(one: SignatureState) -> dict[str, Any]:
    return one.as_json()
