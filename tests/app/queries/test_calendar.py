"""What a new calendar year would bring."""

from __future__ import annotations

from dataclasses import replace

from bureau_of_sections import open_sections
from visit_bureau import visit_bureau

from engine.app.queries.calendar import CalendarChange, explain_clocks, preview_year
from engine.calendars.import_file import read_calendar_year
from engine.kernel.refusal import Refusal

TEXT = "year: 2100\ntitle: 示例\nsource: 示例\nholidays: {元旦: 2100-01-01, 国庆节: 2100-10-01, 春节: 2100-02-09, 清明: 2100-04-05, 劳动节: 2100-05-01, 端午: 2100-06-12, 中秋: 2100-09-18}\n"


def test_a_year_that_is_not_there_moves_nothing_and_is_not_kept() -> None:
    services = open_sections().services
    data, problems = read_calendar_year("2100.yaml", TEXT.encode())
    assert (data is not None, list(problems)) == (True, [])
    assert data is not None
    found = preview_year(services, "lena", data)
    assert isinstance(found, CalendarChange)
    assert (found.data, found.moves, len(found.changes) > 0) == (data, (), True)
    assert str(found.summary()[0]) == "没有正在计时的时限因此变动"
    assert found.time.calendar.year(2100) is not None
    assert 2100 not in services.definitions.time.calendar.published
    assert isinstance(preview_year(services, "nobody", data), Refusal)
    assert replace(found, moves=()) == found


def test_a_running_clock_is_explained_day_by_day() -> None:
    bureau = visit_bureau()
    case = bureau.start("plan")
    found = explain_clocks(bureau.application, "anna", case)
    assert not isinstance(found, Refusal)
    (clock,) = found
    assert (str(clock.counted_from), str(clock.due_on), clock.working_days) == ("2024-09-02", "2024-09-09", 5)
    assert [str(one) for one in clock.length] == ["期限 5 个工作日"]
    assert [(day.day, working) for day, _, working in clock.days] == [
        (3, True),
        (4, True),
        (5, True),
        (6, True),
        (7, False),
        (8, False),
        (9, True),
    ]
    assert isinstance(explain_clocks(bureau.application, "bela", case), Refusal)
