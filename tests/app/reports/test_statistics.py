"""Tables of statistics by group, and how long steps take."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from bureau_factories import BUREAU, ZONE, Bureau
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.app.ports.records import RegisterEntry
from engine.app.queries.reports import (
    StatisticsReport,
    report_statistics,
    report_times,
    statistics_tables,
)
from engine.app.registers.import_entries import import_entries
from engine.app.reports.statistics import StatisticsLine, days_text, percentile, step_times, table_of
from engine.kernel.refusal import Refusal

FORM = """
form: note
title: 记录
fields:
  - found: {title: 发现问题, type: boolean}
  - on: {title: 日期, type: date}
"""
VISIT = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
fields:
  - items: {title: 事项, type: list}
states:
  open: {title: 待办, for: clerk}
  checked: {title: 已查, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: check, title: 检查, from: open, to: checked, form: note, then: [{set: {items: "= ['LD-01', 'X']"}}]}
  - {do: finish, title: 办结, from: checked, to: done}
"""
TABLES = """
statistics:
  visits:
    title: 检查
    title_en: Visits
    cases: visit
    groups:
      section: {title: 股室, title_en: Section, value: case.section, names: sections}
      item: {title: 事项, value: case.items, names: items}
      every: {title: 事项, value: case.items, names: items, every_name: true}
      month: {title: 月份, value: forms.note.on, by_month: true}
    columns:
      all: {title: 件数}
      found: {title: 发现问题, where: forms.note.found}
      rate: {title: 发现率, title_en: Rate, part: found, whole: all}
"""


@pytest.fixture(scope="module")
def office() -> Bureau:
    """Return three visits, two of them checked, one of those with a problem found."""
    found = Bureau(BUREAU + TABLES, FORM, VISIT)
    import_entries(
        found.application,
        "items",
        [RegisterEntry("items", "LD-01", "劳动合同"), RegisterEntry("items", "LD-09", "没有抽到的事项")],
        "system",
        source="f",
    )
    for _ in range(3):
        found.start("visit", subject={"id": "E1"})
    found.application.clock.advance(timedelta(days=2))  # type: ignore[attr-defined]
    found.take("visit-1", "check", answers={"found": True, "on": "2024-09-03"})
    found.take("visit-2", "check", answers={"found": False, "on": "2024-10-03"})
    found.application.clock.advance(timedelta(hours=36))  # type: ignore[attr-defined]
    found.take("visit-1", "finish")
    return found


def lines(office: Bureau, by: str) -> list[tuple[str, ...]]:
    found = report_statistics(office.application, "dora", "visits", by)
    assert isinstance(found, StatisticsReport)
    return [(one.title, *(one.shown(column) for column in ("all", "found", "rate"))) for one in found.rows]


def test_cases_are_counted_by_group_with_exact_ratios(office: Bureau) -> None:
    assert lines(office, "section") == [("北片股", "3", "1", "33.33% (1/3)"), ("*", "3", "1", "33.33% (1/3)")]
    assert [one[:2] for one in lines(office, "month")] == [
        ("", "1"),
        ("2024-09", "1"),
        ("2024-10", "1"),
        ("*", "3"),
    ]


def test_a_case_counts_in_each_of_its_items_and_once_in_all(office: Bureau) -> None:
    assert [one[:3] for one in lines(office, "item")] == [
        ("", "1", "0"),
        ("劳动合同", "2", "1"),
        ("X", "2", "1"),
        ("*", "3", "1"),
    ]


def test_unknown_tables_groups_and_workflows_are_refused_with_a_hint(office: Bureau) -> None:
    for refused in (
        report_statistics(office.application, "dora", "visit", "section"),
        report_statistics(office.application, "dora", "visits", "sectio"),
        report_times(office.application, "dora", "visits"),
    ):
        assert isinstance(refused, Refusal)
    tables = statistics_tables(office.application, "dora")
    assert not isinstance(tables, Refusal)
    assert list(tables) == ["visits"]
    assert tables["visits"].heading(english=True) == "Visits"


def test_a_bureau_without_tables_has_those_of_the_product() -> None:
    tables = statistics_tables(Bureau(BUREAU, FORM, VISIT).application, "dora")
    assert not isinstance(tables, Refusal)
    assert {"inspections", "follow_ups"} <= set(tables)
    assert {"section", "street", "item", "class", "month"} <= set(tables["inspections"].groups)


def test_stays_are_counted_by_state_with_their_number(office: Bureau) -> None:
    with office.look() as transaction:
        now = office.application.clock.now()
        found = step_times(transaction, office.application.definitions, "visit", now, ZONE)
        process = office.application.definitions.latest(transaction, "visit")
        assert process is not None
        table = process.bureau.statistics["visits"]
        rows = table_of(
            transaction, office.application.definitions, process.bureau, table, "section", now, ZONE
        )
    assert [one.as_json() for one in found] == [
        {"state": "open", "title": "待办", "cases": 2, "median_days": "2", "p90_days": "2"},
        {"state": "checked", "title": "已查", "cases": 1, "median_days": "1.5", "p90_days": "1.5"},
    ]
    assert rows[-1].as_json() == {"group": "*", "title": "*", "all": 3, "found": 1, "rate": "1/3"}


@settings(max_examples=30)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30), st.integers(1, 100))
def test_a_percentile_is_a_stay_that_was(minutes: list[int], per_cent: int) -> None:
    stays = [timedelta(minutes=one) for one in minutes]
    found = percentile(stays, per_cent)
    days = [Fraction(one, 24 * 60) for one in minutes]
    assert found in days
    assert sum(one <= found for one in days) * 100 >= per_cent * len(days)


def test_days_and_empty_ratios_are_written_plainly() -> None:
    assert days_text(Fraction(19, 12)) == "1.5"
    assert StatisticsLine("a", "a", {"r": (0, 0)}).shown("r") == "-"


def test_a_group_can_name_what_was_never_drawn(office: Bureau) -> None:
    assert [one[:2] for one in lines(office, "every")] == [
        ("", "1"),
        ("劳动合同", "2"),
        ("没有抽到的事项", "0"),
        ("X", "2"),
        ("*", "3"),
    ]
