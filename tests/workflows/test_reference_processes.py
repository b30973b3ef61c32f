"""Processes of other kinds, run through the commands on the virtual clock: each shows words the shipped ones do not use."""

from __future__ import annotations

from pathlib import Path

import pytest
from bureau_material import Bureau

REFERENCE = Path(__file__).with_name("reference")


def reference(*names: str) -> list[str]:
    """Return the texts of reference definitions."""
    return [(REFERENCE / f"{name}.yaml").read_text("utf-8") for name in names]


@pytest.fixture
def planning() -> Bureau:
    return Bureau(
        *reference("plan_order", "new_ceiling", "department_plan_form", "department_plan", "quarterly_plan")
    )


def ordered(bureau: Bureau) -> tuple[str, str, str]:
    """Start a plan of two departments; returns it and theirs."""
    plan = bureau.start("quarterly_plan", section="north")
    departments = [{"section": "north"}, {"section": "south"}]
    bureau.take(plan, "order", "anna", {"ceiling": 1000, "departments": departments})
    north, south = (case.id for case in bureau.cases("department_plan"))
    return plan, north, south


def test_a_plan_adds_up_what_its_departments_answered(planning: Bureau) -> None:
    plan, north, south = ordered(planning)
    planning.take(north, "submit", "anna", {"people": 3, "cost": 800})
    assert planning.state(plan) == "collecting"
    planning.take(south, "submit", "bela", {"people": 2, "cost": 1000})
    found = planning.case(plan)
    assert (found.state, found.fields["people"], found.fields["most"]) == ("approving", 5, 1000)
    assert len(found.fields["names"]) == 2
    planning.take(plan, "approve", "dora")
    assert [planning.state(case) for case in (plan, north, south)] == ["approved", "accepted", "accepted"]
    ended = planning.events(south)[-1]
    assert (ended.kind, ended.actor, ended.body["reason"]) == ("ended", "dora", "季度计划已批准")
    assert (ended.body["by_case"], ended.body["by_step"]) == (plan, "approve")
    assert planning.findings() == []


def test_a_department_reads_what_the_plan_lets_it_read_and_goes_on_when_that_changes(
    planning: Bureau,
) -> None:
    plan, north, south = ordered(planning)
    planning.take(south, "submit", "bela", {"people": 2, "cost": 5000})
    planning.take(north, "submit", "anna", {"people": 3, "cost": 800})
    assert (planning.state(south), planning.state(plan)) == ("too_dear", "collecting")
    planning.until("2024-09-20")
    assert planning.incidents() == []
    planning.take(plan, "raise_ceiling", "anna", {"ceiling": 4000})
    assert planning.state(south) == "too_dear"
    planning.take(plan, "raise_ceiling", "anna", {"ceiling": 6000})
    assert (planning.state(south), planning.state(plan)) == ("submitted", "approving")
    assert planning.case(plan).fields["people"] == 5


def test_a_plan_waits_again_when_a_department_reopens_what_was_joined(planning: Bureau) -> None:
    plan, north, south = ordered(planning)
    planning.take(north, "submit", "anna", {"people": 3, "cost": 800})
    planning.take(south, "submit", "bela", {"people": 2, "cost": 900})
    assert planning.state(plan) == "approving"
    planning.take(south, "rework", "bela", reason="数字有误")
    assert planning.state(plan) == "collecting"
    assert any("有股室撤回重编" in text for text in planning.mail("anna"))
    planning.take(south, "submit", "bela", {"people": 7, "cost": 900})
    assert (planning.state(plan), planning.case(plan).fields["people"]) == ("approving", 10)


def test_chosen_departments_are_ended_with_the_reason_and_told(planning: Bureau) -> None:
    plan, north, south = ordered(planning)
    planning.take(north, "submit", "anna", {"people": 3, "cost": 800})
    planning.take(plan, "close_collection", "anna", reason="已到截止日")
    assert (planning.state(plan), planning.state(south), planning.state(north)) == (
        "approving",
        "not_submitted",
        "submitted",
    )
    assert planning.mail("bela") == ["“south季度计划”已由上级件终止：逾期未报：已到截止日"]
    assert "bela" not in planning.work_items("bela")


def test_a_plan_does_not_end_while_a_department_works_on_it(planning: Bureau) -> None:
    plan, north, south = ordered(planning)
    (sentence,) = planning.no(plan, "drop", "anna", reason="不编了")
    assert "还有 2 件子件未办结" in sentence
    assert north in sentence
    assert south in sentence
    assert (planning.state(plan), planning.state(north)) == ("collecting", "drafting")


def test_one_hearing_room_is_used_by_one_case_at_a_time_and_whoever_waits_longest_is_next() -> None:
    bureau = Bureau(*reference("permit"))
    first, second, third = (bureau.start("permit") for _ in range(3))
    for case in (first, third, second):
        bureau.take(case, "call_hearing")
        bureau.later(minutes=1)
    assert [bureau.state(case) for case in (first, second, third)] == ["hearing", "queueing", "queueing"]
    fourth = bureau.start("permit")
    (sentence,) = bureau.no(fourth, "convene_at_once")
    assert "“听证室”同时只办一件" in sentence
    assert first in sentence
    bureau.until("2024-10-20")
    assert bureau.incidents() == []
    bureau.take(first, "grant")
    assert [bureau.state(case) for case in (first, second, third)] == ["granted", "queueing", "hearing"]
    # Whoever leaves the room queues behind the others.
    bureau.take(third, "adjourn", reason="材料不齐")
    assert [bureau.state(case) for case in (second, third)] == ["hearing", "queueing"]
    bureau.take(second, "refuse")
    assert bureau.state(third) == "hearing"
    assert bureau.findings() == []
