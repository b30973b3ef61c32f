"""A workbook that was exported is entered; one that came back is taken in where it is the same with us."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bureau_factories import Bureau
from exchange_office import file_of, format_of, office_of_visits, rows_of

from engine.app.commands import Caller
from engine.app.commands.exchange.exchange import Received, receive_rows, record_export
from engine.app.exchange.receipts import exchanged, stream_of
from engine.app.exchange.rows import FormatRows, RowsWanted
from engine.app.queries.exchange.exchange import (
    ExchangeState,
    compare_rows,
    exchange_rows,
    exchange_state,
)
from engine.exchange.rows import FormatRow, WorkbookRows
from engine.kernel.refusal import Refusal
from engine.register.import_result import HiddenAnswer, HiddenParts


@pytest.fixture(scope="module")
def office() -> Bureau:
    return office_of_visits()


@pytest.fixture
def rows(office: Bureau) -> WorkbookRows:
    return rows_of(office)


def test_what_went_out_and_came_back_is_one_history(office: Bureau, rows: WorkbookRows) -> None:
    used, application = format_of(), office.application
    assert record_export(application, Caller("anna"), used, file_of(rows.rows)) == 2
    theirs = [FormatRow(row.number + 1, {**row.cells, "number": f"P{row.number}"}) for row in rows.rows]
    theirs[1] = FormatRow(3, {**theirs[1].cells, "staff": "99"})
    compared = compare_rows(application, "anna", used, RowsWanted(), WorkbookRows(theirs))
    assert not isinstance(compared, Refusal)
    assert [(one.row, one.column) for one in compared] == [(3, "人数")]
    done = receive_rows(application, Caller("anna"), used, file_of(theirs))
    assert isinstance(done, Received)
    assert (done.same, len(done.differing)) == (1, 1)
    state = exchange_state(application, "anna", used, RowsWanted())
    assert isinstance(state, ExchangeState)
    assert state.as_json() == {"rows": 2, "faulty": 0, "exported": 2, "changed": 0, "received": 1}
    again = exchange_rows(application, "anna", used, RowsWanted())
    assert isinstance(again, FormatRows)
    assert [row.cells["number"] for row in again.rows.rows] == ["P1", ""]
    with office.look() as transaction:
        assert [event.kind for event in transaction.events.of(stream_of(used))] == ["exported", "received"]
        assert exchanged(transaction, used).receipts == {"visit-1": {"number": "P1"}}


def test_nothing_goes_out_or_comes_in_empty(office: Bureau, rows: WorkbookRows) -> None:
    used, application = format_of(), office.application
    assert isinstance(record_export(application, Caller("anna"), used, file_of([])), Refusal)
    strange = [FormatRow(2, {**rows.rows[0].cells, "case": "visit-9"})]
    assert isinstance(receive_rows(application, Caller("anna"), used, file_of(strange)), Refusal)
    assert Received.from_json(Received(1, ("甲",)).as_json()) == Received(1, ("甲",))
    assert record_export(application, Caller("anna", request_id="r1"), used, file_of(rows.rows)) == 2
    assert record_export(application, Caller("anna", request_id="r1"), used, file_of(rows.rows)) == 2


def test_who_hands_in_another_file_under_the_same_request_is_refused(
    office: Bureau, rows: WorkbookRows
) -> None:
    by = Caller("anna", request_id="r2")
    assert record_export(office.application, by, format_of(), file_of(rows.rows)) == 2
    other = record_export(office.application, by, format_of(), file_of(rows.rows, "other.xlsx"))
    assert isinstance(other, Refusal)


def test_what_is_hidden_is_asked_about_before_anything_is_taken_in(
    office: Bureau, rows: WorkbookRows
) -> None:
    used, by = format_of(), Caller("anna")
    file = replace(file_of(rows.rows), hidden=HiddenParts((3,), ()))
    stopped = receive_rows(office.application, by, used, file)
    assert isinstance(stopped, Refusal)
    assert "1 行被隐藏或筛掉，表格软件里看不见（第 3 行" in str(stopped)
    taken = receive_rows(office.application, by, used, replace(file, answer=HiddenAnswer.INCLUDE))
    assert isinstance(taken, Received)
    with office.look() as transaction:
        last = list(transaction.events.of(stream_of(used)))[-1]
    assert last.body["hidden"] == {"rows": [3], "columns": [], "answer": "include"}


def test_a_number_two_rows_have_is_not_entered(office: Bureau, rows: WorkbookRows) -> None:
    used, by = format_of(), Caller("anna")
    theirs = [FormatRow(row.number + 1, {**row.cells, "number": "P7"}) for row in rows.rows]
    stopped = receive_rows(office.application, by, used, file_of(theirs))
    assert isinstance(stopped, Refusal)
    assert "“P7”与第 3 行（visit-2）的相同" in str(stopped)
    assert isinstance(receive_rows(office.application, by, used, file_of(theirs[:1])), Received)
    again = receive_rows(office.application, by, used, file_of(theirs[1:]))
    assert isinstance(again, Refusal)
    assert "“P7”与此前登记的一行（visit-1）的相同" in str(again)
