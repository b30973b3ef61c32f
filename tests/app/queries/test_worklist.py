"""The worklist in tabs, with the working days that are left."""

from __future__ import annotations

from datetime import timedelta

from small_bureau import small_bureau

from engine.app.queries.worklist import TABS, TaskPage, page_of_tasks


def test_tabs_and_days_left() -> None:
    bureau = small_bureau()
    case = bureau.start()

    def tab(name: str, person: str = "clerk-1", **more: object) -> TaskPage:
        found = page_of_tasks(bureau.application, person, tab=name, **more)  # type: ignore[arg-type]
        assert isinstance(found, TaskPage)
        return found

    assert [line.days_left for line in tab("all").lines] == [20]
    assert tab("all").counts == {"today": 0, "overdue": 0, "week": 0, "all": 1}
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
