"""The worklist in tabs, with the working days that are left."""

from __future__ import annotations

from datetime import date, timedelta

from small_bureau import small_bureau

from engine.app.queries.worklist import (
    TABS,
    TaskDays,
    TaskNeighbours,
    TaskPage,
    neighbours_of_task,
    page_of_tasks,
    tasks_between,
)


def test_tabs_and_days_left() -> None:
    bureau = small_bureau()
    case = bureau.start()

    def tab(name: str, person: str = "clerk-1", **more: object) -> TaskPage:
        found = page_of_tasks(bureau.application, person, tab=name, **more)  # type: ignore[arg-type]
        assert isinstance(found, TaskPage)
        return found

    assert [line.days_left for line in tab("all").lines] == [20]
    assert tab("all").counts == {"today": 0, "overdue": 0, "week": 0, "section": 1, "all": 1}
    assert tab("all").workflows == {"visit": "走访"}
    assert tab("all", "clerk-9").lines == []
    assert [line.item.task.case for line in tab("section", "clerk-2").lines] == [case]
    bureau.clock.advance(timedelta(days=60))
    late = tab("overdue").lines[0]
    assert late.item.late
    assert late.days_left is not None
    assert late.days_left < 0
    assert tab("all", text="示例").total == 1
    assert tab("all", text="别的").total == 0
    bureau.take(case, "report", "clerk-1", {"found": "漏签", "count": 3})
    assert [line.item.task.case for line in tab("waiting").lines] == [case]
    assert set(tab("all").counts) <= set(TABS)


def test_neighbours_of_a_place_of_the_list() -> None:
    bureau = small_bureau()
    cases = [bureau.start() for _ in range(3)]
    page = page_of_tasks(bureau.application, "clerk-1")
    assert isinstance(page, TaskPage)
    places = [line.key for line in page.lines]

    def around(place: str, **more: str) -> tuple[str | None, str | None]:
        found = neighbours_of_task(bureau.application, "clerk-1", place, **more)
        assert isinstance(found, TaskNeighbours)
        before, behind = (
            None if line is None else line.item.task.case for line in (found.previous, found.next)
        )
        return before, behind

    assert around(places[0]) == (None, cases[1])
    assert around(places[1]) == (cases[0], cases[2])
    assert around(places[1], text="示例") == (cases[0], cases[2])
    assert around(places[2]) == (cases[1], None)
    assert around("nonsense") == (None, None)
    # What was done leaves its place, from which one still goes on.
    bureau.take(cases[1], "report", "clerk-1", {"found": "漏签", "count": 3})
    assert around(places[1]) == (cases[0], cases[2])


def test_tasks_of_some_days() -> None:
    bureau = small_bureau()
    case = bureau.start()
    due = date(2024, 10, 18)
    found = tasks_between(bureau.application, "clerk-1", date(2024, 10, 1), date(2024, 10, 31))
    assert isinstance(found, TaskDays)
    assert {day: [line.item.task.case for line in lines] for day, lines in found.days.items()} == {
        due: [case]
    }
    assert not found.more
    none = tasks_between(bureau.application, "clerk-1", date(2024, 11, 1), date(2024, 11, 30))
    assert isinstance(none, TaskDays)
    assert none.days == {}
