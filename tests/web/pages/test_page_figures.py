"""Figures of the year of an address, and the plan, for one visit."""

from __future__ import annotations

import pytest
from page_visits import text_of, visit_of
from workbench_fixtures import Desk, heading

from engine.app.queries.reports import report_supervision
from engine.kernel.refusal import Refusal
from engine.web.pages import figures


@pytest.mark.parametrize(
    ("address", "year"),
    [
        ("/figures", 2024),
        ("/figures?year=2023", 2023),
        ("/figures?year=23", 2024),
        ("/figures?year=abcd", 2024),
        ("/figures?year=２０２３", 2024),
    ],
)
def test_the_year_is_that_of_the_address_or_of_today(desk: Desk, address: str, year: int) -> None:
    answer = figures.show(visit_of(desk, address, "head-1"))
    assert answer.status == 200
    assert heading(text_of(answer)) == f"{year} 年的指标"


def test_a_line_that_is_not_in_the_report_is_unknown(desk: Desk) -> None:
    assert figures.drill(visit_of(desk, "/figures/x", "head-1", row="x")).status == 404


def test_a_line_of_the_report_leads_to_its_cases(desk: Desk) -> None:
    found = report_supervision(desk.bureau.application, "head-1", 2024)
    assert not isinstance(found, Refusal)
    answer = figures.drill(visit_of(desk, "/figures/x", "head-1", row=found.rows[0].id))
    assert answer.status == 200
    assert str(found.rows[0].title) in text_of(answer)


def test_without_a_plan_that_is_said(desk: Desk) -> None:
    answer = figures.plan(visit_of(desk, "/plan", "head-1"))
    assert answer.status == 200
    assert "还没有年度计划" in text_of(answer)
