"""The forecast of a draw, from the functions it is made of."""

from __future__ import annotations

from fractions import Fraction

import pytest
from draws_fixtures import Desk

from engine.app.draws.forecast import commit_effect, forecast, plan_ahead
from engine.draw.refused import DrawRefused


def test_a_forecast_counts_what_the_rules_give(desk: Desk) -> None:
    with desk.unit() as uow:
        found = forecast(uow, desk.case(), 5)
        again = forecast(uow, desk.case(), 5)
    assert found == again
    assert found.simulations == 5
    assert found.listed == sum(one.listed for one in found.classes) == 200
    assert found.visits == sum(one.quota for one in found.classes)
    assert found.jobs == 2 * found.visits
    assert 0 < sum(one.expected for one in found.people) <= found.jobs
    assert (found.covered, found.covered_after) == (Fraction(0), Fraction(found.visits, 200))
    assert found.as_json()["coverage"] == {"so_far": "0", "after": str(found.covered_after)}


def test_what_cannot_be_drawn_has_no_forecast(desk: Desk) -> None:
    with desk.unit() as uow:
        with pytest.raises(DrawRefused, match="没有抽取"):
            commit_effect(uow, desk.case("training-1"))
        assert plan_ahead(uow, desk.case())[0].kind == "commit"


def test_a_batch_without_a_plan_has_no_forecast(fresh: Desk) -> None:
    fresh.done("case", "start", "batch", "--title", "抽查", "--as", "leading")
    with fresh.unit() as uow, pytest.raises(DrawRefused, match="各层比例尚未填写"):
        plan_ahead(uow, fresh.case())
