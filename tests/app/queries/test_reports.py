"""Reports of a year."""

from __future__ import annotations

from datetime import timedelta

import pytest
from access_factories import services_over
from bureau_of_sections import Opened, open_sections

from engine.app.queries.reports import (
    MeasureReport,
    ProgressReport,
    StatisticsReport,
    SupervisionReport,
    report_measures,
    report_progress,
    report_statistics,
    report_supervision,
    report_times,
    statistics_tables,
)
from engine.kernel.refusal import Refusal
from engine.store.memory import MemoryStore


@pytest.fixture
def opened() -> Opened:
    return open_sections()


def test_progress_counts_the_cases_of_the_year(opened: Opened) -> None:
    found = report_progress(opened.services, "lena")
    assert isinstance(found, ProgressReport)
    assert found.year == 2024
    assert [(one.title, one.opened, one.closed) for one in found.rows] == [("差事", 1, 0)]
    before = report_progress(opened.services, "lena", 2023)
    assert isinstance(before, ProgressReport)
    assert (before.year, list(before.rows)) == (2023, [])


def test_measures_of_a_past_year_are_marked(opened: Opened) -> None:
    found, past = report_measures(opened.services, "lena"), report_measures(opened.services, "lena", 2023)
    assert isinstance(found, MeasureReport)
    assert isinstance(past, MeasureReport)
    assert (found.year, found.past, list(found.rows)) == (2024, False, [])
    assert (past.year, past.past) == (2023, True)


def test_a_bureau_that_declares_no_supervision_has_the_rows_of_the_product(opened: Opened) -> None:
    found = report_supervision(opened.services, "lena")
    assert isinstance(found, SupervisionReport)
    assert found.year == 2024
    assert len(found.rows) > 0
    assert all(one.count == 0 for one in found.rows)


@pytest.mark.parametrize("report", [report_measures, report_progress, report_supervision])
def test_before_anything_is_published_there_is_no_report(report: object) -> None:
    services = services_over(MemoryStore(), None, people=True)
    found = report(services, "system")  # type: ignore[operator]
    assert isinstance(found, Refusal)


def test_a_section_is_told_the_counts_of_the_bureau_and_its_own_cases(opened: Opened) -> None:
    opened.services.clock.advance(timedelta(days=9))  # type: ignore[attr-defined] # a clock set by hand
    seen = {}
    for viewer in ("lena", "anna", "bela"):
        found = report_supervision(opened.services, viewer)
        assert isinstance(found, SupervisionReport)
        (late,) = [one for one in found.rows if one.count]
        seen[viewer] = late.count, late.cases, late.hidden, sorted(late.rows), late.as_json().get("hidden")
    assert seen["lena"][:3] == (1, (opened.case,), 0)
    assert seen["anna"] == seen["lena"]
    assert seen["bela"] == (1, (), 1, [], 1)


def test_the_workload_of_a_section_and_of_the_bureau() -> None:
    from datetime import date, timedelta

    from small_bureau import small_bureau

    from engine.app.queries.reports import Workload, report_workload

    bureau = small_bureau()
    cases = [bureau.start() for _ in range(3)]
    bureau.application.claim(cases[0], "clerk-2")

    def load(person: str) -> Workload:
        found = report_workload(bureau.application, person)
        assert isinstance(found, Workload)
        return found

    mine = load("clerk-1")
    assert mine.section == "one"
    assert dict(mine.weeks)[date(2024, 10, 14)] == 3
    assert sum(count for _, count in mine.weeks) == 3
    assert mine.people == [("clerk-2", "经办人02", 1, 0)]
    assert (mine.late, mine.undated) == (0, 0)
    assert load("clerk-9").people == []
    assert load("head-1").section is None
    bureau.clock.advance(timedelta(days=60))
    assert (load("head-1").late, load("head-1").people[0][3]) == (3, 1)


def test_a_bureau_that_declares_no_statistics_has_the_tables_of_the_product(opened: Opened) -> None:
    tables = statistics_tables(opened.services, "lena")
    assert not isinstance(tables, Refusal)
    name, table = next(iter(tables.items()))
    group = next(iter(table.groups))
    found = report_statistics(opened.services, "lena", name, group)
    assert isinstance(found, StatisticsReport)
    assert (found.year, found.table, found.group) == (2024, table, table.groups[group])
    assert set(found.rows[-1].cells) == set(table.columns)
    unknown = report_statistics(opened.services, "lena", "nothing", group)
    assert isinstance(unknown, Refusal)
    assert str(unknown).startswith("没有统计表“nothing”")
    ungrouped = report_statistics(opened.services, "lena", name, "nothing")
    assert isinstance(ungrouped, Refusal)
    assert "不按“nothing”分组" in str(ungrouped)


def test_how_long_cases_stayed_in_each_state(opened: Opened) -> None:
    opened.services.clock.advance(timedelta(days=1))  # type: ignore[attr-defined] # a clock set by hand
    assert not isinstance(opened.services.advance(opened.case, "close", "anna"), Refusal)
    found = report_times(opened.services, "lena", "errand")
    assert not isinstance(found, Refusal)
    assert [(one.state, one.cases, one.median) for one in found] == [("open", 1, 1)]
    assert list(report_times(opened.services, "lena", "errand", 2023)) == []  # type: ignore[arg-type] # no refusal
    assert isinstance(report_times(opened.services, "lena", "errands"), Refusal)
