"""What may be done with the tasks of the shipped processes besides their steps: by whom, how far, and what never."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from walking_processes import INSPECTORS, Walk

from engine.definition.library import Library, load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import Actor, Command
from engine.lifecycle.decide import Decision, decide
from engine.lifecycle.verbs.approve import Approve
from engine.lifecycle.verbs.extend import Extend
from engine.lifecycle.verbs.reassign import Reassign

HERE = "labour_inspection"
HEAD = Actor("head-01", None, frozenset({"bureau_head"}))
DEPUTY = Actor("deputy-01", None, frozenset({"deputy_head"}))
CHIEF = Actor("chief-01", HERE, frozenset({"section_chief"}))
INSPECTOR = Actor(INSPECTORS[0], HERE, frozenset({"inspector"}))
STRANGER = Actor("insp-03", HERE, frozenset({"inspector"}))
INSPECTION: dict[str, Any] = {
    "items": ["LD-01"],
    "inspect_from": "2024-09-10",
    "inspect_to": "2024-10-31",
    "risk_based": True,
    "experts": [],
}


@pytest.fixture(scope="module")
def library() -> Library:
    return load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")]).library


def do(walk: Walk, command: Command) -> Decision:
    outcome = decide(walk.process, walk.case, command, walk.now)
    assert isinstance(outcome, Decision), str(outcome)
    walk._apply(outcome)
    return outcome


def refused(walk: Walk, command: Command) -> str:
    outcome = decide(walk.process, walk.case, command, walk.now)
    assert isinstance(outcome, Refusal)
    return str(outcome)


def test_the_head_grants_thirty_working_days_to_a_filed_case_once(library: Library) -> None:
    walk = Walk(library, "penalty").take("propose_filing").take("approve_filing")
    assert "延期由" in refused(walk, Extend(actor=HEAD, count=30, reason="案情复杂"))
    more = refused(walk, Extend(actor=INSPECTOR, count=31, reason="案情复杂"))
    assert "30 个工作日" in more
    assert "劳动保障监察条例 第十七条" in more
    do(walk, Extend(actor=INSPECTOR, count=30, reason="案情复杂"))
    assert walk.case.clocks["investigation_due"].due_on.isoformat() == "2024-12-18"
    assert "由局长批准" in refused(walk, Approve(actor=DEPUTY, verb="extend", granted=True))
    do(walk, Approve(actor=HEAD, verb="extend", granted=True))
    # Thirty working days after 18 December 2024, over New Year and the Spring Festival of 2025.
    assert walk.case.clocks["investigation_due"].due_on.isoformat() == "2025-02-06"
    assert "最多延期 1 次" in refused(walk, Extend(actor=INSPECTOR, count=1, reason="案情复杂"))


def test_a_visit_is_put_off_once_by_somebody_else_than_who_asks(library: Library) -> None:
    walk = Walk(library, "inspection", **INSPECTION)
    before = walk.case.clocks["visit_due"].due_on
    do(walk, Extend(actor=INSPECTOR, count=10, reason="企业停产检修"))
    assert "申请人不能批准" in refused(walk, Approve(actor=INSPECTOR, verb="extend", granted=True))
    do(walk, Approve(actor=CHIEF, verb="extend", granted=True))
    assert (walk.case.clocks["visit_due"].due_on - before).days == 10
    assert "最多延期 1 次" in refused(walk, Extend(actor=CHIEF, count=1, reason="企业停产检修"))


def test_a_check_is_handed_only_to_who_was_drawn(library: Library) -> None:
    walk = Walk(library, "inspection", **INSPECTION).take("approve")
    assert "只能转办给检查人员" in refused(walk, Reassign(actor=CHIEF, to=STRANGER, reason="出差"))
    do(walk, Reassign(actor=CHIEF, to=INSPECTOR, reason="出差"))
    assert walk.case.assignee == INSPECTOR.id


@pytest.mark.parametrize(
    ("reason", "state", "decides", "others"),
    [("illness", "changing", CHIEF, (HEAD, DEPUTY)), ("leave", "changing", CHIEF, (HEAD, DEPUTY))],
)
def test_the_chief_decides_on_changes_of_a_team_that_are_no_recusal(
    library: Library, reason: str, state: str, decides: Actor, others: tuple[Actor, Actor]
) -> None:
    walk = Walk(library, "inspection", **INSPECTION).take("approve", HEAD)
    walk.take("ask_change", INSPECTORS[0], leaving=INSPECTORS[1], reason_code=reason)
    assert walk.state == state
    for other in others:
        for step in ("approve_change", "refuse_change"):
            assert decides_only(walk, step, other)
    assert "visit_due" in walk.case.clocks
    assert walk.take("approve_change", decides).state == "to_declare"


def test_a_recusal_is_decided_by_the_head_and_stops_no_visit(library: Library) -> None:
    walk = Walk(library, "inspection", **INSPECTION).take("approve", HEAD)
    told = walk.refused("ask_change", INSPECTORS[0], leaving=INSPECTORS[1], reason_code="recusal")
    assert all(part in told for part in ("回避申请", "检查照常进行", "行政处罚法 第四十三条"))
    recusal = library.workflow("recusal").states["deciding"]
    assert recusal.audience == ("bureau_head",)
    assert recusal.verbs["reassign"].among == ("bureau_head", "deputy_head")
    # No state of a visit waits for it.
    waits = {state for step in library.workflow("inspection").transitions for state in step.sources}
    assert not any("recus" in state for state in waits)


@pytest.mark.parametrize(("reason", "own"), [("leave", CHIEF)])
def test_who_is_to_be_replaced_hands_the_decision_to_the_deputy(
    library: Library, reason: str, own: Actor
) -> None:
    walk = Walk(library, "inspection", **INSPECTION).take("approve", HEAD)
    walk.take("ask_change", INSPECTORS[0], leaving=INSPECTORS[1], reason_code=reason)
    told = refused(walk, Reassign(actor=own, to=INSPECTOR, reason="本人应回避"))
    assert "只能转办给" in told
    # The law orders recusal; other changes of the team have no article to name.
    assert ("行政处罚法 第四十三条" in told) == (reason == "recusal")
    do(walk, Reassign(actor=own, to=DEPUTY, reason="本人应回避"))
    assert walk.take("approve_change", DEPUTY).state == "to_declare"


@pytest.mark.parametrize("state", ["to_approve", "approving_after"])
def test_a_visit_is_approved_by_the_head_alone(library: Library, state: str) -> None:
    walk = Walk(library, "inspection", **INSPECTION)
    walk.case = replace(walk.case, state=state)
    step = {"to_approve": "approve", "approving_after": "approve_after"}[state]
    assert all(decides_only(walk, step, other) for other in (CHIEF, DEPUTY))
    assert walk.take(step, HEAD).state in ("to_declare", "to_enter")


def decides_only(walk: Walk, step: str, other: Actor) -> bool:
    """Tell whether `other` is refused the step because of who they are."""
    return "办理" in walk.refused(step, other)


def test_what_a_draw_has_made_public_is_never_withdrawn(library: Library) -> None:
    drawing = (
        "committed",
        "entropy_typed",
        "confirming",
        "to_draw_inspectors",
        "checking_recusal",
        "to_dispatch",
    )
    for name in ("batch", "supervision"):
        states = library.workflow(name).states
        for state in (*drawing, "to_commit", "to_assign"):
            assert "withdraw" not in (states[state].verbs if state in states else {}), (name, state)


def test_drawn_enterprises_and_legal_periods_have_no_way_out(library: Library) -> None:
    """No 作废 of a check; no longer period, no standing still where the regulation sets the days."""
    for state in library.workflow("inspection").states.values():
        assert "void" not in state.verbs
    for state in library.workflow("criminal_referral").states.values():
        assert not {"extend", "suspend", "void"} & set(state.verbs)


def test_who_is_urged_is_asked_for_a_receipt_everywhere(library: Library) -> None:
    for name, workflow in library.workflows.items():
        urged = [state.verbs["urge"] for state in workflow.states.values() if "urge" in state.verbs]
        assert urged, name
        assert all(verb.receipt for verb in urged), name


def test_what_must_reach_the_police_in_a_day_is_said_at_once(library: Library) -> None:
    workflow = library.workflow("criminal_referral")
    steps = [t for t in workflow.transitions if t.id in ("list_materials", "approve_transfer")]
    told = [effect for step in steps for effect in step.then if effect.kind == "notify"]
    assert [effect.arguments.get("urgent") for effect in told] == [True, True]
    assert all(press.urgent for press in workflow.clocks["sending"].overdue)
