"""委托 made and ended by a page."""

from __future__ import annotations

from page_visits import text_of, visit_of
from workbench_fixtures import Desk

from engine.web.pages.office import delegations

GOOD = {"do": "add", "delegate": "clerk-2", "first": "2024-09-14", "last": "2024-09-20", "reason": "休假"}


def test_made_seen_and_ended(desk: Desk) -> None:
    assert "没有生效中" in text_of(delegations.show(visit_of(desk, "/delegations")))
    assert delegations.show(visit_of(desk, "/delegations", typed=GOOD)).status == 303
    assert "经办人01 委托 经办人02" in text_of(delegations.show(visit_of(desk, "/delegations")))
    end = {"do": "end", "delegation": "delegation-1", "reason": "提前回来"}
    assert delegations.show(visit_of(desk, "/delegations", typed=end)).status == 303
    assert "没有生效中" in text_of(delegations.show(visit_of(desk, "/delegations")))


def test_refused_with_its_reasons_and_nothing_typed_is_lost(desk: Desk) -> None:
    wrong = delegations.show(visit_of(desk, "/delegations", typed={**GOOD, "first": "x"}))
    assert wrong.status == 422
    assert "请写明起止日期" in text_of(wrong)
    assert "休假" in text_of(wrong)
    other = {**GOOD, "principal": "chief-1"}
    assert delegations.show(visit_of(desk, "/delegations", typed=other)).status == 403
