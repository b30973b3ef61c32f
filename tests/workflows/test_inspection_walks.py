"""The inspection of one enterprise, walked from the first step to the last, and what they refuse on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from walking_processes import PEOPLE, Walk

from engine.definition.library import Library, load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.lifecycle.command import Actor
from engine.lifecycle.expressions.rows import EACH

TRIED = {"tried_on": "2024-09-18", "way": "visit", "by": "insp-01", "found": "无人", "evidence": "照片一张"}
CALLED = {**TRIED, "tried_on": "2024-09-19", "way": "phone"}
BLOCKED = {"on": "2024-09-18", "facts": "拒绝进入", "evidence": "录像"}
PROBLEM = {"item": "L01", "facts": "未订立书面劳动合同", "basis": "劳动合同法 第八十二条"}


@pytest.fixture(scope="module")
def library() -> Library:
    return load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")]).library


def inspection(library: Library) -> Walk:
    walk = Walk(
        library,
        "inspection",
        inspect_from="2024-09-01",
        inspect_to="2024-09-30",
        items=["L01"],
        risk_based=True,
    )
    walk.case = replace(walk.case, opened_at=datetime(2024, 9, 17, 2, tzinfo=UTC))
    return walk


def at_visit(library: Library) -> Walk:
    walk = inspection(library).take("approve")
    assert walk.state == "to_declare"
    walk.take("declare", "insp-01")
    return walk.take("notify_enterprise", "insp-01", sent_on="2024-09-18")


VISIT: dict[str, Any] = {"items": ["employment_check"], "left_at": "2024-09-20T11:30+08:00"}
CLEAN: dict[str, Any] = {"result_codes": ["no_problem"], "measures": ["none"]}
FOUND: dict[str, Any] = {
    "result_codes": ["violation_hrss"],
    "measures": ["rectify"],
    "problem_list": [PROBLEM],
}
FAILED = {"rows": {"contract_signing": {"answer": "fail", "note": "两人未签"}}}


def failing(library: Library) -> dict[str, Any]:
    rows = {row.id: "pass" for row in library.form("employment_check").rows}
    return {"rows": {**rows, **FAILED["rows"]}}


def test_a_clean_inspection_from_approval_to_archive(library: Library) -> None:
    walk = at_visit(library).take("finish_visit", "insp-01", **VISIT)
    assert walk.case.clocks["publish_due"].due_on.isoformat() == "2024-10-23"
    walk.take("enter_result", "insp-01", **CLEAN).take("pass_review").take("publish_result")
    assert walk.state == "closed"
    assert "publish result" in walk.done
    assert not any(effect.startswith("start") for effect in walk.done)
    assert walk.take("file_away").state == "archived"


def test_the_visit_deadline_is_the_last_day_of_the_plan(library: Library) -> None:
    walk = inspection(library)
    assert walk.case.clocks["visit_due"].due_on.isoformat() == "2024-09-30"
    walk.take("approve").take("declare", "insp-01").take("notify_enterprise", "insp-01")
    assert walk.case.clocks["visit_due"].due_on.isoformat() == "2024-09-30"
    assert "visit_due" not in walk.take("finish_visit", "insp-01", **VISIT).case.clocks


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"signed_by": ["insp-01"]}, "劳动保障监察条例 第十六条；行政处罚法 第四十二条"),
        ({"signed_by": ["insp-01", "insp-03"]}, "不是抽取确定的检查人员"),
        ({"badge_shown": False}, "出示证件"),
        ({"rights_told": False}, "申请回避"),
        ({"visited_on": "2024-09-17", "finished_on": "2024-09-20"}, "先通知、后检查"),
        ({"record": ""}, "检查笔录"),
        ({"finished_on": "2024-09-21"}, "不能晚于今天"),
        ({"certificate_numbers": ["C-1"]}, "至少 2 项"),
    ],
)
def test_a_visit_is_refused(library: Library, answers: dict[str, Any], words: str) -> None:
    assert words in at_visit(library).refused("finish_visit", "insp-01", **VISIT, **answers)


def test_a_certificate_that_ends_before_the_visit_does_not_count(library: Library) -> None:
    walk = at_visit(library)
    PEOPLE["insp-02"]["cert_valid_to"] = "2024-09-19"
    try:
        refusal = walk.refused("finish_visit", "insp-01", **VISIT)
    finally:
        PEOPLE["insp-02"]["cert_valid_to"] = "2026-12-31"
    assert "执法证件有效" in refusal
    assert "劳动保障监察条例 第十六条" in refusal


def test_an_unanswered_row_is_not_taken_for_in_order(library: Library) -> None:
    rows = {row.id: "pass" for row in library.form("employment_check").rows if row.id != "wages"}
    refusal = at_visit(library).refused("finish_visit", "insp-01", **VISIT, employment_check={"rows": rows})
    assert "未作答" in refusal


def test_a_failed_row_cannot_be_entered_as_no_problem(library: Library) -> None:
    walk = at_visit(library).take("finish_visit", "insp-01", **VISIT, employment_check=failing(library))
    assert walk.case.fields["problem_count"] == 1
    assert "不能录入“未发现问题”" in walk.refused("enter_result", "insp-01", **CLEAN)
    walk.take("enter_result", "insp-01", **FOUND).take("pass_review").take("publish_result")
    assert walk.state == "following_up"
    assert "start follow_up" in walk.done
    assert walk.join("follow_up_done").state == "closed"


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (
            {"result_codes": ["no_problem", "corrected"], "measures": ["none"], "problem_list": [PROBLEM]},
            "同选",
        ),
        ({"result_codes": ["closed", "violation_hrss"], "problem_list": [PROBLEM]}, "同选"),
        ({"result_codes": ["no_problem"], "measures": ["rectify"]}, "无需后续处置"),
        ({"result_codes": ["violation_hrss"], "measures": ["none"], "problem_list": [PROBLEM]}, "尚未改正"),
        ({"result_codes": ["violation_hrss"], "measures": ["rectify"], "problem_list": []}, "问题清单"),
        ({"result_codes": ["unreachable"], "measures": ["refer"]}, "无法联系"),
        (
            {"result_codes": ["non_cooperation"], "measures": ["other"], "problem_list": [PROBLEM]},
            "不配合检查",
        ),
    ],
)
def test_results_that_contradict_each_other_are_refused(
    library: Library, answers: dict[str, Any], words: str
) -> None:
    walk = at_visit(library).take("finish_visit", "insp-01", **VISIT)
    assert words in walk.refused("enter_result", "insp-01", **answers)


def test_old_violations_are_pointed_at(library: Library) -> None:
    walk = at_visit(library).take("finish_visit", "insp-01", **VISIT, employment_check=failing(library))
    old = {**FOUND, "problem_list": [{**PROBLEM, "ended_on": "2022-09-01"}]}
    walk.take("enter_result", "insp-01", **old)
    assert any("满两年" in text for text in walk.warned)


def test_nobody_reviews_what_they_entered_or_inspected(library: Library) -> None:
    both = Actor("insp-02", "labour_inspection", frozenset({"inspector", "reviewer"}))
    walk = at_visit(library).take("finish_visit", "insp-01", **VISIT).take("enter_result", "insp-01", **CLEAN)
    assert "审核人不能是本件的检查人员" in walk.refused("pass_review", both)
    walk.case = replace(walk.case, fields={**walk.case.fields, "entered_by": "officer-01"})
    assert "审核人不能是录入人本人" in walk.refused("pass_review")
    walk.case = replace(walk.case, fields={**walk.case.fields, "entered_by": "insp-01"})
    assert "随意录入" in walk.refused("pass_review", checked=False)
    assert walk.take("return_entry").state == "to_enter"


@pytest.mark.parametrize(
    ("step", "answers", "result"),
    [
        (
            "report_unreachable",
            {"attempts": [TRIED, CALLED]},
            {"result_codes": ["unreachable"], "measures": ["refer"]},
        ),
        ("report_gone", {"kind": "moved_out"}, {"result_codes": ["moved_out"], "measures": ["feedback"]}),
        ("report_no_activity", {}, {"result_codes": ["no_relevant_activity"], "measures": ["none"]}),
        (
            "report_uncooperative",
            {"refusals": [BLOCKED, BLOCKED]},
            {"result_codes": ["non_cooperation"], "measures": ["other"], "problem_list": [PROBLEM]},
        ),
    ],
)
def test_side_paths_are_published_too(
    library: Library, step: str, answers: dict[str, Any], result: dict[str, Any]
) -> None:
    walk = at_visit(library).take(step, "insp-01", **answers)
    assert "publish_due" in walk.case.clocks
    assert "render record" in walk.done
    assert "没有完成检查" in walk.refused("enter_result", "insp-01", **CLEAN)
    walk.facts = {
        "children": {
            "referral": {"total": 0},
            "follow_up": {"total": 0, EACH: []},
            "finding_corrected": {"open": 0},
        }
    }
    walk.take("enter_result", "insp-01", **result).take("pass_review").take("publish_result")
    assert "publish result" in walk.done
    wanted = {"report_unreachable": "referring", "report_uncooperative": "following_up"}
    assert walk.state == wanted.get(step, "closed")


def test_a_visit_is_finished_when_the_second_inspector_has_signed(library: Library) -> None:
    walk = at_visit(library)
    typed = {**VISIT, "signed_by": ["insp-01", "insp-02"]}
    assert walk.alone("finish_visit", "insp-01", **typed).state == "to_visit"
    assert "已签署" in walk.refused("finish_visit", "insp-01", **typed)
    assert "内容不能再改" in walk.refused("finish_visit", "insp-02", **typed, staff=41)
    assert walk.alone("finish_visit", "insp-02", **typed).state == "to_enter"


@pytest.mark.parametrize(
    ("step", "answers"),
    [
        ("report_unreachable", {"attempts": [TRIED, CALLED]}),
        ("report_gone", {"kind": "moved_out"}),
        ("report_no_activity", {}),
        ("report_uncooperative", {"refusals": [BLOCKED, BLOCKED]}),
    ],
)
def test_side_paths_are_signed_by_two_of_the_drawn(
    library: Library, step: str, answers: dict[str, Any]
) -> None:
    for signed, said in ((["insp-01"], "至少 2 项"), (["insp-01", "insp-03"], "insp-03")):
        assert said in at_visit(library).refused(step, "insp-01", signed_by=signed, **answers)


def test_the_entry_says_what_was_registered(library: Library) -> None:
    walk = at_visit(library).take("report_gone", "insp-01", kind="moved_out")
    wrong = {"result_codes": ["deregistered"], "measures": ["feedback"]}
    assert "迁出或停业情形不一致" in walk.refused("enter_result", "insp-01", **wrong)
    walk = at_visit(library).take("report_no_activity", "insp-01")
    assert "应与之一致" in walk.refused("enter_result", "insp-01", **wrong)


def test_one_inspector_is_not_enough_to_begin_with(library: Library) -> None:
    walk = inspection(library)
    walk.case = replace(walk.case, parties={"inspectors": ("insp-01",)})
    assert "不足两人" in walk.refused("approve")
    walk.case = replace(walk.case, parties={"inspectors": ("insp-01", "insp-09")})
    walk.take("approve")
    assert walk.warned == ["名录库中有检查人员没有培训记录"]


def test_the_notice_tells_of_rights_and_a_late_visit_is_noted(library: Library) -> None:
    walk = inspection(library)
    walk.case = replace(walk.case, fields={**walk.case.fields, "inspect_to": "2024-09-10"})
    walk.take("approve").take("declare", "insp-01")
    assert "申请回避的权利" in walk.refused("notify_enterprise", "insp-01", rights_told=False)
    walk.take("notify_enterprise", "insp-01").take("finish_visit", "insp-01", **VISIT)
    # Each of the two who sign is warned.
    assert walk.warned == ["检查日期不在方案确定的检查期间内"] * 2


@pytest.mark.parametrize(
    "attempts",
    [
        [TRIED],
        # Twice on one day; by telephone alone; before the case was given to anybody; after the day it ended on.
        [TRIED, {**CALLED, "tried_on": "2024-09-18"}],
        [{**TRIED, "way": "phone"}, CALLED],
        [{**TRIED, "tried_on": "2024-09-16"}, CALLED],
        [TRIED, {**CALLED, "tried_on": "2024-09-21"}],
    ],
)
def test_a_firm_is_unreachable_after_a_visit_to_its_address_and_another_day(
    library: Library, attempts: list[dict[str, Any]]
) -> None:
    assert "建议值" in at_visit(library).refused("report_unreachable", "insp-01", attempts=attempts)


def test_what_ended_otherwise_ended_after_the_notice_or_the_draw(library: Library) -> None:
    early = {**BLOCKED, "on": "2024-09-17"}
    refused = at_visit(library).refused("report_uncooperative", "insp-01", refusals=[early, BLOCKED])
    assert "通知书送达以后" in refused
    walk = at_visit(library).take("report_no_activity", "insp-01", finished_on="2024-09-17")
    result = {"result_codes": ["no_relevant_activity"], "measures": ["none"]}
    assert "早于通知书送达日期" in walk.refused("enter_result", "insp-01", **result)
    walk = at_visit(library).take("report_gone", "insp-01", kind="moved_out", finished_on="2024-09-16")
    result = {"result_codes": ["moved_out"], "measures": ["none"]}
    assert "派发日期" in walk.refused("enter_result", "insp-01", **result)


@pytest.mark.parametrize(
    ("arrived", "allowed"),
    [
        ("2024-09-19T10:30+08:00", False),
        ("2024-09-20T10:30+08:00", True),
        # Half past seven in the bureau, typed as it is in Greenwich.
        ("2024-09-19T23:30+00:00", True),
        ("2024-09-20T17:00+00:00", False),
    ],
)
def test_a_visit_began_on_the_day_its_certificates_are_looked_at(
    library: Library, arrived: str, allowed: bool
) -> None:
    answers = {**VISIT, "arrived_at": arrived, "left_at": "2024-09-21T03:00+08:00"}
    if allowed:
        assert at_visit(library).take("finish_visit", "insp-01", **answers).state == "to_enter"
    else:
        assert "须在检查日期当天" in at_visit(library).refused("finish_visit", "insp-01", **answers)


def test_two_tries_make_a_refusal(library: Library) -> None:
    assert "建议值" in at_visit(library).refused("report_uncooperative", "insp-01", refusals=[BLOCKED])


def test_an_inspector_who_must_withdraw_is_replaced_before_the_visit(library: Library) -> None:
    walk = inspection(library).take("approve")
    assert "启动“回避申请”" in walk.refused("declare", "insp-01", no_conflict=False)
    assert "全体检查人员" in walk.refused("declare", "insp-01", signed_by=["insp-01", "insp-03"])
    assert "不是本件的检查人员" in walk.refused("ask_change", "insp-01", leaving="insp-03")
    walk.take("ask_change", "insp-01", leaving="insp-02", reason_code="illness")
    own = Actor("insp-02", "labour_inspection", frozenset({"section_chief"}))
    assert "不能由本人决定" in walk.refused("approve_change", own)
    walk.take("approve_change")
    assert walk.state == "to_declare"
    assert "replace inspector" in walk.done


@pytest.mark.parametrize(("steps", "back"), [(0, "to_declare"), (1, "to_notify"), (2, "to_visit")])
def test_a_refused_change_leads_back_to_where_it_was_asked(library: Library, steps: int, back: str) -> None:
    walk = inspection(library).take("approve")
    for step in ("declare", "notify_enterprise")[:steps]:
        walk.take(step, "insp-01")
    walk.take("ask_change", "insp-01", leaving="insp-02", reason_code="leave")
    assert walk.take("refuse_change").state == back


def test_a_published_result_is_corrected_only_openly(library: Library) -> None:
    walk = at_visit(library).take("finish_visit", "insp-01", **VISIT).take("enter_result", "insp-01", **CLEAN)
    walk.take("pass_review").take("publish_result").take("correct_result")
    assert walk.done[-1] == "withdraw result"
    assert walk.state == "correcting"
