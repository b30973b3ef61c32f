"""Cases the calendar opens: each once, for every section that has somebody, and those of days on which nobody looked."""

from __future__ import annotations

from datetime import date

from bureau_factories import Bureau

from engine.app.definitions.derived_settings import CALENDAR_STARTS
from engine.app.execution.start.calendar_start import is_behind, open_by_calendar

PLAN = """
workflow: plan
title: 年度计划
about: none
initial: open
start: {on: 09-10, every: month, for: ROLE}
states:
  open: {title: 待办, for: ROLE}
  done: {title: 办结, final: true}
transitions:
  - {do: close, title: 办结, from: open, to: done}
"""


def opened(bureau: Bureau) -> list[tuple[str, str | None]]:
    return [(case.title, case.section) for case in bureau.cases("plan")]


def behind(bureau: Bureau, day: str) -> bool:
    with bureau.look() as transaction:
        return is_behind(transaction, date.fromisoformat(day))


def test_each_day_opens_its_cases_once_those_nobody_looked_for_too() -> None:
    bureau = Bureau(PLAN.replace("ROLE", "deputy"))
    assert open_by_calendar(bureau.application) == 0
    assert opened(bureau) == []
    bureau.at("2024-09-10 08:00")
    assert behind(bureau, "2024-09-10")
    assert open_by_calendar(bureau.application) == 1
    assert opened(bureau) == [("年度计划（2024年9月）", None)]
    assert (open_by_calendar(bureau.application), behind(bureau, "2024-09-10")) == (0, False)
    bureau.at("2024-11-11 08:00")
    assert open_by_calendar(bureau.application) == 2
    assert [title for title, _ in opened(bureau)] == [f"年度计划（2024年{n}月）" for n in (9, 10, 11)]
    with bureau.look() as transaction:
        assert transaction.settings.get(CALENDAR_STARTS) == {"plan": "2024-11-11"}
    assert bureau.findings() == []


def test_a_role_of_sections_has_a_case_for_each_section_in_which_somebody_holds_it() -> None:
    bureau = Bureau(PLAN.replace("ROLE", "chief"))
    bureau.at("2024-09-10 08:00")
    assert open_by_calendar(bureau.application) == 2
    assert opened(bureau) == [("年度计划（2024年9月）", "north"), ("年度计划（2024年9月）", "south")]
    bureau.leaves("cora")
    bureau.at("2024-10-10 08:00")
    assert open_by_calendar(bureau.application) == 1
    assert opened(bureau)[-1] == ("年度计划（2024年10月）", "north")


def later_version(start: str) -> list[tuple[str, int]]:
    """Return the days and versions of what is opened until May, a second version with `start` in force from 1 March on."""
    bureau = Bureau(PLAN.replace("ROLE", "deputy"), at="2024-01-01 08:00")
    second = PLAN.replace("{on: 09-10, every: month, for: ROLE}", start).replace("ROLE", "deputy")
    bureau.publish(second.replace("initial: open", "initial: open\neffective: 2024-03-01"))
    for day in ("2024-01-15", "2024-02-29", "2024-04-30"):
        # Nobody looked between; the cases of those days are opened all the same.
        bureau.at(f"{day} 08:00")
        open_by_calendar(bureau.application)
    assert bureau.findings() == []
    return [(case.title, case.version) for case in bureau.cases("plan")]


def test_a_version_that_is_not_in_force_yet_changes_no_start() -> None:
    def month(number: int, version: int) -> tuple[str, int]:
        return f"年度计划（2024年{number}月）", version

    first = [month(1, 1), month(2, 1)]
    assert later_version("{on: 09-20, every: month, for: ROLE}") == [*first, month(3, 2), month(4, 2)]
    assert later_version("{by: ROLE}") == first
