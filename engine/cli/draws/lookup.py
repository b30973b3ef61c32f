"""Finding the draw a command is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.cli.exits import CommandError
from engine.cli.session import store_of
from engine.language import say

if TYPE_CHECKING:
    import click

    from engine.app.ports.records import DrawRow
    from engine.draw.record import DrawRecord


def unknown_draw(batch: str) -> CommandError:
    """Return what is said where a batch has no such draw."""
    return CommandError(say("“{batch}”没有抽取记录；用 ssj draw list 查看", batch=batch))


def draw_of(ctx: click.Context, batch: str, number: int | None) -> tuple[DrawRow, DrawRecord]:
    """Return one draw of a batch, the last one without `number`; ends the command where there is none."""
    from engine.app.draws.records import record_of

    with store_of(ctx).read() as transaction:
        row = transaction.records.draw(batch, number)
    if row is None:
        raise unknown_draw(batch)
    return row, record_of(row)
