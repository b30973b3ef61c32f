"""Steps: who may take them, what must hold, which of several is taken, and every reason of a refusal at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from walk_factories import (
    ANNA,
    BELA,
    CARL,
    DORA,
    SELF,
    Walk,
    claim,
    process_of,
    reasons,
    reassign,
    shanghai,
    suspend,
)

from engine.lifecycle.case import Case, Change, RunningClock, evolve
from engine.lifecycle.command import ENGINE, Actor, Advance
from engine.lifecycle.decide import Decision
from engine.lifecycle.forms.personal import KeptTexts
from engine.lifecycle.forms.signature import Signing

FLOW = """
workflow: visit
title: 检查
about: object
basis: 某条例 第五十四条
initial: assigned
start: {by: clerk}
parties: {inspectors: 检查人员}
fields:
  - risk: {title: 风险}
  - checked_on: {title: 核对日期, type: date}
states:
  assigned:
    title: 待检查
    for: inspectors
    verbs: {reassign: {by: chief}, suspend: {by: chief}, resume: {by: chief}}
  entered: {title: 待审核, for: clerk, verbs: {reassign: {by: chief, among: [clerk, deputy]}}}
  checked: {title: 待签批, for: deputy}
  waiting: {title: 等待}
  closed: {title: 已办结, final: true}
transitions:
  - {do: note, title: 补充记录, from: assigned, form: remark}
  - do: finish
    title: 完成检查
    from: assigned
    to: entered
    form: record
    require:
      - that: form.signed_by | length >= 2
        else: 至少两名检查人员签字
        basis: 某条例 第十六条
      - that: within(form.signed_by, inspectors)
        else: 签字人不是派定的检查人员
        basis: 某条例 第十七条
    warn:
      - {that: filled(form.remark), else: 没有写备注}
  - {do: pass, title: 审核通过, from: entered, to: checked}
  - {do: send_back, title: 退回, from: entered, to: assigned, reason: true}
  - {do: sign, title: 签批, from: checked, to: closed, when: case.risk == 'low'}
  - {do: sign, title: 签批并等待, from: checked, to: waiting, when: case.risk == 'high'}
  - {do: go_on, title: 继续, from: waiting, to: closed, automatic: true, when: case.risk == 'low'}
  - {do: give_up, title: 终止, from: any, to: closed, by: chief, reason: true}
"""
RECORD = """
form: record
title: 检查记录
fields:
  - visited_on: {title: 检查日期, type: date}
  - signed_by: {title: 签字人, type: persons, optional: true}
  - remark: {title: 备注, optional: true}
"""
REMARK = """
form: remark
title: 补充
fields:
  - text: {title: 内容, optional: true}
"""
PROCESS = process_of(FLOW, RECORD, REMARK)
TEAM = ("anna", "emil")
SIGNED = {"visited_on": "2024-09-02", "signed_by": list(TEAM)}


def walk(**new: Any) -> Walk:
    found = Walk("", process=PROCESS, parties={"inspectors": TEAM}, **new)
    found.facts = {"people": {person: {"id": person} for person in TEAM}}
    return found


def test_a_member_of_the_party_takes_the_step() -> None:
    case = walk()
    decision = case.take("finish", ANNA, SIGNED)
    assert (decision.kind, decision.step, decision.title) == ("advanced", "finish", "完成检查")
    assert case.state == "entered"
    assert case.case.forms["record"] == SIGNED
    assert [str(w.message) for w in decision.warnings] == ["没有写备注"]


@pytest.mark.parametrize("actor", [BELA, CARL, DORA, Actor("nobody")])
def test_whoever_is_not_of_the_party_is_told_who_is(actor: Actor) -> None:
    (reason,) = walk().no("finish", actor, SIGNED).reasons
    assert reason.code == "not-allowed"
    assert str(reason.message) == f"“{actor.id}”不能办理“完成检查”：该步骤由检查人员（anna、emil）办理"


def test_the_rule_about_the_people_is_the_basis_of_that_refusal() -> None:
    (reason,) = walk().no("finish", BELA, SIGNED).reasons
    assert reason.basis == "某条例 第十七条"
    (reason,) = walk(state="entered").no("pass", DORA).reasons
    assert reason.basis == "某条例 第五十四条"


def test_a_role_of_a_section_acts_in_its_own_section_only() -> None:
    case = walk(state="entered")
    (reason,) = case.no("pass", BELA).reasons
    assert str(reason.message) == "“bela”不能办理“审核通过”：该步骤由北片股的经办人办理"
    assert isinstance(case.try_("pass", ANNA), Decision)
    assert isinstance(walk(state="entered", section="south").try_("pass", BELA), Decision)
    # A case of no section is everybody's who holds the role.
    assert isinstance(walk(state="entered", section=None).try_("pass", BELA), Decision)


def test_a_role_of_the_bureau_acts_in_every_section() -> None:
    for section in ("north", "south", None):
        case = walk(state="checked", section=section, fields={"risk": "low"})
        assert isinstance(case.try_("sign", DORA), Decision)
        assert reasons(case.no("sign", CARL)) == [
            ("not-allowed", "“carl”不能办理“签批”：该步骤由分管领导办理")
        ]


def test_by_goes_before_for() -> None:
    case = walk()
    assert [code for code, _ in reasons(case.no("give_up", ANNA, reason="企业注销"))] == ["not-allowed"]
    case.take("give_up", CARL, reason="企业注销")
    assert (case.state, case.case.open) == ("closed", False)


def test_whoever_a_task_was_handed_to_stands_in_but_not_for_steps_of_others() -> None:
    case = walk(state="entered")
    case.do(reassign(CARL, DORA))
    assert isinstance(case.try_("pass", DORA), Decision)
    assert [code for code, _ in reasons(case.no("give_up", DORA, reason="x"))] == ["not-allowed"]
    (reason,) = case.no("pass", ANNA).reasons
    assert (reason.code, str(reason.message)) == (
        "claimed",
        "该待办已由“dora”领取，应由其办理或先转办",
    )


def test_a_claimed_task_is_left_to_whoever_claimed_it_until_the_case_moves_on() -> None:
    case = walk()
    case.do(claim(ANNA))
    emil = Actor("emil", "north")
    assert [code for code, _ in reasons(case.no("finish", emil, SIGNED))] == ["claimed"]
    case.take("finish", ANNA, SIGNED)
    assert case.case.assignee is None


def test_every_condition_that_is_not_met_is_told_at_once_with_its_basis_and_clause() -> None:
    refusal = walk().no("finish", BELA, {"visited_on": "2024-09-02", "signed_by": ["bela"]})
    assert [(r.code, str(r.message), r.basis, r.clause) for r in refusal.reasons[1:]] == [
        ("guard", "至少两名检查人员签字", "某条例 第十六条", "form.signed_by | length >= 2"),
        ("guard", "签字人不是派定的检查人员", "某条例 第十七条", "within(form.signed_by, inspectors)"),
    ]
    assert refusal.reasons[0].code == "not-allowed"
    assert str(refusal).splitlines()[0] == "不能办理“完成检查”："
    assert "  - 至少两名检查人员签字（依据：某条例 第十六条）" in str(refusal).splitlines()


def test_a_form_that_cannot_stand_is_told_with_the_other_reasons() -> None:
    refusal = walk(state="entered").no("send_back", DORA, {"text": "x"}, reason="  ")
    assert reasons(refusal) == [
        ("not-allowed", "“dora”不能办理“退回”：该步骤由北片股的经办人办理"),
        ("reason", "“退回”须说明理由"),
        ("form", "“退回”没有表单，不应提交表单内容"),
    ]
    assert reasons(walk().no("finish", BELA)) == [
        ("not-allowed", "“bela”不能办理“完成检查”：该步骤由检查人员（anna、emil）办理"),
        ("form", "须填写《检查记录》（record）"),
    ]


def test_a_reason_is_kept() -> None:
    case = walk(state="entered")
    assert case.take("send_back", ANNA, reason="缺签字").reason == "缺签字"
    assert case.state == "assigned"


def test_a_step_without_a_target_leaves_the_case_where_it_is() -> None:
    case = walk()
    entered = case.case.entered_at
    case.do(claim(ANNA))
    case.at("2024-09-03").take("note", ANNA, {"text": "电话联系"})
    assert (case.state, case.case.entered_at, case.case.assignee) == ("assigned", entered, "anna")
    assert case.case.forms == {"remark": {"text": "电话联系"}}


def test_a_form_of_voluntary_questions_may_be_left_out() -> None:
    case = walk()
    case.take("note", ANNA)
    assert case.case.forms == {"remark": {}}


@pytest.mark.parametrize(
    ("risk", "title", "state"), [("low", "签批", "closed"), ("high", "签批并等待", "waiting")]
)
def test_the_first_whose_when_holds_is_taken(risk: str, title: str, state: str) -> None:
    case = walk(state="checked", fields={"risk": risk})
    assert case.take("sign", DORA).title == title
    assert case.state == state


def test_when_none_holds_all_their_clauses_are_named() -> None:
    (reason,) = walk(state="checked").no("sign", DORA).reasons
    assert (reason.code, str(reason.message), reason.clause) == (
        "guard",
        "“签批”的条件均不成立",
        "case.risk == 'low'; case.risk == 'high'",
    )


def test_a_step_the_state_does_not_have_is_answered_with_those_it_has() -> None:
    (reason,) = walk(state="entered").no("finish", ANNA).reasons
    assert reason.code == "state"
    assert str(reason.message) == ("环节“待审核”没有“finish”；现在可办：审核通过（pass）、退回（send_back）")
    assert reasons(walk().no("nonsense", ANNA))[0][0] == "state"


def test_the_steps_of_the_engine_are_its_own() -> None:
    case = walk(state="waiting", fields={"risk": "low"})
    assert reasons(case.no("go_on", DORA)) == [("not-allowed", "“继续”由系统自动办理")]
    assert case.take("go_on", SELF).change.final
    assert case.state == "closed"


def test_the_engine_needs_no_permission_but_its_conditions() -> None:
    (reason,) = walk(state="waiting").no("go_on", SELF).reasons
    assert (reason.code, reason.clause) == ("guard", "case.risk == 'low'")
    assert SELF.id == ENGINE


def test_nothing_is_done_on_a_closed_or_suspended_case() -> None:
    case = walk(state="entered")
    case.take("give_up", CARL, reason="企业注销")
    assert reasons(case.no("pass", ANNA)) == [("closed", "案件已办结（已办结）")]
    assert reasons(case.not_done(claim(ANNA))) == [("closed", "案件已办结（已办结）")]
    case = walk()
    case.do(suspend(CARL))
    assert reasons(case.no("finish", ANNA, SIGNED)) == [("suspended", "案件已挂起，须先恢复")]
    assert reasons(case.not_done(claim(ANNA))) == [("suspended", "案件已挂起，须先恢复")]


def test_a_refusal_changes_nothing_and_is_plain_for_programs() -> None:
    case = walk()
    before = case.case
    body = case.no("finish", BELA, {"visited_on": "明天"}).as_json()
    assert case.case is before
    assert (body["case"], body["attempt"]) == ("visit-1", "完成检查")
    assert [(reason["code"], reason.get("field")) for reason in body["reasons"]] == [
        ("not-allowed", None),
        ("form", "visited_on"),
    ]


def test_a_condition_without_an_answer_is_a_reason_and_not_an_accident() -> None:
    flow = FLOW.replace("within(form.signed_by, inspectors)", "days_between(form.visited_on, today) + 1 > 0")
    case = Walk(flow, RECORD, REMARK, parties={"inspectors": TEAM})
    case.facts = {"people": {}}
    command = Advance(step="finish", actor=ANNA, answers=SIGNED)
    assert isinstance(case.try_(command.step, ANNA, SIGNED), Decision)
    case = Walk(
        flow.replace("form.visited_on, today", "case.checked_on, today"),
        RECORD,
        REMARK,
        parties={"inspectors": TEAM},
    )
    (reason,) = case.no("finish", ANNA, SIGNED).reasons
    assert (reason.code, str(reason.message)) == ("guard", "签字人不是派定的检查人员")
    assert reason.clause == "days_between(case.checked_on, today) + 1 > 0"


def test_the_next_step_reads_the_answers_of_this_one_from_its_form() -> None:
    flow = FLOW.replace(
        "to: checked}",
        "to: checked, require: [{that: forms.record.visited_on <= today, else: 未到, basis: 某法}]}",
    )
    case = Walk(flow, RECORD, REMARK, parties={"inspectors": TEAM})
    case.facts = {"people": {person: {"id": person} for person in TEAM}}
    case.take("finish", ANNA, {**SIGNED, "visited_on": "2024-09-03"})
    assert reasons(case.no("pass", ANNA)) == [("guard", "未到")]
    # 02:00 in Shanghai is still the day before in UTC.
    case.at("2024-09-03 02:00").take("pass", ANNA)


def test_a_change_carries_every_field_of_a_case_over() -> None:
    """`evolve` names every field of a case: one that is added must not be lost."""
    at = shanghai("2024-09-02")
    case = Case(
        id="x-1",
        workflow="x",
        version=2,
        state="open",
        rev=1,
        head="h",
        title="件",
        section="one",
        opened_at=at,
        entered_at=at,
        parent="p",
        closed_at=at,
        suspended_at=at,
        held=timedelta(hours=1),
        assignee="anna",
        subject={"id": "E1"},
        fields={"a": 1},
        forms={"f": {}},
        parties={"p": ("anna",)},
        clocks={
            "c": RunningClock(started_at=at, counted_from=at, due_on=at.date(), due_at=at, provisional=False)
        },
        signing={"s": Signing(added=("anna",))},
        asked={"void": {"by": "anna"}},
        branches={"b": {"by": "anna"}},
        entrusted={"by": "anna", "to": "carl"},
        copies={"carl": {"by": "anna"}},
        to_review={"f.a": "removed"},
        personal=KeptTexts("k", {"x": "甲"}),
        last_at=at + timedelta(hours=1),
        opened_by="anna",
    )
    for name in Case.__dataclass_fields__:
        assert getattr(case, name), name
    assert evolve(case, Change(), at, 2, "i") == replace(case, rev=2, head="i", last_at=None)
