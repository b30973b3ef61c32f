"""Taking a step: everything that stands in its way at once, and what follows when nothing does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from walk_factories import ANNA, BELA, CARL, DORA, SELF, Walk, process_of, reasons, shown

from engine.kernel.refusal import Refusal
from engine.lifecycle.advance import advance
from engine.lifecycle.case import EventKind
from engine.lifecycle.command import Actor, Advance
from engine.lifecycle.decision import Decision

FLOW = """
workflow: visit
title: 检查
about: object
basis: 总则
initial: open
start: {by: clerk}
parties: {team: 检查组}
fields:
  - risk: {title: 风险}
  - served: {title: 送达, type: date}
states:
  open: {title: 待检查, for: team}
  review: {title: 待审核, for: chief}
  served: {title: 待执行, for: clerk}
  waiting: {title: 等待}
  done: {title: 办结, final: true}
clocks:
  visit_due: {title: 检查时限, during: open, deadline: 3 days, basis: 某法 第三条, late_reason: true}
  serve_due: {title: 执行时限, during: served, deadline: 5 days, since: case.served}
transitions:
  - do: report
    title: 上报
    from: open
    to: review
    form: sheet
    require:
      - {that: form.n >= 2, else: 数量不足, basis: 某法 第一条}
      - {that: "'anna' in collect(team, it.id)", else: 安娜不在检查组}
    warn: [{that: filled(form.note), else: 没有备注}]
    then: [{set: {risk: low}}]
  - {do: note, title: 记录, from: open, form: remark}
  - {do: look, title: 看一看, from: open}
  - {do: stop, title: 终止, from: open, to: done, reason: true}
  - {do: close, title: 办结, from: review, to: done, when: case.risk == 'low'}
  - {do: close, title: 移送, from: review, to: waiting, when: case.risk == 'high'}
  - {do: serve, title: 送达, from: review, to: served}
  - {do: both, title: 会签, from: review, to: done, form: sheet, sign: {mode: all, by: team}}
  - {do: either, title: 会签留存, from: review, sign: {mode: any, by: team}}
  - {do: finish, title: 完成, from: served, to: done}
  - {do: go_on, title: 继续, from: waiting, to: done, automatic: true}
  - {do: lapse, title: 到期, from: waiting, to: done, after: 3 days}
"""
SHEET = """
form: sheet
title: 记录表
basis: 某办法 第五条
fields:
  - n: {title: 数量, type: integer}
  - note: {title: 备注, optional: true}
"""
REMARK = "form: remark\ntitle: 补充\nfields:\n  - text: {title: 内容, optional: true}\n"
PROCESS = process_of(FLOW, SHEET, REMARK)
TEAM = ("anna", "emil")


def walk(**new: Any) -> Walk:
    return Walk("", process=PROCESS, parties={"team": TEAM}, **new)


def take(case: Walk, step: str, actor: Actor = ANNA, answers: Any = None, **how: Any) -> Decision | Refusal:
    """Ask the module itself, without the decision core around it."""
    return advance(PROCESS, case.case, Advance(step=step, actor=actor, answers=answers, **how), case.now)


def taken(case: Walk, step: str, actor: Actor = ANNA, answers: Any = None, **how: Any) -> Decision:
    outcome = take(case, step, actor, answers, **how)
    assert isinstance(outcome, Decision), str(outcome)
    return outcome


def refused(case: Walk, step: str, actor: Actor = ANNA, answers: Any = None, **how: Any) -> Refusal:
    outcome = take(case, step, actor, answers, **how)
    assert isinstance(outcome, Refusal)
    return outcome


def test_a_step_that_is_taken_says_all_that_follows() -> None:
    case = walk()
    decision = taken(case, "report", answers={"n": "3"})
    assert (decision.kind, decision.step, decision.title) == (EventKind.ADVANCED, "report", "上报")
    change = decision.change
    assert (change.state, change.final, change.form, change.answers) == ("review", False, "sheet", {"n": 3})
    assert change.clocks == {"visit_due": None}
    assert [effect.kind for effect in decision.effects] == ["set"]
    assert decision.scope["form"] == {"n": 3}
    assert decision.scope["forms"]["sheet"] == {"n": 3}
    assert [(w.code, str(w.message)) for w in decision.warnings] == [("guard", "没有备注")]
    assert (decision.notes, decision.reason) == ({}, None)


def test_all_that_stands_in_the_way_is_told_at_once() -> None:
    case = walk()
    found = refused(case, "report", BELA, {"n": 1})
    assert [(r.code, r.basis) for r in found.reasons] == [
        ("not-allowed", "总则"),
        ("guard", "某法 第一条"),
    ]
    assert (found.case, found.attempt) == ("visit-1", "上报")
    assert found.reasons[1].clause == "form.n >= 2"


def test_a_form_that_cannot_stand_is_refused_before_conditions_look_at_it() -> None:
    assert reasons(refused(walk(), "report", BELA, {"n": "x"})) == [
        ("not-allowed", "“bela”不能办理“上报”：该步骤由检查组（anna、emil）办理"),
        ("form", "“数量”应为整数，实为“x”"),
    ]
    missing = refused(walk(), "report")
    assert reasons(missing) == [("form", "须填写《记录表》（sheet）")]
    assert missing.reasons[0].basis == "某办法 第五条"


def test_a_step_without_a_form_takes_no_answers_and_a_voluntary_form_may_be_left_out() -> None:
    assert reasons(refused(walk(), "look", answers={"n": 1})) == [
        ("form", "“看一看”没有表单，不应提交表单内容")
    ]
    assert taken(walk(), "look", answers={}).change.answers is None
    assert taken(walk(), "note").change.answers == {}


def test_a_reason_is_asked_for_where_the_step_says_so() -> None:
    for reason in (None, "", "  "):
        assert reasons(refused(walk(), "stop", reason=reason)) == [("reason", "“终止”须说明理由")]
    decision = taken(walk(), "stop", reason="注销")
    assert (decision.reason, decision.change.final) == ("注销", True)


def test_a_step_that_goes_nowhere_leaves_the_state_alone() -> None:
    change = taken(walk(), "note", answers={"text": "甲"}).change
    assert (change.state, change.final, change.clocks) == (None, False, {})


@pytest.mark.parametrize(("risk", "title", "state"), [("low", "办结", "done"), ("high", "移送", "waiting")])
def test_the_first_that_may_be_taken_is(risk: str, title: str, state: str) -> None:
    case = walk(state="review", fields={"risk": risk})
    decision = taken(case, "close", CARL)
    assert (decision.title, decision.change.state) == (title, state)


def test_where_none_may_all_their_clauses_are_named() -> None:
    found = refused(walk(state="review", fields={"risk": "other"}), "close", CARL)
    assert [(r.code, str(r.message), r.clause) for r in found.reasons] == [
        ("guard", "“办结”的条件均不成立", "case.risk == 'low'; case.risk == 'high'")
    ]


def test_nothing_is_done_where_nothing_can_be() -> None:
    case = walk()
    assert reasons(refused(case, "nonsense")) == [
        (
            "state",
            "环节“待检查”没有“nonsense”；现在可办：上报（report）、记录（note）、看一看（look）、终止（stop）",
        )
    ]
    waiting = walk(state="waiting")
    assert reasons(refused(waiting, "nonsense")) == [
        ("state", "环节“等待”没有“nonsense”；此环节等待系统推进")
    ]
    suspended = walk(suspended_at=case.now)
    assert reasons(refused(suspended, "look")) == [("suspended", "案件已挂起，须先恢复")]
    closed = walk(state="done", closed_at=case.now)
    assert reasons(refused(closed, "look")) == [("closed", "案件已办结（办结）")]


@pytest.mark.parametrize(("step", "title"), [("go_on", "继续"), ("lapse", "到期")])
def test_steps_of_the_engine_are_taken_by_nobody_else(step: str, title: str) -> None:
    case = walk(state="waiting")
    assert reasons(refused(case, step, DORA)) == [("not-allowed", f"“{title}”由系统自动办理")]
    assert taken(case, step, SELF).change.state == "done"


def test_a_claimed_task_is_left_to_who_claimed_it_or_who_stands_in_for_them() -> None:
    case = walk(assignee="emil")
    assert reasons(refused(case, "look")) == [("claimed", "该待办已由“emil”领取，应由其办理或先转办")]
    emil = Actor("emil", "north")
    assert taken(case, "look", emil).notes == {}
    eva = Actor("eva", "north", principals=(emil,))
    assert taken(case, "look", eva).notes == {"for": "emil"}


def test_who_stands_in_for_another_is_looked_at_in_their_place() -> None:
    case = walk()
    bela = Actor("bela", principals=(Actor("anna"),))
    # The condition asks for anna, in whose place bela is now.
    found = refused(case, "report", bela, {"n": 2}, facts={"people": {p: {"id": p} for p in TEAM}})
    assert reasons(found) == [("guard", "安娜不在检查组")]


def test_a_late_clock_that_stops_asks_for_a_reason_except_of_the_engine() -> None:
    case = walk().at("2024-09-10")
    found = refused(case, "report", answers={"n": 2})
    assert reasons(found) == [("reason", "“检查时限”应于2024-09-05办结，已逾期，须说明逾期原因")]
    assert found.reasons[0].basis == "某法 第三条"
    assert taken(case, "report", answers={"n": 2}, reason="企业搬迁").reason == "企业搬迁"
    # A step that does not stop the clock asks for none.
    assert taken(case, "look").reason is None
    assert isinstance(take(case, "report", SELF, {"n": 2}), Decision)


def test_a_clock_that_cannot_be_counted_is_a_reason() -> None:
    found = refused(walk(state="review", fields={"served": "soon"}), "serve", CARL)
    assert reasons(found) == [("clock", "时限“执行时限”的起算日应为日期，实为“soon”")]
    started = taken(walk(state="review", fields={"served": "2024-09-10"}), "serve", CARL).change.clocks
    clock = started["serve_due"]
    assert clock is not None
    assert shown(clock.due_at - timedelta(days=1)) == "2024-09-15 00:00"


def test_a_step_several_sign_waits_for_all_and_all_sign_the_same() -> None:
    case = walk(state="review")
    first = taken(case, "both", ANNA, {"n": 2})
    assert (first.kind, first.change.state) == (EventKind.SIGNED, None)
    assert first.notes["waiting"] == ["emil"]
    assert [one["person"] for one in first.notes["signatures"]] == ["anna"]
    case.apply(first, ANNA)
    emil = Actor("emil", "north")
    assert reasons(refused(case, "both", emil, {"n": 3})) == [
        ("signed", "“会签”的表单已由anna签署，内容不能再改")
    ]
    last = taken(case, "both", emil)
    assert (last.kind, last.change.state, last.change.answers) == (EventKind.ADVANCED, "done", {"n": 2})
    assert [one["person"] for one in last.notes["signatures"]] == ["anna", "emil"]
    assert "waiting" not in last.notes
    assert reasons(refused(case, "both", BELA))[0][0] == "not-allowed"


def test_a_signed_step_that_stays_in_its_state_forgets_its_signatures() -> None:
    decision = taken(walk(state="review"), "either", ANNA)
    assert decision.kind is EventKind.ADVANCED
    assert decision.change.signing == {"either": None}


def test_the_signature_of_who_stands_in_counts_as_the_others() -> None:
    eva = Actor("eva", principals=(Actor("emil"),))
    assert taken(walk(state="review"), "either", eva).notes["for"] == "emil"
