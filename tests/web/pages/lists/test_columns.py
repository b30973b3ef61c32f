"""The columns of the list of tasks: names for ids, nothing that runs, and what is the same in many lines made once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from page_visits import text_of, visit_of
from workbench_fixtures import Desk

from engine.app.queries.worklist import page_of_tasks
from engine.app.session.new_case import NewCase
from engine.web.pages import tasks
from engine.web.pages.lists import columns

#: Calls of Python for one more line of a list, and for one page of fifty lines, the store in memory. A page from a file took
#: 18,400 when every cell was made by itself, and takes 6,100.
MAX_LINE_CALLS, MAX_PAGE_CALLS = 75, 6_600


def test_who_has_claimed_a_task_is_called_by_name(signed_in: Desk) -> None:
    desk = signed_in
    case = desk.bureau.start()
    assert '<td data-title="办理人">可领取</td>' in desk.get("/?tab=section").text
    desk.bureau.application.do("claim", case, "clerk-2")
    text = desk.get("/?tab=section").text
    assert '<td data-title="办理人">经办人02</td>' in text
    assert "clerk-2" not in text
    assert "经办人02" in desk.get("/tasks.csv?tab=section").text


def test_what_a_list_shows_cannot_run(signed_in: Desk) -> None:
    desk = signed_in
    desk.bureau.application.start("visit", "clerk-1", NewCase(title="<script>alert(1)</script>", subject={}))
    text = desk.get("/?columns=step,workflow,section,since,due,left,holder").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "visit" not in text.split("<tbody>")[1].split('data-title="流程">')[1].split("<")[0]


def test_every_column_says_something_of_a_task(desk: Desk) -> None:
    desk.bureau.start()
    found: Any = page_of_tasks(desk.bureau.application, "clerk-1")
    visit = visit_of(desk)
    for name, title in columns.TITLES.items():
        made = columns.Cells(visit, found.workflows, [name])
        cell = made.of(found.lines[0])
        assert cell.startswith(f'<td data-title="{title}">')
        assert cell.removeprefix(f'<td data-title="{title}">') != "</td>"
        assert made.of(found.lines[0]) == cell
    (row,) = columns.rows_of(found.lines, columns.Cells(visit, found.workflows, []), "tab=all")
    assert row[0] == "visit-1"
    assert row[2].startswith("/cases/visit-1?tab=all&at=2024-")


def calls_of(act: Callable[[], object]) -> int:
    """Return how many functions of Python are called, once every cache is filled."""
    for _ in range(3):
        act()
    calls = 0

    def note(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return calls


def test_a_line_costs_little_and_what_is_alike_is_made_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(50):
        desk.bureau.start()
    visit = visit_of(desk)

    def look(size: int) -> int:
        monkeypatch.setattr(tasks, "PER_PAGE", size)
        assert text_of(tasks.show(visit)).count('class="row"') == size
        return calls_of(lambda: tasks.show(visit))

    few, many = look(10), look(50)
    assert (many - few) / 40 <= MAX_LINE_CALLS, (few, many)
    assert many <= MAX_PAGE_CALLS, many
