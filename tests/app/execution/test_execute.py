from __future__ import annotations

import pytest
from bureau_factories import Bureau
from visit_bureau import unit, visit_bureau

from engine.app.execution.execute import execute
from engine.app.people.directory import find_actor
from engine.app.session.refused import CommandRefused
from engine.lifecycle.case import Case
from engine.lifecycle.command import Actor, Advance, Command
from engine.lifecycle.verbs.void import Void
from engine.lifecycle.verbs.withdraw import Withdraw

ASKED = """
workflow: asked
title: 申请件
about: none
initial: open
start: {by: clerk}
verbs:
  void: {by: clerk, to: void, approve: clerk}
  withdraw: {}
states:
  open: {title: 待办, for: clerk}
  checking: {title: 待审核, for: chief}
  closed: {title: 已办结, final: true}
  void: {title: 已作废, final: true}
transitions:
  - {do: send, title: 送审, from: open, to: checking}
  - {do: accept, title: 通过, from: checking, to: closed}
"""


def actor(bureau: Bureau, person: str) -> Actor:
    with bureau.look() as transaction:
        found = find_actor(transaction, person)
    assert found is not None
    return found


def did(bureau: Bureau, case: str, command: Command) -> Case:
    with unit(bureau) as uow:
        found = uow.case(case)
        assert found is not None
        return execute(uow, found, command)


def no(bureau: Bureau, case: str, command: Command) -> list[str]:
    before = bureau.case(case)
    with pytest.raises(CommandRefused) as refused:
        did(bureau, case, command)
    assert bureau.case(case) == before
    return [str(reason.message) for reason in refused.value.refusal.reasons]


def test_a_step_and_its_refusal() -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    assert did(bureau, case, Advance(step="send", actor=actor(bureau, "anna"))).state == "checking"
    assert no(bureau, case, Advance(step="finish", actor=actor(bureau, "anna"))) == [
        "“anna”不能办理“办结”：该步骤由北片股的股室负责人办理"
    ]


def test_withdrawing_knows_the_history() -> None:
    bureau = visit_bureau(ASKED)
    case = bureau.start("asked")
    assert no(bureau, case, Withdraw(actor=actor(bureau, "anna"))) != []
    bureau.take(case, "send")
    assert did(bureau, case, Withdraw(actor=actor(bureau, "anna"))).state == "open"


def test_what_only_the_asker_could_approve_is_refused() -> None:
    bureau = visit_bureau(ASKED)
    case = bureau.start("asked")
    bureau.leaves("anton")
    command = Void(actor=actor(bureau, "anna"), reason="有误")
    assert no(bureau, case, command) == ["除申请人以外，没有可以批准作废的人（北片股的经办人）"]


def test_what_another_can_approve_is_asked_for() -> None:
    bureau = visit_bureau(ASKED)
    case = bureau.start("asked")
    assert did(bureau, case, Void(actor=actor(bureau, "anna"), reason="有误")).state == "open"
    assert bureau.kinds(case) == ["started", "asked"]


def test_open_children_end_with_their_parent_where_they_may() -> None:
    bureau = visit_bureau()
    plan = bureau.start("plan")
    bureau.take(plan, "dispatch")
    assert did(bureau, plan, Void(actor=actor(bureau, "anna"), reason="有误")).state == "void"
    assert {case.state for case in bureau.cases("visit")} == {"void"}
    assert bureau.findings() == []


def test_open_children_keep_their_parent_where_they_may_not_end() -> None:
    bureau = visit_bureau()
    plan = bureau.start("plan")
    bureau.take(plan, "start_one")
    assert no(bureau, plan, Void(actor=actor(bureau, "anna"), reason="有误")) == [
        "还有 1 件子件未办结：检查（visit-1）；须先办结或作废"
    ]
