"""Keys and digests of rows as the history of a format keeps them, and what that history says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from exchange_office import format_of

from engine.app.exchange.receipts import (
    EXPORTED,
    RECEIVED,
    Exchanged,
    digest_of,
    entry_body,
    exchanged,
    key_text,
    repeated_receipts,
    stream_of,
)
from engine.app.history.journal import add_entry
from engine.exchange.rows import FormatRow, WorkbookRows
from engine.store.memory import MemoryStore

USED = format_of()
ROWS = [
    FormatRow(number, {"case": f"visit-{number}", "staff": "3", "result": "合格", "number": ""})
    for number in (1, 2)
]


def test_keys_with_bars_inside_are_different_keys() -> None:
    assert key_text(["a|b", "c"]) != key_text(["a", "b|c"])
    assert key_text(["a", "b"]) == "a|b"


def test_a_digest_passes_over_what_the_platform_gives() -> None:
    row = ROWS[0]
    assert digest_of(USED, row) == digest_of(USED, FormatRow(9, {**row.cells, "number": "P9"}))
    assert digest_of(USED, row) != digest_of(USED, FormatRow(1, {**row.cells, "staff": "4"}))


def test_the_history_of_a_format_says_what_went_out_and_came_back() -> None:
    store = MemoryStore()
    now = datetime(2026, 3, 2, tzinfo=UTC)
    given = {"visit-2": {"number": "P2"}}
    with store.write() as transaction:
        add_entry(transaction, now, EXPORTED, "anna", entry_body(USED, ROWS, "f", "0", {}), stream_of(USED))
        body = entry_body(USED, ROWS[1:], "g", "1", given)
        add_entry(transaction, now, RECEIVED, "anna", body, stream_of(USED))
    with store.read() as transaction:
        found = exchanged(transaction, USED)
        other = exchanged(transaction, replace(USED, id="other"))
    digests = [digest_of(USED, row) for row in ROWS]
    assert found.exported == dict(zip(("visit-1", "visit-2"), digests, strict=True))
    assert (found.received, found.receipts) == ({"visit-2": digests[1]}, given)
    assert other == Exchanged()
    rows = WorkbookRows(list(ROWS))
    assert [row.cells["number"] for row in found.filled(USED, rows).rows] == ["", "P2"]
    assert Exchanged().filled(USED, rows) is rows


def numbered(number: int, receipt: str) -> FormatRow:
    return FormatRow(number + 1, {"case": f"visit-{number}", "number": receipt})


def test_a_number_of_the_platform_is_of_one_row() -> None:
    rows = [numbered(1, "P1"), numbered(2, "P1"), numbered(3, "P3"), numbered(4, "")]
    said = [str(one) for one in repeated_receipts(USED, rows, {"visit-9": {"number": "P3"}})]
    assert said == [
        "第 2 行“平台编号”（visit-1）：“P1”与第 3 行（visit-2）的相同，没有登记；一个编号只属于一行，请核对",
        "第 3 行“平台编号”（visit-2）：“P1”与第 2 行（visit-1）的相同，没有登记；一个编号只属于一行，请核对",
        "第 4 行“平台编号”（visit-3）：“P3”与此前登记的一行（visit-9）的相同，没有登记；一个编号只属于一行，请核对",
    ]


def test_numbers_may_be_brought_again_and_put_right() -> None:
    known = {"visit-1": {"number": "P1"}, "visit-2": {"number": "P2"}}
    assert repeated_receipts(USED, [numbered(1, "P1")], known) == []
    # Two that were exchanged for each other.
    assert repeated_receipts(USED, [numbered(1, "P2"), numbered(2, "P1")], known) == []
