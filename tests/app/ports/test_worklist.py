from __future__ import annotations

from datetime import UTC, date, datetime

from engine.app.ports.records import Task
from engine.app.ports.worklist import SheetLine, Week, WorkItem

AT = datetime(2027, 3, 1, tzinfo=UTC)
TASK = Task("c-1", "p:p", "w", "s", "办理", "甲", "north", "p", date(2027, 3, 5), AT, True, AT)


def test_a_work_item_in_plain_values() -> None:
    item = WorkItem(TASK, ("p:p", "r:chief"), late=True)
    assert item.as_json() == {
        "case": "c-1",
        "title": "甲",
        "workflow": "w",
        "state": "s",
        "task": "办理",
        "section": "north",
        "holders": ["p:p", "r:chief"],
        "assignee": "p",
        "due_on": "2027-03-05",
        "provisional": True,
        "late": True,
    }


def test_a_task_without_a_due_day() -> None:
    task = Task("c-1", "nobody", "w", "s", "办理", "甲", None, None, None, None, False, AT)
    found = WorkItem(task, (), late=False).as_json()
    assert (found["due_on"], found["assignee"], found["holders"]) == (None, None, [])


def test_a_week_counts_what_is_late_and_what_comes() -> None:
    line = SheetLine(WorkItem(TASK, (), late=False), ("经办人01",))
    monday, sunday = date(2027, 3, 1), date(2027, 3, 7)

    def week(late: int, *days: int) -> Week:
        coming = tuple((date(2027, 3, n + 1), (line,) * count) for n, count in enumerate(days))
        return Week("north", "北片股", monday, sunday, (line,) * late, coming)

    assert [week(0).count, week(2).count, week(0, 3).count, week(1, 2, 0, 4).count] == [0, 2, 3, 7]
