"""The shipped processes, walked from the first step to the last, and what they refuse on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from walking_processes import DRAWER, INSPECTORS, Walk

from engine.definition.library import Library, load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.lifecycle.command import Actor
from engine.lifecycle.decide import Decision
from engine.lifecycle.expressions.rows import EACH

RATIOS = [
    {"class": name, "ratio": ratio} for name, ratio in zip("ABCD", ("3%", "5%", "10%", "20%"), strict=True)
]
ENTROPY = "dice:407135620918374652013948"


@pytest.fixture(scope="module")
def library() -> Library:
    return load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")]).library


def follow_up(library: Library, **judgement: Any) -> Walk:
    return Walk(library, "follow_up").take("judge", **judgement)


def test_corrected_on_the_spot(library: Library) -> None:
    walk = follow_up(library, route="corrected").take("publish_follow_up", route="corrected")
    assert walk.state == "closed"
    assert walk.done == ["publish follow_up"]


def test_ordered_to_rectify_and_checked_again(library: Library) -> None:
    walk = follow_up(library, route="rectify")
    assert "晚于下达日期" in walk.refused("order", "insp-01", due_on="2024-09-20")
    walk.take("order", "insp-01", due_on="2024-10-10")
    assert walk.state == "serving"
    assert "不能晚于今天" in walk.refused("serve_order", "insp-01", delivered_on="2024-10-10")
    walk.take("serve_order", "insp-01")
    assert walk.case.clocks["rectify_due"].due_on.isoformat() == "2024-10-10"
    walk.take("receive_report", "insp-01")
    assert "两名" in walk.refused("recheck", "insp-01", signed_by=["insp-01"])
    assert walk.take("recheck", "insp-01", rectified=True).state == "publishing"


def test_not_rectified_leads_to_the_penalty_procedure(library: Library) -> None:
    walk = follow_up(library, route="rectify").take("order", "insp-01", due_on="2024-10-10")
    walk.take("serve_order", "insp-01")
    # Before the term has ended nothing is decided.
    assert walk.take("recheck", "insp-01", rectified=False).state == "rectifying"
    walk.now += timedelta(days=21)
    assert walk.take("recheck", "insp-01", rectified=False, checked_on="2024-10-11").state == "penalising"
    assert walk.done[-1] == "start penalty"


def test_follow_up_decides_no_penalty_and_waits_for_the_procedure(library: Library) -> None:
    walk = follow_up(library, route="filed")
    assert (walk.state, walk.done) == ("penalising", ["start penalty"])
    decided = {"case_decision": {"kind": "penalty", "decided_on": "2024-09-30", "content": "罚款五千元。"}}
    walk.facts = {"children": {"penalty": {EACH: [{"outcome": "penalty", "forms": decided}], "open": 0}}}
    walk.join("penalised")
    assert (walk.state, walk.case.fields["penalised_on"]) == ("publishing", "2024-09-30")
    walk.take("publish_follow_up", joint_sanctions=["none"], route="filed")
    assert any("联合惩戒" in text for text in walk.warned)
    assert walk.state == "closed"


def test_a_decision_is_made_by_one_process_alone_and_only_as_it_was_told(library: Library) -> None:
    decides = {
        name for name, one in library.workflows.items() for t in one.transitions if t.form == "case_decision"
    }
    papers = {
        name
        for name, one in library.workflows.items()
        for t in one.transitions
        for effect in t.then
        if effect.kind == "render" and str(effect.arguments["render"]).endswith("_decision")
    }
    assert decides == {"penalty"}
    assert papers <= {"penalty"}
    kinds = ("penalty", "treatment", "no_penalty", "cancelled")
    made: dict[str, set[str]] = {}
    for proposed in kinds:
        walk = Walk(library, "penalty", forms={"case_proposal": {"proposal": proposed}})
        walk.case = replace(walk.case, state="deciding")
        made[proposed] = {
            kind
            for kind in kinds
            if isinstance(walk.try_("decide", kind=kind, decided_on="2024-09-20"), Decision)
        }
    lighter = {"no_penalty", "cancelled"}
    assert made == {
        "penalty": {"penalty"} | lighter,
        "treatment": {"treatment"} | lighter,
        "no_penalty": lighter,
        "cancelled": lighter,
    }


def test_a_crime_found_in_the_procedure_and_declined_goes_on_there(library: Library) -> None:
    walk = Walk(library, "penalty").take("propose_filing").take("approve_filing")
    walk.take("find_crime", "insp-01")
    assert walk.done[-1] == "start criminal_referral"
    walk.facts = {"children": {"criminal_referral": {"open": 0, "in": {"closed": 0}}}}
    assert walk.join("transferred").state == "investigating"
    walk.take("find_crime", "insp-01")
    walk.facts = {"children": {"criminal_referral": {"open": 0, "in": {"closed": 1}}}}
    assert walk.join("transferred").state == "closing"


def test_handed_over_and_back(library: Library) -> None:
    walk = follow_up(library, route="refer", department="tax")
    assert walk.done == ["start referral"]
    walk.facts = {"children": {"referral": {"open": 0, "in": {"closed": 0}}}}
    assert walk.join("referred").state == "judging"
    walk.take("judge", route="refer", department="tax")
    walk.facts = {"children": {"referral": {"open": 0, "in": {"closed": 1}}}}
    assert walk.join("referred").state == "publishing"
    walk = follow_up(library, route="criminal", suspected_crime="other")
    assert walk.done == ["start criminal_referral"]
    assert walk.join("transferred").take("conclude_transfer", administrative=True).state == "penalising"


def test_referral_to_another_department(library: Library) -> None:
    walk = Walk(library, "referral", department="tax", matter="示例")
    walk.take("draft", "insp-01").take("approve").take("send", "insp-01")
    assert "早于" in walk.refused("receive", "insp-01", received_on="2024-09-01")
    assert walk.take("receive", "insp-01").take("answer", "insp-01").take("close").state == "closed"


def crime(library: Library) -> Walk:
    walk = Walk(library, "criminal_referral", suspected_crime="unpaid_wages")
    assert "两名以上" in walk.refused("form_team", members=["insp-01"])
    walk.take("form_team")
    ordered = {"suspected_crime": "unpaid_wages", "order_served_on": "2024-08-20"}
    assert "期限还没有届满" in walk.refused("submit_report", "insp-01", **ordered, order_due_on="2024-09-20")
    walk.take("submit_report", "insp-01", **ordered, order_due_on="2024-09-19")
    assert "材料不齐" in walk.refused("list_materials", "insp-01", item_list=False)
    assert "检验报告" in walk.refused("list_materials", "insp-01", test_report=False, test_not_needed=False)
    walk.take("list_materials", "insp-01").take("approve_transfer")
    return walk


def test_refused_pay_is_moved_only_after_an_order_that_was_served(library: Library) -> None:
    """Number, service and end of the order are demanded: with one of them left out the report is refused."""
    asked = {
        "order_number": "示人社监令〔2024〕3号",
        "order_served_on": "2024-08-20",
        "order_due_on": "2024-09-10",
    }
    for left in asked:
        walk = Walk(library, "criminal_referral").take("form_team")
        text = walk.refused(
            "submit_report", "insp-01", suspected_crime="unpaid_wages", **{**asked, left: None}
        )
        assert "责令支付" in text
    walk = Walk(library, "criminal_referral").take("form_team")
    assert walk.take("submit_report", "insp-01", suspected_crime="unpaid_wages", **asked).state == "listing"


def test_a_crime_goes_to_the_police_with_every_document(library: Library) -> None:
    walk = crime(library)
    due = walk.case.clocks["sending"].due_at - walk.now
    assert due.total_seconds() == 24 * 3600
    walk.take("send", "insp-01").take("sign_receipt", "insp-01")
    assert walk.case.clocks["police_due"].due_on.isoformat() == "2024-09-23"
    walk.take("record_decision", "insp-01", filed=True)
    assert walk.case.clocks["handover_due"].due_on.isoformat() == "2024-09-23"
    assert walk.take("hand_over", "insp-01").state == "closed"


@pytest.mark.parametrize(
    ("steps", "end"),
    [
        ([("accept_refusal", {})], "administrative"),
        (
            [
                ("ask_review", {}),
                ("send_review", {}),
                ("record_reconsideration", {"filed": True}),
                ("hand_over", {}),
            ],
            "closed",
        ),
        (
            [
                ("ask_review", {}),
                ("send_review", {}),
                ("record_reconsideration", {"filed": False}),
                ("accept_refusal", {}),
            ],
            "administrative",
        ),
        (
            [
                ("ask_prosecutor", {}),
                ("send_prosecutor", {}),
                ("record_supervision", {"filed": True}),
                ("hand_over", {}),
            ],
            "closed",
        ),
        (
            [
                ("ask_review", {}),
                ("send_review", {}),
                ("record_reconsideration", {"filed": False}),
                ("ask_prosecutor", {}),
                ("send_prosecutor", {}),
                ("record_supervision", {"filed": False}),
            ],
            "administrative",
        ),
    ],
)
def test_what_may_follow_when_the_police_do_not_file(
    library: Library, steps: list[tuple[str, dict[str, Any]]], end: str
) -> None:
    walk = crime(library).take("send", "insp-01").take("sign_receipt", "insp-01")
    walk.take("record_decision", "insp-01", filed=False)
    assert walk.state == "refused"
    for step, answers in steps:
        walk.take(step, "insp-01", **answers)
    assert walk.state == end


def test_a_declined_transfer_keeps_its_reason(library: Library) -> None:
    walk = Walk(library, "criminal_referral").take("form_team")
    walk.take("submit_report", "insp-01", suspected_crime="other").take("list_materials", "insp-01")
    assert walk.case.clocks["deciding"].due_on.isoformat() == "2024-09-23"
    assert "须说明理由" in walk.refused("decline_transfer", reason="")
    assert walk.take("decline_transfer").state == "declined"


@pytest.mark.parametrize("step", ["approve_transfer", "decline_transfer"])
def test_a_transfer_is_decided_by_the_head_and_by_nobody_in_the_head_s_place(
    library: Library, step: str
) -> None:
    walk = Walk(library, "criminal_referral").take("form_team")
    walk.take("submit_report", "insp-01", suspected_crime="other").take("list_materials", "insp-01")
    head = Actor("head", None, frozenset({"bureau_head"}))
    deputy = Actor("deputy", None, frozenset({"deputy_head"}), principals=(head,), delegated=True)
    assert "受委托的人不能代办" in walk.refused(step, deputy)
    # Whoever is in charge of the authority has the role.
    in_charge = replace(deputy, roles=frozenset({"deputy_head", "bureau_head"}))
    assert walk.take(step, in_charge).state in ("sending", "declined")


def test_a_batch_from_plan_to_archive(library: Library) -> None:
    walk = Walk(library, "batch")
    assert "至少两名检查人员（依据：" in walk.refused("submit_plan", team_size=1, ratios=RATIOS)
    assert "业务培训" in walk.refused("submit_plan", team_size=2, ratios=RATIOS, training_planned=False)
    walk.take("submit_plan", ratios=RATIOS, team_size=2, risk_based=True, sources=["ssq", "dlt"])
    walk.take("approve_plan").take("publish_batch_plan").join("trained").take("commit_draw")
    walk.take("type_entropy", DRAWER, entropy=ENTROPY)
    both = Actor("drawer-01", None, frozenset({"witness"}))
    assert "不能是录入人本人" in walk.refused("draw_objects", both, entropy=ENTROPY)
    walk.take("draw_objects", entropy=ENTROPY)
    assert walk.state == "confirming"
    walk.take("confirm_list").take("draw_inspectors")
    assert "补训" in walk.refused("pass_recusal_check", all_trained=False)
    assert "作废本次抽取" in walk.refused("pass_recusal_check", declared_excluded=False)
    # Whoever says that all were trained is not believed: nobody is known to have attended.
    assert "不在培训签到人员之列" in walk.refused("pass_recusal_check")
    attended = {"training_record": {"attended": ["insp-01", "insp-02"]}}
    walk.facts = {"children": {"training": {EACH: [{"forms": {}}, {"forms": attended}], "open": 0}}}
    walk.take("pass_recusal_check").take("dispatch").take("report_progress")
    assert walk.state == "inspecting"
    for step in ("all_entered", "all_published", "all_followed_up", "supervised"):
        walk.join(step)
    assert "资料不齐" in walk.refused("file_away", supervision_files=False)
    assert "签字不完整" in walk.refused("file_away", signed=False)
    assert walk.take("file_away").state == "archived"
    wanted = ["publish batch_plan", "start training", "commit draw", "publish draw", "draw objects"]
    assert [effect for effect in walk.done if effect in wanted][: len(wanted)] == wanted


def test_removals_are_only_struck_when_there_are_some(library: Library) -> None:
    walk = Walk(library, "batch")
    walk.take("submit_plan", ratios=RATIOS, team_size=2).take("approve_plan").take("publish_batch_plan")
    walk.join("trained").take("commit_draw").take("type_entropy", DRAWER, entropy=ENTROPY)
    walk.take("draw_objects", entropy=ENTROPY)
    removal = {"object": "object-01", "reason": "cancelled", "evidence": "登记信息"}
    assert "证据" in walk.refused("confirm_list", removals=[{"object": "object-01", "reason": "cancelled"}])
    chief = Actor("chief-01", "labour_inspection", frozenset({"section_chief", "witness"}))
    assert walk.take("confirm_list", chief, removals=[removal]).state == "agreeing_removals"
    assert "remove objects" not in walk.done
    assert "复核人不能是提出剔除的人" in walk.refused("agree_removals", chief)
    assert walk.take("agree_removals").state == "to_draw_inspectors"
    assert "remove objects" in walk.done


def test_two_different_results_leave_nothing_but_to_void_the_draw(library: Library) -> None:
    walk = Walk(library, "batch")
    walk.take("submit_plan", ratios=RATIOS, team_size=2).take("approve_plan").take("publish_batch_plan")
    walk.join("trained").take("commit_draw").take("type_entropy", DRAWER, entropy=ENTROPY)
    walk.take("draw_objects", entropy=ENTROPY.replace("40", "04"))
    walk.facts = {"draw": {"no": 1, "spoiled": True, "lapsed": False, "committed": True}}
    assert walk.take("find_spoiled", "engine").state == "typings_differ"
    assert "还没有逾期失效" in walk.refused("commit_again")
    walk.take("ask_void", DRAWER)
    assert walk.take("void_draw").state == "to_commit"


def test_nothing_is_committed_to_over_empty_or_stale_registers(library: Library) -> None:
    walk = Walk(library, "batch")
    walk.take("submit_plan", ratios=RATIOS, team_size=2).take("approve_plan").take("publish_batch_plan")
    walk.join("trained").warned.clear()
    stale = {"rows": 0, "active": 0, "age_days": 91, "updated_on": "2024-06-21"}
    walk.facts = {"registers": {"objects": stale, "inspectors": stale}}
    refusal = walk.refused("commit_draw")
    assert "检查对象名录库是空的" in refusal
    assert "有效的检查人员不足两人" in refusal
    walk.facts = {"registers": {kind: {**stale, "active": 9} for kind in ("objects", "inspectors")}}
    walk.take("commit_draw")
    assert len(walk.warned) == 2
    assert all("90日" in text for text in walk.warned)
    walk.facts = {"draw": {"committed": False}}
    assert "尚未公布承诺" in walk.refused("type_entropy", DRAWER, entropy=ENTROPY)


def test_a_voided_draw_starts_from_a_new_commitment(library: Library) -> None:
    walk = Walk(library, "batch")
    walk.take("submit_plan", ratios=RATIOS, team_size=2).take("approve_plan").take("publish_batch_plan")
    walk.join("trained").take("commit_draw")
    assert "还没有人申请作废" in walk.refused("void_draw")
    walk.take("ask_void")
    assert "不能是申请人" in walk.refused("void_draw")
    walk.take("ask_void", DRAWER).take("void_draw")
    assert walk.state == "to_commit"
    assert walk.done[-2:] == ["void draw", "publish draw"]


def test_equal_ratios_and_unrated_batches_are_warned_of(library: Library) -> None:
    # The target is that of the year over all classes: a class below it is as the mission wants it.
    walk = Walk(library, "batch").take("submit_plan", ratios=RATIOS, team_size=2, risk_based=True)
    assert walk.warned == []
    equal = [{**row, "ratio": "5%"} for row in RATIOS]
    walk = Walk(library, "batch").take("submit_plan", ratios=equal, team_size=2, risk_based=True)
    assert any("各等级的抽查比例相同" in text for text in walk.warned)
    walk = Walk(library, "batch").take("submit_plan", ratios=equal, team_size=2, risk_based=False)
    assert [text for text in walk.warned if "信用风险等级" in text] == walk.warned != []


def test_an_annual_plan_is_published_revised_and_published_again(library: Library) -> None:
    walk = Walk(library, "annual_plan").take("consult", planned_coverage="4.9%", planned_risk_share="84.9%")
    assert [text[:8] for text in walk.warned] == ["计划抽查企业占比", "计划中信用风险分"]
    assert walk.case.clocks["plan_due"].due_on.isoformat() == "2024-10-31"
    walk.take("submit").take("pass_review").take("approve").take("report").take("publish_plan").take("begin")
    assert walk.done[-3:] == ["publish plan", "paper annual_plan", "start batch"]
    assert walk.take("record_publicity").state == "executing"
    assert "须说明理由" in walk.refused("revise", reason="")
    walk.take("revise").take("submit_revision", added_batches=[]).take("approve_revision").take(
        "republish_plan"
    )
    assert walk.case.fields["version"] == 2
    walk.join("all_batches_done").take("file_away")
    assert walk.state == "archived"
    assert len(walk.warned) >= 4


#: What each register lacks when it is empty.
EMPTY = {"items": "还没有生效的事项", "objects": "检查对象名录库是空的", "inspectors": "不足两人"}


def _chief(person: str) -> Actor:
    return Actor(person, "labour_inspection", frozenset({"section_chief"}))


@pytest.mark.parametrize("kind", ["items", "objects", "inspectors", "experts", "forms"])
def test_every_register_gets_ready(library: Library, kind: str) -> None:
    walk = Walk(library, "library")
    walk.case = replace(walk.case, forms={"library_start": {"kind": kind, "year": 2024}})
    walk.take("submit")
    # Who has filled it in does not check it: asked of the history, in `test_separate_hands.py`.
    of_library = [rule for rule in walk.process.bureau.incompatible_on_a_case if rule.workflow == "library"]
    assert [rule.against("library", "pass_check") for rule in of_library] == [("submit",), ()]
    assert [rule.against("library", "pass_change") for rule in of_library] == [(), ("request_change",)]
    walk.take("pass_check", _chief("chief-01"))
    if kind in EMPTY:
        walk.facts = {"registers": {kind: {"rows": 0, "active": 0, "age_days": None, "updated_on": None}}}
        assert EMPTY[kind] in walk.refused("activate")
        walk.facts = {}
    if kind in ("objects", "experts"):
        forms = walk.case.forms
        unlabelled = {**forms["library_report"], "labelled": False}
        walk.case = replace(walk.case, forms={**forms, "library_report": unlabelled})
        assert "尚未分类标注" in walk.refused("activate")
        walk.case = replace(walk.case, forms=forms)
    walk.take("activate").take("request_change")
    walk.take("pass_change")
    walk.take("confirm_refresh", changed=False).take("retire")
    assert walk.state == "retired"


def test_supervision_with_and_without_a_circular(library: Library) -> None:
    walk = Walk(library, "supervision").take("submit_plan", ratio="5%", sources=["ssq", "dlt"])
    assert any("建议值" in text for text in walk.warned)
    walk.take("commit_draw")
    walk.facts = {"draw": {"committed": False}}
    assert "尚未公布承诺" in walk.refused("type_entropy", DRAWER, entropy=ENTROPY)
    walk.facts = {}
    walk.take("type_entropy", DRAWER, entropy=ENTROPY)
    walk.take("draw_visits", entropy=ENTROPY).take("draw_callers").take("assign_calls").join("all_called")
    assert "责成整改" in walk.refused("find_clean", formalism=True, careless_entry=False, discipline=False)
    walk.take("feed_back").take("report_rectified").take("propose_circular").take("issue_circular")
    assert "publish circular" in walk.done
    assert walk.take("file_away").state == "archived"


def test_call_back_visits_tell_what_does_not_fit(library: Library) -> None:
    walk = Walk(library, "callback").take("record_call", "sup-01", came="no")
    assert walk.state == "done"
    assert walk.case.forms["callback_visit"]["problem_found"] is True
    assert walk.warned
    quiet = Walk(library, "callback").take("record_call", "sup-01")
    assert quiet.case.forms["callback_visit"]["problem_found"] is False
    assert not quiet.warned


def test_training_before_the_visits(library: Library) -> None:
    walk = Walk(library, "training").take("arrange")
    assert "不足两人" in walk.refused("record_attendance", attended=["insp-01"])
    walk.take("record_attendance", attended=list(INSPECTORS), platform_trained=False)
    assert walk.warned == ["本次未安排平台操作培训"]
    assert walk.take("file_away").state == "archived"
