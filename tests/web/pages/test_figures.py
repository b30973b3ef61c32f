"""Figures and the plan of a bureau that has little of both."""

from __future__ import annotations

from workbench_fixtures import Desk, heading

from engine.web.pages import figures


def test_figures_of_a_year_and_their_cases(signed_in: Desk) -> None:
    signed_in.bureau.start()
    page = signed_in.get("/figures")
    assert heading(page.text) == "2024 年的指标"
    assert "走访" in page.text
    assert heading(signed_in.get("/figures?year=2023").text) == "2023 年的指标"
    assert signed_in.get("/figures/nothing").status_code == 404
    assert "还没有年度计划" in signed_in.get("/plan").text
    assert figures.show is not None
