"""Processes of other kinds, run through the commands on the virtual clock: each shows words the shipped ones do not use."""

from __future__ import annotations

import pytest
from bureau_factories import Bureau
from reference_factories import REFERENCE, reference

from engine.app.ports.records import RegisterEntry
from engine.cli.cases.case_text import case_text
from engine.definition.library import load_files
from engine.yamltext.problem import Severity


def test_the_check_finds_nothing_in_them() -> None:
    loaded = load_files({path.name: path.read_text("utf-8") for path in REFERENCE.glob("*.yaml")})
    assert [str(one) for one in loaded.problems if one.severity in (Severity.ERROR, Severity.WARNING)] == []


#: The people of the departments that give opinions, all made up.
OFFICES = {"lara": "law", "fina": "finance", "paul": "planning", "sara": "safety", "hugo": "head"}


def permits() -> Bureau:
    """Return a bureau with permits and purchases, and with the departments that are asked."""
    bureau = Bureau(
        *reference(
            "bureau",
            "opinion",
            "permit_request",
            "permit",
            "purchase_request",
            "purchase_receipt",
            "purchase",
        )
    )
    with bureau.store.write() as transaction:
        people = [
            RegisterEntry("people", person, person.title(), None, {"roles": [role]})
            for person, role in OFFICES.items()
        ]
        transaction.registers.put(people, bureau.clock.now())
    return bureau


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


def test_a_department_that_is_added_by_hand_is_counted_at_once(planning: Bureau) -> None:
    late = (
        (REFERENCE / "department_plan.yaml")
        .read_text("utf-8")
        .replace("initial: drafting", "start: {by: clerk}\ninitial: drafting")
    )
    planning.publish(late)
    plan, north, south = ordered(planning)
    planning.take(north, "submit", "anna", {"people": 3, "cost": 800})
    planning.take(south, "submit", "bela", {"people": 2, "cost": 900})
    assert planning.state(plan) == "approving"
    planning.start("department_plan", "anna", parent=plan, section="north")
    assert planning.state(plan) == "collecting"


def test_a_plan_does_not_end_while_a_department_works_on_it(planning: Bureau) -> None:
    plan, north, south = ordered(planning)
    (sentence,) = planning.no(plan, "drop", "anna", reason="不编了")
    assert "还有 2 件子件未办结" in sentence
    assert north in sentence
    assert south in sentence
    assert (planning.state(plan), planning.state(north)) == ("collecting", "drafting")


def test_one_hearing_room_is_used_by_one_case_at_a_time_and_whoever_waits_longest_is_next() -> None:
    bureau = permits()
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


def consulting(bureau: Bureau, *, storage: bool) -> str:
    """Start a permit about which the departments are asked."""
    case = bureau.start("permit")
    bureau.take(case, "consult", "anna", {"workers": 12, "storage": storage})
    return case


def test_departments_are_asked_side_by_side_and_it_goes_on_when_enough_have_answered() -> None:
    bureau = permits()
    case = consulting(bureau, storage=True)
    assert [case in bureau.work_items(person) for person in OFFICES] == [True, True, True, True, False]
    assert case not in bureau.work_items("anna")
    bureau.take(case, "by_finance", "fina", {"agrees": True})
    assert [case in bureau.work_items(person) for person in ("lara", "fina")] == [True, False]
    assert bureau.no(case, "by_finance", "fina", {"agrees": False}) == ["“财政意见”已由“fina”办过"]
    assert "由财政部门办理" in bureau.no(case, "by_finance", "lara", {"agrees": True})[0]
    bureau.take(case, "by_safety", "sara", {"agrees": True})
    assert bureau.state(case) == "consulting"
    bureau.take(case, "by_law", "lara", {"agrees": False, "note": "材料不全"})
    # Three of four are enough; the fourth has no task any more.
    assert bureau.state(case) == "weighing"
    assert [case in bureau.work_items(person) for person in ("paul", "anna")] == [False, True]
    found = bureau.case(case)
    assert found.branches["by_law"]["answers"] == {"agrees": False, "note": "材料不全"}
    assert found.branches["by_law"]["by"] == "lara"
    view = bureau.explain(case, "anna")
    assert view is not None
    lines = case_text(view).split("\n")
    at = lines.index("法制意见：lara，2024-09-02")
    assert lines[at : at + 3] == ["法制意见：lara，2024-09-02", "  同意：否", "  意见：材料不全"]
    assert set(view.as_json()["branches"]) == {"by_law", "by_finance", "by_safety"}
    assert bureau.no(case, "grant_at_once") == ["有部门不同意，须先听证"]
    bureau.take(case, "refuse_on_law")
    assert bureau.state(case) == "refused"
    assert bureau.findings() == []


def test_a_department_that_is_not_concerned_is_not_asked() -> None:
    bureau = permits()
    case = consulting(bureau, storage=False)
    assert [case in bureau.work_items(person) for person in ("lara", "sara")] == [True, False]
    assert "条件均不成立" in bureau.no(case, "by_safety", "sara", {"agrees": True})[0]
    for person, branch in (("lara", "by_law"), ("fina", "by_finance"), ("paul", "by_planning")):
        assert bureau.state(case) == "consulting"
        bureau.take(case, branch, person, {"agrees": True})
    bureau.take(case, "grant_at_once")
    assert bureau.state(case) == "granted"


def test_departments_asked_again_answer_again() -> None:
    bureau = permits()
    case = consulting(bureau, storage=False)
    for person, branch in (("lara", "by_law"), ("fina", "by_finance"), ("paul", "by_planning")):
        bureau.later(hours=1)
        bureau.take(case, branch, person, {"agrees": False})
    bureau.later(hours=1)
    bureau.take(case, "ask_again", "anna", reason="方案有改动")
    assert (bureau.state(case), case in bureau.work_items("lara")) == ("consulting", True)
    bureau.take(case, "by_law", "lara", {"agrees": True})
    assert bureau.case(case).branches["by_finance"]["answers"] == {"agrees": False}
    assert bureau.state(case) == "consulting"
    assert bureau.findings() == []


def purchase(bureau: Bureau, price: str) -> str:
    """Ask for ten of something."""
    case = bureau.start("purchase", section="north")
    bureau.take(case, "request", "anna", {"lines": [{"what": "档案柜", "quantity": 10, "price": price}]})
    return case


def test_a_purchase_is_approved_by_one_after_the_other() -> None:
    bureau = permits()
    case = purchase(bureau, "2500.50")
    assert (bureau.state(case), bureau.case(case).fields["total"]) == ("approving", "25005")
    people = ("carl", "dora", "hugo")
    for number, person in enumerate(people):
        assert [case in bureau.work_items(one) for one in people] == [one == person for one in people]
        for other in people[number + 1 :]:
            assert bureau.no(case, "approve", other) == [f"“批准采购”依次签署，现在由{person}签"]
        assert bureau.state(case) == "approving"
        bureau.take(case, "approve", person)
    assert bureau.state(case) == "ordered"
    signatures = bureau.events(case)[-1].body["signatures"]
    assert [one["person"] for one in signatures] == list(people)
    assert bureau.findings() == []


def test_a_small_purchase_ends_with_the_deputy_and_an_added_signer_is_last() -> None:
    bureau = permits()
    small = purchase(bureau, "1000")
    bureau.take(small, "approve_small", "carl")
    bureau.take(small, "approve_small", "dora")
    assert bureau.state(small) == "ordered"


@pytest.mark.parametrize(
    ("arrived", "late", "penalty"),
    # Five in ten thousand a day, at most five in a hundred; nothing where it comes before its day.
    [("2024-09-20", 0, "0"), ("2024-10-10", 10, "125.03"), ("2025-09-30", 365, "1250.25")],
)
def test_what_arrives_late_costs_a_penalty_that_has_a_limit(arrived: str, late: int, penalty: str) -> None:
    bureau = permits()
    case = purchase(bureau, "2500.50")
    for person in ("carl", "dora", "hugo"):
        bureau.take(case, "approve", person)
    given = {"due": "2024-09-30", "arrived": arrived, "price": "25005"}
    outcome = bureau.take(case, "receive", "anna", given)
    found = bureau.case(case)
    assert (found.state, str(found.fields["penalty"])) == ("received", penalty)
    assert found.forms["purchase_receipt"]["late"] == late
    # Why it was late is asked only where it was.
    assert [str(one) for one in outcome.warnings] == (["迟延到货而没有写明缘由"] if late else [])
    assert bureau.findings() == []


def test_a_permit_is_assigned_within_office_hours_and_a_late_decision_says_why() -> None:
    bureau = permits()
    case = consulting(bureau, storage=False)
    assert bureau.case(case).clocks["decide"].due_at is not None
    for person, branch in (("lara", "by_law"), ("fina", "by_finance"), ("paul", "by_planning")):
        bureau.take(case, branch, person, {"agrees": True})
    bureau.until("2024-10-20")
    (sentence,) = bureau.no(case, "grant_at_once")
    assert "须说明逾期原因" in sentence
    bureau.take(case, "grant_at_once", "anna", reason="征求意见用时较长")
    assert bureau.state(case) == "granted"


def test_a_count_of_the_quarter_goes_to_the_second_superior() -> None:
    loaded = load_files({path.name: path.read_text("utf-8") for path in sorted(REFERENCE.glob("*.yaml"))})
    assert [one for one in loaded.problems if one.severity is Severity.ERROR] == []
    flow = loaded.workflows["stock_check"]
    assert flow.calendar_start is not None
    assert [one.level for one in flow.superiors.values()] == [2]


def test_a_limit_holds_only_under_its_condition() -> None:
    """工伤认定: sixty days, fifteen where the facts are clear; the time a court takes does not count for either."""
    bureau = Bureau(*reference("bureau", "work_injury"), at="2024-09-02")
    case = bureau.start("work_injury")

    def due() -> str:
        return str(bureau.case(case).clocks["decide"].due_on)

    assert due() == "2024-11-01"
    bureau.take(case, "look_plain")
    assert due() == "2024-09-17"
    bureau.until("2024-09-10")
    bureau.take(case, "wait")
    bureau.until("2024-09-20")
    bureau.take(case, "go_on")
    assert due() == "2024-09-27"
    bureau.take(case, "not_plain")
    assert due() == "2024-11-11"
    bureau.take(case, "now_plain")
    assert due() == "2024-09-27"


def test_whoever_has_signed_is_not_asked_again_at_a_later_place() -> None:
    bureau = permits()
    with bureau.store.write() as transaction:
        both = RegisterEntry("people", "carl", "Carl", "north", {"roles": ["chief", "deputy"]})
        transaction.registers.put([both], bureau.clock.now())
    case = purchase(bureau, "5000")
    bureau.take(case, "approve", "carl")
    assert [case in bureau.work_items(one) for one in ("carl", "dora", "hugo")] == [False, False, True]
    bureau.take(case, "approve", "hugo")
    assert bureau.state(case) == "ordered"
