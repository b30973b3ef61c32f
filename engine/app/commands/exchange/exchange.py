"""Workbooks for platforms: entering that one was exported, and taking in what the platform gave back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.app.access.command import CommandContext, command, refused
from engine.app.access.visible_cases import VisibleCases
from engine.app.definitions.bureau import bureau_of
from engine.app.definitions.published_files import why_not_published
from engine.app.exchange.receipts import (
    EXPORTED,
    RECEIVED,
    RepeatedReceipt,
    entry_body,
    exchanged,
    key_text,
    repeated_receipts,
    stream_of,
)
from engine.app.exchange.rows import RowMaker, RowsWanted
from engine.app.registers.private_columns import PrivateColumns, private_keys_in_force
from engine.definition.file_discovery import EXCHANGE
from engine.exchange.formats import ExchangeFormat, RowsOf
from engine.exchange.rows import CellDifference, FormatRow, differences
from engine.kernel.refusal import NextAction
from engine.language import say
from engine.register.import_result import HiddenAnswer, HiddenParts, hidden_sentence

__all__ = ["ExchangeFile", "HiddenAnswer", "Received", "RowsWanted", "receive_rows", "record_export"]


@dataclass(frozen=True, slots=True)
class ExchangeFile:
    """A workbook that went out or came back: its name, its digest, and its rows."""

    name: str
    sha256: str
    rows: Sequence[FormatRow]
    wanted: RowsWanted = field(default_factory=RowsWanted)
    #: What of it the office's program does not show, and what was answered about that.
    hidden: HiddenParts | None = None
    answer: HiddenAnswer | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what tells one file from another."""
        about = {} if self.answer is None else {"hidden": self.answer.value}
        return {"name": self.name, "sha256": self.sha256, "wanted": self.wanted.as_json(), **about}


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
    _require_published(context, used)
    body = entry_body(used, file.rows, file.name, file.sha256, {}) | _read_by(used)
    context.record(EXPORTED, body, stream_of(used))
    return len(file.rows)


@command("exchange.record", asked=_asked, decode=Received.from_json)
def receive_rows(context: CommandContext, used: ExchangeFormat, file: ExchangeFile) -> Received:
    """Take in a workbook that came back: rows that are the same with us are entered with what the platform gave.

    WorkbookRows that differ are named and left out, and so are those with a number of the platform another row has.
    """
    _require_published(context, used)
    if file.hidden is not None and file.answer is None:
        message, ask = hidden_sentence(file.hidden), NextAction("answer_hidden")
        raise context.refusal("hidden", message, next_action=ask)
    ours = _rows(context, used, file.wanted)
    differing = differences(used, file.rows, ours)
    theirs = {key_text(row.key(used)): row for row in file.rows}
    bad = {key_text(one.key) for one in differing}
    repeated = repeated_receipts(
        used,
        [row for key, row in theirs.items() if key not in bad],
        exchanged(context.transaction, used).receipts,
    )
    wrong: list[CellDifference | RepeatedReceipt] = [*repeated, *differing]
    bad |= {key_text(one.key) for one in repeated}
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
    body = entry_body(used, same, file.name, file.sha256, given) | _read_by(used)
    if file.hidden is not None and file.answer is not None:
        body["hidden"] = {**file.hidden.as_json(), "answer": file.answer.value}
    context.record(RECEIVED, body, stream_of(used))
    return Received(len(same), tuple(str(one) for one in wrong))


def _require_published(context: CommandContext, used: ExchangeFormat) -> None:
    """Refuse a format of the office's own that nobody published: it says what goes to the public platforms."""
    if (reason := why_not_published(context.transaction, EXCHANGE, used.sha256)) is not None:
        raise refused(reason)


def _read_by(used: ExchangeFormat) -> dict[str, str]:
    """Return by which file of the office's own a workbook was written or read, for the history."""
    return {"format_sha256": used.sha256} if used.sha256 else {}


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
