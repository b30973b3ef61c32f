"""Who has just approved need not record it: the engine takes the step for them, once, where it holds for them."""

from __future__ import annotations

from dataclasses import replace

from bureau_factories import Bureau
from visit_bureau import unit

from engine.app.execution.same_approver import skipped_step
from engine.lifecycle.command import Actor

FLOW = """
workflow: errand
title: 差事
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待批准, for: chief}
  recording: {title: 待备案, for: [chief, deputy]}
  done: {title: 办结, final: true}
transitions:
  - {do: approve, title: 批准, from: open, to: recording}
  - {do: record, title: 备案, from: recording, to: done, same_approver: skip}
  - {do: back, title: 退回, from: recording, to: open}
"""


def test_the_step_of_the_same_person_is_taken_for_them() -> None:
    bureau = Bureau(FLOW)
    case = bureau.start("errand")
    bureau.take(case, "approve", "carl")
    assert bureau.state(case) == "done"
    last = bureau.events(case)[-1]
    assert (last.actor, last.body["step"], last.body["for"], last.body["same_approver"]) == (
        "engine",
        "record",
        "carl",
        True,
    )


def test_it_is_decided_as_if_they_took_it_and_each_step_once() -> None:
    bureau = Bureau(FLOW)
    case_id = bureau.start("errand")
    with unit(bureau) as uow:
        case = uow.case(case_id)
        assert case is not None
        process = uow.process(case)
        at = replace(case, state="recording")
        uow.movers[case_id] = (Actor("anna", "north", frozenset({"clerk"})), set())
        assert skipped_step(uow, process, at) is None
        uow.movers[case_id] = (Actor("carl", "north", frozenset({"chief"})), set())
        decision = skipped_step(uow, process, at)
        assert decision is not None
        assert (decision.step, decision.notes) == ("record", {"for": "carl", "same_approver": True})
        assert skipped_step(uow, process, at) is None
        assert skipped_step(uow, process, case) is None
