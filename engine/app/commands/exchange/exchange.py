"""Workbooks for platforms: entering that one was exported, and taking in what the platform gave back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.app.access.command import CommandContext, command
from engine.app.access.visible_cases import VisibleCases
from engine.app.definitions.bureau import bureau_of
from engine.app.exchange.receipts import EXPORTED, RECEIVED, entry_body, key_text, stream_of
from engine.app.exchange.rows import RowMaker, RowsWanted
from engine.app.registers.private_columns import PrivateColumns, private_keys_in_force
from engine.exchange.formats import ExchangeFormat, RowsOf
from engine.exchange.rows import FormatRow, differences
from engine.language import say

__all__ = ["ExchangeFile", "Received", "RowsWanted", "receive_rows", "record_export"]


@dataclass(frozen=True, slots=True)
class ExchangeFile:
    """A workbook that went out or came back: its name, its digest, and its rows."""

    name: str
    sha256: str
    rows: Sequence[FormatRow]
    wanted: RowsWanted = field(default_factory=RowsWanted)

    def as_json(self) -> dict[str, Any]:
        """Return what tells one file from another."""
        return {"name": self.name, "sha256": self.sha256, "wanted": self.wanted.as_json()}


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a workbook of the platform."""

    #: WorkbookRows that are the same with us; their receipts were taken in.
    same: int
    #: Sentences on what differs; these rows were not taken in.
    differing: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"same": self.same, "differing": list(self.differing)}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Received:
        """Return what `as_json` gave."""
        return cls(body["same"], tuple(body["differing"]))


def _asked(used: ExchangeFormat, file: ExchangeFile) -> Mapping[str, Any]:
    return {"format": used.id, **file.as_json()}


@command("exchange.record", asked=_asked)
def record_export(context: CommandContext, used: ExchangeFormat, file: ExchangeFile) -> int:
    """Enter into the history of a format that a workbook was exported; return how many rows it has."""
    if not file.rows:
        raise context.refusal("rows", say("没有一行可以导出"))
    context.record(EXPORTED, entry_body(used, file.rows, file.name, file.sha256, {}), stream_of(used))
    return len(file.rows)


@command("exchange.record", asked=_asked, decode=Received.from_json)
def receive_rows(context: CommandContext, used: ExchangeFormat, file: ExchangeFile) -> Received:
    """Take in a workbook that came back: rows that are the same with us are entered with what the platform gave.

    WorkbookRows that differ are named and left out.
    """
    ours = _rows(context, used, file.wanted)
    wrong = differences(used, file.rows, ours)
    theirs = {key_text(row.key(used)): row for row in file.rows}
    bad = {key_text(one.key) for one in wrong}
    same = [row for key, row in theirs.items() if key not in bad]
    if not same:
        raise context.refusal(
            "rows", say("没有一行与本局一致，没有登记：{first}", first=str(wrong[0]) if wrong else "")
        )
    columns = [column.id for column in used.receipts]
    receipts = {
        key_text(row.key(used)): {c: row.cells[c] for c in columns if row.cells.get(c)} for row in same
    }
    given = {key: one for key, one in receipts.items() if one}
    context.record(RECEIVED, entry_body(used, same, file.name, file.sha256, given), stream_of(used))
    return Received(len(same), tuple(str(one) for one in wrong))


def _rows(context: CommandContext, used: ExchangeFormat, wanted: RowsWanted) -> Sequence[FormatRow]:
    definitions = context.services.definitions
    visible = VisibleCases(
        context.transaction, context.actor, context.now, lambda inside: bureau_of(definitions, inside)
    )
    kind = used.rows.of if used.rows.kind is RowsOf.REGISTER else "objects"
    keys = private_keys_in_force(context.transaction, kind)
    private = PrivateColumns(keys, context.actor, context.why_denied("register.private") is None)
    maker = RowMaker(context.transaction, definitions, context.bureau, context.now, visible, private)
    return maker.rows(used, wanted).rows.rows
