"""One inspector, one sheet; all tasks of one who leaves."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from bureau_factories import BUREAU, ZONE, Bureau

from engine.app.ports.records import RegisterEntry
from engine.app.queries.people.inspectors import InspectorSheet, inspector_sheet, tasks_held
from engine.app.registers.import_entries import import_entries
from engine.app.reports.inspector_sheet import cases_with, leave_of
from engine.kernel.refusal import Refusal

VISIT = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
parties: {inspectors: 检查人员}
states:
  open: {title: 待检查, for: inspectors, verbs: {reassign: {by: chief}}}
  done: {title: 办结, final: true}
transitions:
  - {do: check, title: 检查, from: open, to: done}
"""


@pytest.fixture(scope="module")
def office() -> Bureau:
    found = Bureau(BUREAU, VISIT)
    data = {
        "cert_valid_to": "2026-01-01",
        "trained_on": "2024-03-01",
        "phone": "13800000001",
        "status": "active",
    }
    for kind in ("inspectors",):
        rows = [RegisterEntry(kind, one, one, "north", data) for one in ("ida", "ivo")]
        import_entries(found.application, kind, rows, "system", source="f")
    found.start("visit", parties={"inspectors": ["ida", "ivo"]})
    found.start("visit", parties={"inspectors": ["ivo"]})
    return found


def test_a_sheet_has_tasks_visits_certificate_and_training(office: Bureau) -> None:
    found = inspector_sheet(office.application, "carl", "ida")
    assert isinstance(found, InspectorSheet)
    body = found.as_json()
    assert ([one["case"] for one in body["tasks"]], [one["case"] for one in body["cases"]]) == (
        ["visit-1"],
        ["visit-1"],
    )
    assert (body["entry"]["trained_on"], body["active"], body["hidden"]) == ("2024-03-01", True, 0)
    before = inspector_sheet(office.application, "carl", "ida", 2001)
    assert isinstance(before, InspectorSheet)
    assert list(before.cases) == []


def test_another_section_sees_how_many_and_no_telephone(office: Bureau) -> None:
    found = inspector_sheet(office.application, "bela", "ida")
    assert isinstance(found, InspectorSheet)
    assert (list(found.tasks), list(found.cases), found.hidden) == ([], [], 1)
    assert found.entry is not None
    assert "phone" not in found.entry.data


def test_the_tasks_somebody_holds_are_those_to_hand_over(office: Bureau) -> None:
    held = tasks_held(office.application, "carl", "ivo")
    assert not isinstance(held, Refusal)
    assert [one.task.case for one in held] == ["visit-1", "visit-2"]
    assert isinstance(tasks_held(office.application, "carl", "nobody"), Refusal)
    assert isinstance(inspector_sheet(office.application, "carl", "nobody"), Refusal)
    with office.look() as transaction:
        now = datetime(2024, 6, 1, tzinfo=UTC)
        assert len(cases_with(transaction, "ivo", now, ZONE, lambda _: False)[0]) == 0
        assert leave_of(transaction, "ivo") == []
