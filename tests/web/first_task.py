"""The first task of somebody who has just signed in: a plan is started, its form filled in and sent, by clicks that are counted."""

from __future__ import annotations

from typing import Any

#: Clicks from the list of tasks to the receipt, at most.
MAX_CLICKS = 8
#: What is filled in.
ANSWERS = {
    "number": "计划-1",
    "title": "示例年度计划",
    "year": "2027",
    "planned_coverage": "5%",
    "planned_risk_share": "85%",
}
ROW = {"title": "第一期", "month": "3", "planned_on": "2027-03-01", "items": "GZ-01"}


class Clicks:
    """Clicks on a page, counted."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.made = 0

    def click(self, selector: str) -> None:
        """Click the first element of a selector."""
        self.page.locator(selector).first.click()
        self.made += 1

    @property
    def words(self) -> str:
        """Return what the page says."""
        return str(self.page.inner_text("main"))


def finish_first_task(clicks: Clicks) -> None:
    """Start a plan as the office of the leading group and take its first step, up to the receipt; one list is left empty first."""
    page = clicks.page
    clicks.click("nav a[href='/start']")
    clicks.click("a[href='/start/annual_plan']")
    page.fill("#title", "示例年度计划")
    clicks.click("button.main")
    assert "回执号 annual_plan-" in clicks.words
    clicks.click("a.button.main")
    clicks.click("a.row")
    clicks.click("a.button.main")
    for name, value in ANSWERS.items():
        page.fill(f"[name='q.{name}']", value)
    # One list is still empty: it is said, its line leads to it, and nothing typed is lost.
    page.locator(".foot button.main").click()
    assert page.locator("#errors a").get_attribute("href") == "#q-batches"
    assert page.input_value("[name='q.number']") == "计划-1"
    for name, value in ROW.items():
        page.fill(f"[name='q.batches.0.{name}']", value)
    page.select_option("[name='q.batches.0.section']", "labour_inspection")
    page.select_option("[name='q.batches.0.risk_based']", "false")
    clicks.click(".foot button.main")
    assert "案件转到" in clicks.words, clicks.words
    clicks.click("button[value=confirm]")
    assert "回执号" in clicks.words
