"""What a platform answered: one history for each format, of exports and of receipts; nothing of it is changed afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from engine.app.history.replay import history
from engine.exchange.formats import ExchangeFormat
from engine.exchange.rows import FormatRow, WorkbookRows
from engine.language import say

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

EXPORTED, RECEIVED = "exported", "received"


def stream_of(used: ExchangeFormat) -> str:
    """Return the name of the history of a format."""
    return f"exchange:{used.id}"


@dataclass(slots=True)
class Exchanged:
    """What has gone out and come back in one format, by the key of the row."""

    #: key -> digest of the row as it was last exported.
    exported: dict[str, str] = field(default_factory=dict)
    #: key -> column -> what the platform gave.
    receipts: dict[str, Mapping[str, str]] = field(default_factory=dict)
    #: key -> digest of the row the platform's answer was about.
    received: dict[str, str] = field(default_factory=dict)

    def filled(self, used: ExchangeFormat, rows: WorkbookRows) -> WorkbookRows:
        """Return rows of ours with the platform's columns as they came back."""
        columns = [column.id for column in used.receipts]
        if not columns or not self.receipts:
            return rows
        with_receipts = [
            replace(row, cells={**row.cells, **{c: given.get(c, "") for c in columns}})
            if (given := self.receipts.get(key_text(row.key(used)))) is not None
            else row
            for row in rows.rows
        ]
        return replace(rows, rows=with_receipts)


@dataclass(frozen=True, slots=True)
class RepeatedReceipt:
    """A row of a file with a number of the platform that another row has too."""

    row: int
    key: tuple[str, ...]
    column: str
    number: str
    #: The other row by its key, and its number in the file; 0: it was received before.
    other: str
    other_row: int

    def __str__(self) -> str:
        place = (
            say("第 {row} 行（{key}）", row=self.other_row, key=self.other)
            if self.other_row
            else say("此前登记的一行（{key}）", key=self.other)
        )
        return str(
            say(
                "第 {row} 行“{column}”（{key}）：“{number}”与{other}的相同，没有登记；一个编号只属于一行，请核对",
                row=self.row,
                column=self.column,
                key=" ".join(self.key),
                number=self.number,
                other=place,
            )
        )


def repeated_receipts(
    used: ExchangeFormat, rows: Sequence[FormatRow], known: Mapping[str, Mapping[str, str]]
) -> list[RepeatedReceipt]:
    """Return the rows with a number another row has, of the file or (`known`: key -> column -> number) of those received before.

    A row that brings another number than before no longer has that one.
    """
    fresh = {key_text(row.key(used)): row for row in rows}
    found = []
    for column in used.receipts:
        holders: dict[str, list[str]] = {}
        for key, given in known.items():
            if key not in fresh and (number := given.get(column.id)):
                holders.setdefault(number, []).append(key)
        for key, row in fresh.items():
            if number := row.cells.get(column.id):
                holders.setdefault(number, []).append(key)
        for key, row in fresh.items():
            number = row.cells.get(column.id) or ""
            others = [one for one in holders.get(number, ()) if one != key]
            if others:
                other = fresh.get(others[0])
                found.append(
                    RepeatedReceipt(
                        row.number,
                        row.key(used),
                        column.title,
                        number,
                        " ".join(other.key(used)) if other is not None else others[0],
                        other.number if other is not None else 0,
                    )
                )
    return found


def key_text(key: Sequence[str]) -> str:
    """Return a key as it is kept: its parts with a bar between them, a bar inside of one doubled."""
    return "|".join(part.replace("|", "||") for part in key)


def digest_of(used: ExchangeFormat, row: FormatRow) -> str:
    """Return the SHA-256 of a row, the platform's columns and those filled by hand aside."""
    cells = {c.id: row.cells.get(c.id, "") for c in used.columns.values() if not (c.receipt or c.by_hand)}
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def exchanged(transaction: Transaction, used: ExchangeFormat) -> Exchanged:
    """Return what the history of a format says now."""
    found = Exchanged()
    for event in history(transaction, stream_of(used)):
        for key, digest in event.body.get("rows", {}).items():
            (found.exported if event.kind == EXPORTED else found.received)[key] = digest
        if event.kind == RECEIVED:
            found.receipts.update(event.body.get("receipts", {}))
    return found


def entry_body(
    used: ExchangeFormat,
    rows: Sequence[FormatRow],
    file: str,
    sha256: str,
    receipts: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """Return the body of an entry: the file by its digest, the rows by theirs, and what the platform gave."""
    body: dict[str, Any] = {
        "format": used.id,
        "file": file,
        "sha256": sha256,
        "rows": {key_text(row.key(used)): digest_of(used, row) for row in rows},
    }
    return {**body, "receipts": {key: dict(one) for key, one in receipts.items()}} if receipts else body
