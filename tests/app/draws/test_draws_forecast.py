"""What a draw will bring is told before it is committed to, in numbers, and comes true."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from draws_fixtures import BATCH, CHIEF, DICE, Desk

NAMES = "ABCD"


def ratios(*given: str) -> list[dict[str, str]]:
    return [{"class": name, "ratio": ratio} for name, ratio in zip(NAMES, given, strict=True)]


def outlook(desk: Desk, *words: object) -> Any:
    return desk.ssj("draw", "forecast", BATCH, "--json", *words).json()


def test_the_forecast_comes_true(desk: Desk) -> None:
    told = outlook(desk)
    assert told["visits"] == sum(one["quota"] for one in told["classes"])
    assert told["jobs"] == 2 * told["visits"]
    # Two items, and every object is checked for both on one visit.
    assert (told["checks"], told["visits_saved"]) == (str(2 * told["visits"]), str(told["visits"]))
    assert sum((Fraction(one["share"]) for one in told["classes"]), Fraction(0)) == 1
    assert all(one["listed"] == one["source"] for one in told["classes"])
    assert sum(Fraction(one["expected"]) for one in told["people"]) == told["jobs"]
    desk.complete()
    record = desk.record()
    assert len(record.visits) == told["visits"]
    assert {q.stratum: q.quota for q in record.parsed.quotas} == {
        one["class"]: one["quota"] for one in told["classes"]
    }
    # Void, and looked at again: the visits of a void draw do not count.
    assert told["coverage"]["so_far"] == "0"


def test_coverage_counts_what_stands(desk: Desk) -> None:
    desk.complete()
    after = outlook(desk)["coverage"]
    visits = len(desk.record().visits)
    assert Fraction(after["so_far"]) == Fraction(visits, 200)
    assert Fraction(after["after"]) > Fraction(after["so_far"])


def test_a_forecast_is_the_same_every_time_and_writes_nothing(desk: Desk) -> None:
    said = desk.ssj("draw", "forecast", BATCH)
    assert "合并事项后少上门 4 次" in said.out
    assert "模拟 300 次" in said.out
    assert desk.ssj("draw", "forecast", BATCH).out == said.out
    assert desk.ssj("draw", "show", BATCH).code == 1
    drawn = DICE.removeprefix("dice:")
    assert drawn not in said.out


def test_a_riskier_class_with_a_smaller_chance_is_warned_of(fresh: Desk) -> None:
    fresh.planned(ratios=ratios("5%", "4%", "4%", "1%"))
    said = fresh.ssj("draw", "forecast", BATCH)
    assert said.code == 0
    assert "“B”风险高于“A”，抽取比例 4% 却低于 5%" in said.err
    assert "“D”风险高于“C”，抽取比例 1% 却低于 4%" in said.err
    assert "风险越高，抽取比例应越高" in said.err


def test_the_sources_counts_stand_beside_ours(fresh: Desk) -> None:
    counts = [{"class": name, "count": count} for name, count in zip(NAMES, (84, 70, 32, 15), strict=True)]
    fresh.planned(source_counts=counts)
    said = fresh.ssj("draw", "forecast", BATCH)
    assert "“A”层：在册 83，来源登记 84" in said.out
    assert "来源登记有 84 户，名册有 83 户" in said.err
    committed = fresh.step("commit_draw", "drawer")
    assert "来源登记有 84 户，名册有 83 户" in committed.err
    assert dict(fresh.record().parsed.register_counts) == {"A": 84, "B": 70, "C": 32, "D": 15}


def test_floors_raise_what_ratios_leave_small(fresh: Desk) -> None:
    fresh.planned(min_each=3, least="10%")
    told = outlook(fresh)
    assert all(one["quota"] >= 3 for one in told["classes"])
    assert told["visits"] >= 20


def test_before_the_plan_there_is_nothing_to_forecast(fresh: Desk) -> None:
    fresh.done("case", "start", "batch", "--title", "抽查", "--as", "leading")
    early = fresh.ssj("draw", "forecast", BATCH)
    assert early.code == 1
    assert "还没有抽取方案" in early.err
    assert fresh.ssj("draw", "forecast", "batch-9").code != 0
    other = fresh.ssj("draw", "forecast", "training-1")
    assert "没有案件" in other.err


def test_a_plan_that_cannot_be_staffed_is_found_out_early(fresh: Desk) -> None:
    fresh.planned(team_size=10, sections=["training_section"])
    said = fresh.ssj("draw", "forecast", BATCH)
    assert "凑不齐检查人员" in said.err


def test_an_excluded_object_is_listed_with_its_reason_and_never_drawn(fresh: Desk) -> None:
    with fresh.look() as transaction:
        names = [e.id for e in transaction.registers.all("objects")][:190]
    rows = [{"object": name, "reason": "under_case", "evidence": "立案审批表"} for name in names]
    fresh.planned(exclude=rows, ratios=ratios("100%", "100%", "100%", "100%"))
    assert outlook(fresh)["excluded"] == {"under_case": 190}
    fresh.drawn()
    record = fresh.record()
    assert len(record.visits) == 10
    assert not {visit.object_id for visit in record.visits} & set(names)
    assert dict(record.parsed.objects.excluded) == {"under_case": 190}


def test_an_exclusion_list_with_an_unknown_object_is_refused(fresh: Desk) -> None:
    unknown = {"object": "91990102MA3UBNF75X", "reason": "under_case", "evidence": "审批表"}
    fresh.done("case", "start", "batch", "--title", "抽查", "--as", "leading")
    fresh.takes("submit_plan", CHIEF, fresh.plan(exclude=[unknown]))
    said = fresh.ssj("draw", "forecast", BATCH)
    assert said.code == 1
    assert "“91990102MA3UBNF75X”不在检查对象名录库" in said.err


def test_the_cap_keeps_out_who_was_visited_except_for_listed_reasons(desk: Desk) -> None:
    desk.complete()
    visited = sorted(visit.object_id for visit in desk.record().visits)
    again = "batch-2"
    exempt = [{"object": visited[0], "reason": "complaint", "evidence": "投诉登记表"}]
    desk.done("case", "start", "batch", "--title", "第二期", "--as", "leading")
    desk.takes("submit_plan", CHIEF, desk.plan(cap=1, cap_exempt=exempt), case=again)
    told = desk.ssj("draw", "forecast", again, "--json").json()
    assert told["excluded"] == {"frequency_cap": len(visited) - 1}


def test_experts_are_drawn_besides_the_inspectors_and_never_as_one_of_them(fresh: Desk) -> None:
    fresh.planned(experts_needed=True, experts_each=1)
    fresh.complete()
    record = fresh.record()
    assert record.parsed.experts is not None
    for assignment in record.assignments:
        assert len(assignment.members) == 2
        assert [member.inspector_id[:7] for member in assignment.experts] == ["expert-"]
    fresh.takes(
        "pass_recusal_check", "witness", {"declared": 0, "declared_excluded": True, "all_trained": True}
    )
    fresh.takes("dispatch", CHIEF)
    with fresh.look() as transaction:
        case = transaction.cases.get("inspection-1")
    assert case is not None
    assert len(case.parties["inspectors"]) == 2
    assert [name[:7] for name in case.fields["experts"]] == ["expert-"]
    shown = fresh.done("draw", "show", BATCH)
    assert "expert-" in shown
