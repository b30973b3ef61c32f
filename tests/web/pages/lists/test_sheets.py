"""The list of tasks as files."""

from __future__ import annotations

import csv
import io

import pytest
from page_visits import visit_of
from workbench_fixtures import Desk

from engine.app.session.new_case import NewCase
from engine.web.pages.lists import sheets


def rows(desk: Desk, address: str) -> list[list[str]]:
    answer = sheets.as_csv(visit_of(desk, address))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tasks.csv"'
    text = answer.body.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_spreadsheet_holds_the_list_and_runs_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.bureau.start()
    desk.bureau.application.start("visit", "clerk-1", NewCase(title="=1+1", subject={}))
    monkeypatch.setattr(sheets, "_PAGE", 1)
    found = rows(desk, "/tasks.csv")
    assert [row[0] for row in found] == ["案件", "visit-1", "visit-2"]
    assert found[1][1:4] == ["示例企业", "待走访", "visit"]
    assert found[2][1] == "'=1+1"
    assert [row[0] for row in rows(desk, "/tasks.csv?text=示例")] == ["案件", "visit-1"]
    monkeypatch.setattr(sheets, "MAX_LINES", 1)
    assert "只列出前 1 件" in rows(desk, "/tasks.csv")[-1][0]


def test_a_workbook_holds_the_columns_that_were_chosen(signed_in: Desk) -> None:
    from openpyxl import load_workbook

    desk = signed_in
    desk.bureau.application.start("visit", "clerk-1", NewCase(title="=1+1", subject={}))
    assert desk.post("/", do="columns", column=["section", "due", "nothing"]).status_code == 303
    page = desk.get("/").text
    assert '<td data-title="股室">一股</td>' in page
    assert '<td data-title="办理人">' not in page
    answer = desk.get("/tasks.xlsx")
    assert answer.headers["content-disposition"] == 'attachment; filename="tasks.xlsx"'
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows == [["案件", "名称", "股室", "到期"], ["visit-1", "=1+1", "one", "2024-10-18"]]
    # Nothing a cell holds is a formula, whatever it begins with.
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    # The address goes before what was chosen; giving all up brings the usual ones back.
    assert "办理人" in desk.get("/?columns=holder").text.split("<tbody>")[0].split("<thead>")[1]
    desk.post("/", do="columns")
    assert '<td data-title="办理人">' in desk.get("/").text
    assert sheets.as_workbook is not None


def test_deadlines_for_a_calendar_program(desk: Desk) -> None:
    desk.bureau.start()
    answer = sheets.as_calendar(visit_of(desk, "/agenda.ics"))
    assert answer.body.startswith(b"BEGIN:VCALENDAR")
    assert b"20241018" in answer.body
