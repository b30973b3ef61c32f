from __future__ import annotations

import pytest
from visit_bureau import decided, effect, unit, value, visit_bureau

from engine.app.execution import apply
from engine.app.execution.apply import apply_decision, run_automatic_steps, start_cases
from engine.app.session.new_case import NewCase
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import Actor
from engine.lifecycle.deadlines.escalation import Handover
from engine.lifecycle.process import STUCK

ANNA = Actor("anna", "north")


def test_what_was_decided_stands_in_the_event() -> None:
    bureau = visit_bureau()
    plan = bureau.case(bureau.start("plan"))
    decision = decided(
        scope={"case": {}},
        reason="理由",
        effects=(
            effect("set", set={"total": value(2)}),
            effect("assign", assign={"inspectors": value("insp-1")}),
        ),
        warnings=(RefusalReason("w", say("请注意")),),
        notices=(("chief", say("已办理")),),
        notes={"for": "anton", "asked": "bela"},
    )
    with unit(bureau) as uow:
        after = apply_decision(uow, plan, decision, ANNA)
        assert [str(one) for one in uow.warnings] == ["请注意"]
    assert (after.rev, after.fields, after.parties) == (2, {"total": 2}, {"inspectors": ("insp-1",)})
    body = bureau.events(plan.id)[-1].body
    assert {name: body[name] for name in ("step", "title", "reason", "warnings", "for", "asked_by")} == {
        "step": "test",
        "title": "办理",
        "reason": "理由",
        "warnings": ["请注意"],
        "for": "anton",
        "asked_by": "bela",
    }
    assert bureau.mail("carl") == ["已办理"]
    assert bureau.findings() == []


def test_a_handover_gives_the_task_to_one_holder() -> None:
    bureau = visit_bureau()
    visit = bureau.case(bureau.start("visit"))
    decision = decided(kind=EventKind.ESCALATED, handover=Handover("clerk", say("交您办理")))
    with unit(bureau) as uow:
        after = apply_decision(uow, visit, decision, ANNA)
    assert after.assignee == "anna"
    assert bureau.events(visit.id)[-1].body["effects"] == {"handed_to": "anna"}
    assert bureau.mail("anna") == ["交您办理"]


def test_a_parent_goes_on_once_its_last_child_has_ended() -> None:
    bureau = visit_bureau()
    plan = bureau.start("plan")
    bureau.take(plan, "dispatch")
    first, second = bureau.cases("visit")
    for case, state in ((first, "running"), (second, "closed")):
        with unit(bureau) as uow:
            decision = decided("finish", change=Change(state="closed", final=True))
            apply_decision(uow, case, decision, ANNA)
        assert bureau.state(plan) == state
    assert bureau.events(plan)[-1].actor == "engine"


def test_an_unfinished_parent_is_only_said_to_be_released() -> None:
    bureau = visit_bureau()
    plan = bureau.start("plan")
    bureau.take(plan, "dispatch")
    first, second = bureau.cases("visit")
    with unit(bureau) as uow:
        uow.record(first, "advanced", "anna", {}, Change(state="closed", final=True))
        after = uow.record(second, "advanced", "anna", {}, Change(state="closed", final=True))
        assert run_automatic_steps(uow, after, unfinished=plan) is True
    assert bureau.state(plan) == "running"
    ended = bureau.case(second.id)
    with unit(bureau) as uow:
        assert run_automatic_steps(uow, ended) is False
    assert bureau.state(plan) == "closed"


def test_more_automatic_steps_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bureau = visit_bureau()
    plan = bureau.start("plan")
    bureau.take(plan, "dispatch")
    first, second = (case.id for case in bureau.cases("visit"))
    bureau.take(first, "finish")
    monkeypatch.setattr(apply, "MAX_AUTOMATIC_STEPS", 0)
    assert bureau.no(second, "finish") == ["自动步骤超过 0 步仍未停下：流程定义中有循环"]
    assert [bureau.state(case) for case in (plan, first, second)] == ["running", "closed", "open"]


def test_as_many_automatic_steps_as_allowed_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    bureau = visit_bureau()
    plan = bureau.start("plan")
    bureau.take(plan, "dispatch")
    first, second = (case.id for case in bureau.cases("visit"))
    monkeypatch.setattr(apply, "MAX_AUTOMATIC_STEPS", 1)
    bureau.take(first, "finish")
    bureau.take(second, "finish")
    assert bureau.state(plan) == "closed"


def test_a_suspended_case_takes_no_automatic_step() -> None:
    bureau = visit_bureau()
    plan = bureau.start("plan")
    with unit(bureau) as uow:
        found = uow.case(plan)
        assert found is not None
        after = uow.record(found, "advanced", "anna", {}, Change(state="running", suspended=True))
        assert run_automatic_steps(uow, after) is False
    assert bureau.state(plan) == "running"


def test_cases_started_for_an_effect_take_their_automatic_steps() -> None:
    bureau = visit_bureau()
    with unit(bureau) as uow:
        visits = uow.services.definitions.latest(uow.transaction, "visit")
        assert visits is not None
        started = start_cases(uow, visits, "anna", [NewCase(title="一"), NewCase(title="二")])
        assert (started.ids, started.released) == (("visit-1", "visit-2"), False)
        assert uow.spawned == 2


WAITING = """
workflow: waiting
title: 等待件
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  idle: {title: 等待子件}
  done: {title: 办结, final: true}
transitions:
  - {do: rest, title: 搁置, from: open, to: idle, then: [{start: visit, title: 检查}]}
  - do: over
    title: 完
    from: idle
    to: done
    join: {workflow: visit, reached: [closed]}
"""


def test_a_case_nothing_can_bring_on_is_looked_at() -> None:
    bureau = visit_bureau(WAITING)
    open_, idle, parent = (bureau.start("waiting") for _ in range(3))
    with unit(bureau) as uow:
        for name in (open_, idle, parent):
            case = uow.case(name)
            assert case is not None
            state = "open" if name == open_ else "idle"
            uow.record(case, "recorded", "anna", {}, Change(state=state))
    bureau.start("visit", parent=parent)
    with unit(bureau) as uow:
        found = {name: apply.waits_for_nothing(uow, bureau_case(uow, name)) for name in (open_, idle, parent)}
        assert found == {open_: False, idle: True, parent: False}
        apply._look_whether_stuck(uow, bureau_case(uow, idle))
        apply._look_whether_stuck(uow, bureau_case(uow, parent))
    assert (STUCK in bureau.timers(idle), STUCK in bureau.timers(parent)) == (True, False)


def bureau_case(uow: UnitOfWork, name: str) -> Case:
    found = uow.case(name)
    assert found is not None
    return found
