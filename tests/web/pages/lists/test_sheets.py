"""The list of tasks as files."""

from __future__ import annotations

import csv
import io

import pytest
from page_visits import visit_of
from workbench_desk import Desk

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
    monkeypatch.setattr(sheets, "MOST_LINES", 1)
    assert "只列出前 1 件" in rows(desk, "/tasks.csv")[-1][0]


def test_deadlines_for_a_calendar_program(desk: Desk) -> None:
    desk.bureau.start()
    answer = sheets.as_calendar(visit_of(desk, "/agenda.ics"))
    assert answer.body.startswith(b"BEGIN:VCALENDAR")
    assert b"20241018" in answer.body
