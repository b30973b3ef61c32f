"""The list of tasks for one visit: the tab, the text and the workflow of its address."""

from __future__ import annotations

import pytest
from page_visits import text_of, visit_of
from workbench_fixtures import Desk

from engine.web.pages import tasks


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("/", True),
        ("/?tab=all", True),
        ("/?tab=nonsense", True),
        ("/?tab=overdue", False),
        ("/?text=示例", True),
        ("/?text=别的", False),
        ("/?workflow=visit", True),
        ("/?workflow=errand", False),
    ],
)
def test_which_tasks_are_shown(desk: Desk, address: str, seen: bool) -> None:
    case = desk.bureau.start()
    answer = tasks.show(visit_of(desk, address))
    assert answer.status == 200
    assert (f'href="/cases/{case}?' in text_of(answer)) is seen


def test_the_task_of_another_is_not_shown(desk: Desk) -> None:
    case = desk.bureau.start()
    assert f'href="/cases/{case}?' not in text_of(tasks.show(visit_of(desk, "/", "clerk-9")))


def test_tabs_keep_the_filters_of_the_address(desk: Desk) -> None:
    text = text_of(tasks.show(visit_of(desk, "/?text=abc&workflow=visit")))
    assert "text=abc" in text
    assert "workflow=visit" in text
    assert all(str(title) in text for title in tasks.TITLES.values())
