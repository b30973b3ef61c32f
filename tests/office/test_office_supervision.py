"""The supervision report says what its rows in YAML ask for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bureau_factories import BUREAU, ZONE, Bureau

from engine.app.reports.reports import SupervisionItem, supervision
from tests.office.test_office_measures import ANSWERS, FORM, VISIT

ROWS = """
measures:
  visits: {title: 检查数, part: {cases: visit}}
supervision:
  big:
    title: 二十人以上的
    title_en: twenty and more
    cases: visit
    where: forms.visit.staff >= 12
    columns:
      - {title: 人数, title_en: Staff, value: forms.visit.staff}
      - {title: 欠薪, value: forms.visit.wages}
      - {title: 时限, value: clocks.open.due_on}
      - {title: 检查数, value: kpi.visits}
  every: {title: 全部, cases: any}
  still: {title: 挂起, cases: visit, only: suspended}
  late: {title: 逾期, cases: any, only: overdue}
  refused: {title: 被拒, refusals: any}
  void: {title: 作废, draws: any, only: void}
"""
WITH_DEADLINE = VISIT.replace("for: clerk}", "for: clerk, deadline: 5 working days}")


@pytest.fixture
def bureau(bureau_at: Callable[..., Bureau]) -> Bureau:
    """Four visits."""
    found = bureau_at(BUREAU + ROWS, FORM, WITH_DEADLINE)
    for answers in ANSWERS:
        found.start("visit", answers=answers)
    return found


def report(bureau: Bureau) -> dict[str, SupervisionItem]:
    """Return the report by row."""
    processes = bureau.application.definitions
    with bureau.look() as transaction:
        process = processes.latest(transaction, "visit")
        assert process is not None
        rules = process.bureau.supervision
        found = supervision(transaction, process.bureau, rules, processes, bureau.clock.now(), ZONE)
    return {one.id: one for one in found}


def test_rows_with_columns(bureau: Bureau) -> None:
    big = report(bureau)["big"]
    assert (big.count, big.whole, big.cases) == (2, 4, ("visit-1", "visit-3"))
    assert big.headings == ("人数", "欠薪", "时限", "检查数")
    assert big.rows == {
        "visit-1": ("12", "0.1", "2024-09-09", "4"),
        "visit-3": ("20", "-", "2024-09-09", "4"),
    }
    assert big.as_json()["rows"]["visit-1"][0] == "12"


def test_rows_without(bureau: Bureau) -> None:
    bureau.until("2024-09-20")
    bureau.no("visit-1", "nothing", "bela")
    found = report(bureau)
    assert (found["every"].count, found["every"].whole) == (4, 4)
    assert "rows" not in found["every"].as_json()
    assert (found["late"].count, found["still"].count) == (4, 0)
    assert (found["refused"].count, found["refused"].whole) == (1, None)
    assert (found["void"].count, found["void"].whole) == (0, 0)


def test_headings_in_english(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSJ_LANG", "en")
    big = report(bureau)["big"]
    assert (big.title, big.headings[:2]) == ("twenty and more", ("Staff", "欠薪"))
