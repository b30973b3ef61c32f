"""One inspector, one sheet."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from bureau_factories import ZONE, Bureau
from inspected_bureau import inspected_bureau

from engine.app.queries.people.inspectors import inspector_sheet
from engine.app.reports.inspector_sheet import InspectorSheet, cases_with, leave_of


@pytest.fixture(scope="module")
def office() -> Bureau:
    return inspected_bureau()


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


def test_cases_of_another_time_and_leave_that_was_not_taken_are_none(office: Bureau) -> None:
    with office.look() as transaction:
        now = datetime(2024, 6, 1, tzinfo=UTC)
        assert len(cases_with(transaction, "ivo", now, ZONE, lambda _: False)[0]) == 0
        assert leave_of(transaction, "ivo") == []
