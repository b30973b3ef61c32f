"""The plan of a draw: the rosters and rules the commitment is made of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from draws_fixtures import CHIEF, Desk
from visit_bureau import effect, unit, value, visit_bureau

from engine.app.draws.forecast import commit_effect
from engine.app.draws.plan import DrawPlan, draw_plan_of
from engine.app.draws.records import OUT_OF_SCOPE, object_rows
from engine.app.ports.records import RegisterEntry
from engine.app.session.scope import own_scope
from engine.draw.commitment import WHOLE
from engine.draw.refused import DrawRefused
from engine.draw.roster import parse_objects, parse_people
from engine.lifecycle.case import Change
from engine.lifecycle.command import ENGINE, Actor
from engine.register.uscc import what_is_wrong


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


def test_quotas_are_of_everybody_in_scope_whether_he_takes_part_or_not(desk: Desk) -> None:
    plan = plan_of(desk)
    before = {one.stratum: (one.base, one.quota) for one in plan.allocation().quotas}

    def without(reason: str, count: int) -> dict[str, tuple[int, int]]:
        out = [row.object_id for row in plan.objects if row.credit_class == "A"][:count]
        rows = [
            replace(row, eligible=False, exclude_reason=reason) if row.object_id in out else row
            for row in plan.objects
        ]
        return {one.stratum: (one.base, one.quota) for one in replace(plan, objects=rows).allocation().quotas}

    size, quota = before["A"]
    assert without("frequency_cap", 30) == before
    assert without(OUT_OF_SCOPE, 30) == {**before, "A": (size - 30, quota)}
    # Nobody is drawn who takes no part.
    assert without("cancelled", size) == {**before, "A": (size, 0)}


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


def test_a_draw_of_cases_is_of_the_closed_children_and_whoever_was_there_is_recused() -> None:
    bureau = visit_bureau()
    plan = bureau.start("plan")
    bureau.take(plan, "dispatch")
    with unit(bureau) as uow:
        visit = uow.case("visit-1")
        assert visit is not None
        uow.record(visit, "recorded", "anna", {}, Change(parties={"team": ("carl",)}))
    bureau.take("visit-1", "finish")
    drawn = {"pool": "cases", "of": "visit", "ratios": value("50%")}
    with unit(bureau) as uow:
        case = uow.case(plan)
        assert case is not None
        made = draw_plan_of(uow, case, effect("commit", role="chief", **drawn), {})
        assert [(row.object_id, row.name) for row in made.objects] == [("visit-1", "检查一")]
        assert {row.inspector_id: row.recusals for row in made.people} == {"carl": ("visit-1",), "cora": ()}
        assert (made.experts, dict(made.register_counts)) == (None, {WHOLE: 1})
        assert dict(made.rules.ratios) == {WHOLE: "50%"}
        with pytest.raises(DrawRefused, match="须写明“role”"):
            draw_plan_of(uow, case, effect("commit", **drawn), {})


def test_who_is_drawn_by_role_is_recused_from_the_firms_the_registers_say(desk: Desk) -> None:
    with desk.unit() as uow:
        case = desk.case()
        commit = commit_effect(uow, case)
        by_role = replace(commit, arguments={**commit.arguments, "role": "inspector"})
        made = draw_plan_of(uow, case, by_role, own_scope(uow, case, Actor(ENGINE)))
        listed = uow.transaction.registers.all("inspectors")
        recused = {one.id: set(one.data["recusals"]) for one in listed if one.data.get("recusals")}
    found = {row.inspector_id: set(row.recusals) for row in made.people if row.recusals}
    assert recused
    assert found == recused


def test_whoever_calls_back_is_recused_from_the_cases_of_a_firm_under_its_code_of_before() -> None:
    bureau = visit_bureau()
    plan = bureau.start("plan")
    bureau.take(plan, "dispatch")
    bureau.take("visit-1", "finish")
    with unit(bureau) as uow:
        visit = uow.case("visit-1")
        assert visit is not None
        own = replace(visit, subject={"id": "NEW", "name": "企业"})
        uow.transaction.registers.put(
            [
                RegisterEntry("objects", "NEW", "企业", None, {"former_ids": ["OLD"]}),
                RegisterEntry("experts", "cora", "可拉", None, {"recusals": ["OLD"]}),
            ],
            uow.now,
        )
        drawn = {"pool": "cases", "of": "visit", "ratios": value("50%")}
        case = uow.case(plan)
        assert case is not None
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("engine.app.draws.records.children_to_call", lambda *_, **__: [own])
            made = draw_plan_of(uow, case, effect("commit", role="chief", **drawn), {})
    assert {row.inspector_id: row.recusals for row in made.people} == {"carl": (), "cora": ("visit-1",)}


def test_a_firm_with_a_new_code_is_the_firm_of_its_recusals_and_exclusions(
    fresh: Desk, tmp_path: Path
) -> None:
    with fresh.look() as transaction:
        firms = list(transaction.registers.all("objects"))
        people = [one.id for one in transaction.registers.all("inspectors")]
    old, other, left_out, merged = (one.id for one in firms[:4])
    sheet = tmp_path / "recusals.csv"
    sheet.write_text(
        "".join(
            [
                "人员编号,姓名,执法证号,执法证有效期至,回避对象\n",
                f"{people[0]},检查员,ZF-1,2036-01-01,{old}、{merged}\n",
                f"{people[1]},检查员,ZF-2,2036-01-01,{other}\n",
            ]
        ),
        encoding="utf-8",
    )
    fresh.done("register", "import", "inspectors", str(sheet), "--as", "registrar", "--yes")
    experts = tmp_path / "experts.csv"
    experts.write_text(f"专家编号,姓名,回避对象\nexpert-1,专家,{old}\n", encoding="utf-8")
    fresh.done("register", "import", "experts", str(experts), "--as", "registrar", "--yes")
    fresh.done("case", "start", "batch", "--title", "抽查", "--as", "leading")
    excluded = {"object": left_out, "reason": "under_case", "evidence": "审批表"}
    fresh.takes("submit_plan", CHIEF, fresh.plan(exclude=[excluded], experts_needed=True, experts_each=1))
    new = dict(zip((old, left_out), new_codes(2), strict=True))
    for code, changed in {**new, merged: other}.items():
        fresh.done("firm", "change", code, "--code", changed, "--reason", "变更登记", "--as", "registrar")

    plan = plan_of(fresh)
    recused = {one.inspector_id: set(one.recusals) for one in (*plan.people, *(plan.experts or ()))}
    assert recused[people[0]] >= {old, new[old], merged, other}
    assert recused[people[1]] >= {other}
    assert recused["expert-1"] >= {old, new[old]}
    objects = {row.object_id: row for row in plan.objects}
    assert objects[new[left_out]].exclude_reason == "under_case"
    assert old not in objects
    assert merged not in objects


def test_an_object_of_the_cap_exempt_or_excluded_is_named_by_any_of_its_codes() -> None:
    entry = RegisterEntry("objects", "new", "甲", None, {"former_ids": ["old"]})
    given: dict[str, Any] = {"scheme": "credit", "labels": (), "items": (), "visits": {"old": 3}, "cap": 2}
    (capped,) = object_rows([entry], **given)
    (free,) = object_rows([entry], **given, exempt=frozenset({"old"}))
    (out,) = object_rows([entry], **given, exempt=frozenset({"old"}), excluded={"old": "under_case"})
    assert [one.exclude_reason for one in (capped, free, out)] == ["frequency_cap", "", "under_case"]


def new_codes(count: int) -> list[str]:
    """Return codes that are in no register and right."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    heads = [f"91990102MB9{number:06d}" for number in range(count)]
    return [next(f"{head}{sign}" for sign in signs if not what_is_wrong(f"{head}{sign}")) for head in heads]
