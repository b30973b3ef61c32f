"""``ssj case items``: what was found of each item of a visit, and of one item in all visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from engine.cli.authentication import viewing
from engine.cli.exits import USAGE, CommandError
from engine.cli.output import Column, listing, print_listing
from engine.cli.session import answered, source_of
from engine.kernel.plain_text import visible
from engine.language import say
from engine.lifecycle.forms.answers import ROW_ANSWERS

if TYPE_CHECKING:
    from engine.app.queries.papers.items import FoundItem


@click.command("items")
@click.argument("case", required=False)
@click.option("--item", default=None, metavar="CODE", help="这一事项在各件中的结果")
@viewing
@listing
@click.pass_context
def list_items(
    ctx: click.Context, case: str | None, item: str | None, viewer: str, output: str | None
) -> None:
    """列出一件的各抽查事项及其结果；写 --item 则列出一个事项在各件中的结果（一企一表，结果归到各股室的事项）。

    例：ssj case items inspection-17
    """
    from engine.app.queries.papers import items

    if (case is None) is (item is None):
        raise CommandError(say("请写案件编号，或者写 --item 事项编码"), USAGE)
    source = source_of(ctx)
    found = (
        answered(items.items_of_case(source, viewer, case))
        if case is not None
        else answered(items.results_of_item(source, viewer, item or ""))
    )
    columns: list[Column[FoundItem]] = [
        Column(say("案件"), lambda one: one.case),
        Column(say("检查对象"), lambda one: visible(one.subject)),
        Column(say("事项编码"), lambda one: one.result.item.code),
        Column(say("抽查事项"), lambda one: visible(one.result.item.name)),
        Column(say("责任股室"), lambda one: visible(one.section_title)),
        Column(say("结果"), lambda one: ROW_ANSWERS.get(one.result.answer or "", "-")),
        Column(say("不符合项数"), lambda one: str(len(one.result.problems))),
        Column(
            say("不符合的情况"),
            lambda one: (
                visible(
                    str(say("{names}", names=[str(each.get("note", "")) for each in one.result.problems]))
                )
                or "-"
            ),
        ),
    ]
    print_listing(found, columns, output, as_json=lambda one: one.as_json(), empty=say("没有这样的事项。"))
