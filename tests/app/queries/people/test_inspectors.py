"""What a viewer is shown of an inspector, and the tasks of one who leaves."""

from __future__ import annotations

import pytest
from bureau_factories import Bureau
from inspected_bureau import inspected_bureau

from engine.app.queries.people.inspectors import InspectorSheet, inspector_sheet, tasks_held
from engine.kernel.refusal import Refusal


@pytest.fixture(scope="module")
def office() -> Bureau:
    return inspected_bureau()


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
    assert list(tasks_held(office.application, "bela", "ivo")) == []  # type: ignore[arg-type]
