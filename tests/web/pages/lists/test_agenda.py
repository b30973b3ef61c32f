"""Tasks by the day they are due."""

from __future__ import annotations

import pytest
from page_visits import text_of, visit_of
from workbench_fixtures import Desk

from engine.web.pages.lists import agenda


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("/agenda?day=2024-10-01", True),
        ("/agenda?day=2024-10-18&as=week", True),
        ("/agenda?day=2024-10-11&as=week", False),
        ("/agenda?day=2024-11-11", False),
        ("/agenda", False),
        ("/agenda?day=nonsense", False),
        ("/agenda?day=9999-12-31", False),
        ("/agenda?day=2024-10-01&of=section", True),
    ],
)
def test_a_month_and_a_week(desk: Desk, address: str, seen: bool) -> None:
    case = desk.bureau.start()
    answer = agenda.show(visit_of(desk, address))
    assert answer.status == 200
    assert (f"/cases/{case}" in text_of(answer)) is seen


def test_days_with_many_tasks_lead_to_their_week(desk: Desk) -> None:
    for _ in range(5):
        desk.bureau.start()
    assert "还有 2 件" in text_of(agenda.show(visit_of(desk, "/agenda?day=2024-10-01")))
    assert text_of(agenda.show(visit_of(desk, "/agenda?day=2024-10-18&as=week"))).count("/cases/visit-") == 5
