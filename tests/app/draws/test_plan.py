"""The plan of a draw: the rosters and rules the commitment is made of."""

from __future__ import annotations

from pathlib import Path

import pytest
from draws_fixtures import CHIEF, Desk

from engine.app.draws.forecast import commit_effect
from engine.app.draws.plan import DrawPlan, draw_plan_of
from engine.app.session.scope import own_scope
from engine.draw.refused import DrawRefused
from engine.draw.roster import parse_objects, parse_people
from engine.lifecycle.command import ENGINE, Actor


def plan_of(desk: Desk) -> DrawPlan:
    with desk.unit() as uow:
        case = desk.case()
        scope = own_scope(uow, case, Actor(ENGINE))
        return draw_plan_of(uow, case, commit_effect(uow, case), scope)


def test_a_plan_has_the_rosters_and_rules_of_the_form(desk: Desk) -> None:
    plan = plan_of(desk)
    assert (len(plan.objects), len(plan.people), plan.experts) == (200, 24, None)
    assert dict(plan.rules.ratios) == dict.fromkeys("ABCD", "0.5%")
    assert plan.rules.slots == ("", "")
    assert plan.items == ("GZ-01", "LD-01")
    assert sum(plan.register_counts.values()) == 200
    objects, people, experts = plan.rendered()
    assert (len(parse_objects(objects)), len(parse_people(people)), experts) == (200, 24, None)
    assert plan.staffing_problems() == []


def test_objects_with_a_recusal_are_not_like_the_others(desk: Desk) -> None:
    plan = plan_of(desk)
    alike = plan.alike()
    recused = {name for person in plan.people for name in person.recusals if name in alike}
    assert len(set(alike.values())) >= 4
    assert set(alike) == {row.object_id for row in plan.objects if row.eligible}
    for name in recused:
        assert {other for other, first in alike.items() if first == alike[name]} <= recused


def test_an_excluded_object_has_to_be_on_the_register(fresh: Desk) -> None:
    unknown = {"object": "91990102MA3UBNF75X", "reason": "under_case", "evidence": "审批表"}
    fresh.done("case", "start", "batch", "--title", "抽查", "--as", "leading")
    fresh.takes("submit_plan", CHIEF, fresh.plan(exclude=[unknown]))
    with pytest.raises(DrawRefused, match="91990102MA3UBNF75X"):
        plan_of(fresh)


def test_an_item_the_city_has_withdrawn_is_not_drawn_for(fresh: Desk, tmp_path: Path) -> None:
    items = tmp_path / "items.csv"
    items.write_text("事项编码,事项名称,状态\nGZ-01,用人单位支付工资情况,停用\n", encoding="utf-8")
    fresh.done("case", "start", "batch", "--title", "抽查", "--as", "leading")
    fresh.takes("submit_plan", CHIEF, fresh.plan())
    assert plan_of(fresh).items == ("GZ-01", "LD-01")
    fresh.done("register", "import", "items", str(items), "--as", "registrar", "--yes")
    with pytest.raises(DrawRefused, match=r"GZ-01.*停用"):
        plan_of(fresh)
