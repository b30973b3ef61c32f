"""What is asked of the rows for a platform: unknown names, values by name, what differs, how far they have come."""

from __future__ import annotations

import pytest
from bureau_factories import Bureau
from exchange_office import YAML, file_of, format_of, office_of_visits, rows_of

from engine.app.commands import Caller
from engine.app.commands.exchange.exchange import record_export
from engine.app.exchange.rows import RowsWanted
from engine.app.queries.exchange.exchange import (
    ExchangeState,
    compare_rows,
    exchange_rows,
    exchange_state,
    named_values,
    titled_fields,
)
from engine.exchange.rows import FormatRow, WorkbookRows
from engine.kernel.refusal import Refusal


@pytest.fixture(scope="module")
def office() -> Bureau:
    return office_of_visits()


def test_unknown_workflows_and_sections_are_refused(office: Bureau) -> None:
    strange = format_of(YAML.replace("cases: visit", "cases: visits"))
    assert isinstance(exchange_rows(office.application, "anna", strange, RowsWanted()), Refusal)
    assert isinstance(
        exchange_rows(office.application, "anna", format_of(), RowsWanted(section="x")), Refusal
    )
    assert isinstance(titled_fields(office.application, "anna", "visits"), Refusal)
    fields = titled_fields(office.application, "anna", "visit")
    assert not isinstance(fields, Refusal)
    assert ("职工人数", "forms.note.staff") in {(one.titles[0], one.value) for one in fields}
    assert titled_fields(office.application, "anna", "objects") == []


def test_names_of_measures_have_values(office: Bureau) -> None:
    found = named_values(office.application, "anna")
    assert not isinstance(found, Refusal)
    assert (found["staff"], found["staff.part"], found["visit.opened"]) == ("15", 15, 3)


def test_a_file_that_differs_is_named_by_row_and_column(office: Bureau) -> None:
    rows = rows_of(office).rows
    assert compare_rows(office.application, "anna", format_of(), RowsWanted(), WorkbookRows(rows)) == []
    theirs = [rows[0], FormatRow(9, {**rows[1].cells, "result": "合格"})]
    found = compare_rows(office.application, "anna", format_of(), RowsWanted(), WorkbookRows(theirs))
    assert not isinstance(found, Refusal)
    assert [(one.row, one.column) for one in found] == [(9, "结果")]


def test_what_was_exported_and_is_otherwise_now_is_counted(office: Bureau) -> None:
    used, application = format_of(), office.application
    before = exchange_state(application, "anna", used, RowsWanted())
    assert before == ExchangeState(rows=2, faulty=0, exported=0, changed=0, received=0)
    first, second = rows_of(office).rows
    older = FormatRow(first.number, {**first.cells, "staff": "11"})
    assert record_export(application, Caller("anna"), used, file_of([older, second])) == 2
    after = exchange_state(application, "anna", used, RowsWanted())
    assert isinstance(after, ExchangeState)
    assert after.as_json() == {"rows": 2, "faulty": 0, "exported": 2, "changed": 1, "received": 0}
