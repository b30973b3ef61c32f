from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from migration_factories import FLOW, FORM, OPENED, case, day, history, process

from engine.lifecycle.case import Case, RunningClock, evolve
from engine.lifecycle.deadlines.schedule import paused
from engine.lifecycle.forms.signature import Signature, Signing
from engine.lifecycle.migration.plan import MigrationPlan, plan_migration
from engine.lifecycle.migration.rename_map import RenameMap
from engine.lifecycle.process import Process

OLD = process()


def planned(new: Process, one: Case, renames: RenameMap | None = None) -> MigrationPlan:
    return plan_migration(OLD, new, one, renames or RenameMap(), day("2024-09-10"), {}, history())


def reasons(plan: MigrationPlan) -> list[str]:
    return [str(reason) for reason in plan.reasons]


def test_a_case_stays_where_it_is_under_another_name() -> None:
    new = process(FLOW.replace("open", "waiting"), version=2)
    one = case(OLD, assignee="anna", signing={"finish": Signing(signed=(Signature("anna", OPENED),))})
    plan = planned(new, one, RenameMap(states={"open": "waiting"}, clocks={"open": "waiting"}))
    assert reasons(plan) == []
    after = evolve(one, plan.change, day("2024-09-10"), 2, "x")
    assert (after.state, after.version, after.entered_at, after.assignee) == ("waiting", 2, OPENED, "anna")
    assert after.signing == one.signing
    assert list(after.clocks) == ["waiting"]


def extended(of: RunningClock) -> RunningClock:
    """Return it extended by five units."""
    return OLD.time.recounted(
        OLD.workflow.clocks["open"], replace(of, extended_by=5, times_extended=1), OPENED
    )


#: What has happened to the deadline of a state before the state gets another name.
READINGS: dict[str, Callable[[RunningClock], RunningClock]] = {
    "nothing": lambda one: one,
    "extended": extended,
    "reminded": lambda one: OLD.time.arm(
        OLD.workflow.clocks["open"], replace(one, step=1), day("2024-09-24"), 1
    ),
    "escalated": lambda one: OLD.time.arm(
        OLD.workflow.clocks["open"], replace(one, step=4), day("2024-10-09"), 4
    ),
    "announced": lambda one: replace(extended(one), announced=((one.due_at, 2),)),
    "paused before": lambda one: paused(one, day("2024-09-03"), day("2024-09-05")),
}


@pytest.mark.parametrize("happened", READINGS)
@pytest.mark.parametrize("said", [{}, {"clocks": {"open": "waiting"}}], ids=["state", "state and deadline"])
def test_the_deadline_of_a_state_keeps_all_it_has_under_the_other_name(
    happened: str, said: dict[str, dict[str, str]]
) -> None:
    new = process(FLOW.replace("open", "waiting"), version=2)
    running = READINGS[happened](case(OLD).clocks["open"])
    running = OLD.time.recounted(OLD.workflow.clocks["open"], running, OPENED) if running.pauses else running
    one = case(OLD, clocks={"open": running})
    plan = planned(new, one, RenameMap.from_json({"states": {"open": "waiting"}, **said}))
    assert reasons(plan) == []
    assert evolve(one, plan.change, day("2024-09-10"), 2, "x").clocks == {"waiting": running}
    assert plan.renames.clocks == {"open": "waiting"}


def test_what_hangs_on_the_deadline_of_a_renamed_state_goes_along() -> None:
    flow = FLOW.replace(
        "suspend: {by: clerk}", "return: {by: clerk}, suspend: {by: clerk, pauses: [open]}"
    ).replace(
        "transitions:",
        "clocks:\n  early: {title: 预报, during: [open], deadline: 2 working days before open}\ntransitions:",
    )
    old = process(flow)
    new = process(flow.replace("open", "waiting"), version=2)
    rule = old.workflow.clocks["early"]
    own = case(old).clocks["open"]
    early = old.time.start(rule, OPENED, clocks={"open": own})
    asked = {"extend": {"by": "anna", "count": 3, "clock": "open"}, "return": {"by": "anna", "to": "open"}}
    one = case(old, clocks={"open": own, "early": early}, asked={"extend": asked["extend"]})
    plan = plan_migration(
        old,
        new,
        replace(one, suspended_at=day("2024-09-09")),
        RenameMap(states={"open": "waiting"}),
        day("2024-09-10"),
        {},
        history(),
    )
    assert reasons(plan) == []
    after = evolve(one, plan.change, day("2024-09-10"), 2, "x")
    assert after.asked == {"extend": {"by": "anna", "count": 3, "clock": "waiting"}}
    assert after.clocks == {"waiting": own, "early": early}
    # A state somebody is to be sent back to is called as it is called now, too.
    sent = case(old, asked={"return": asked["return"]})
    found = plan_migration(
        old, new, sent, RenameMap(states={"open": "waiting"}), day("2024-09-10"), {}, history()
    )
    assert found.change.asked == {"return": {"by": "anna", "to": "waiting"}}


def test_a_state_that_is_gone_is_named_with_a_likely_other_name() -> None:
    new = process(FLOW.replace("open", "waiting"), version=2)
    plan = planned(new, case(OLD))
    assert reasons(plan) == ["新版没有环节“待查”（open）；须写明改为哪个环节 是不是改名为“waiting”？"]
    assert reasons(planned(process(version=2), case(OLD), RenameMap(states={"open": "closed"})))[
        0
    ].startswith("“完”在新版是终点")


def test_what_is_under_way_keeps_a_case() -> None:
    new = process(
        FLOW.replace("finish", "end").replace("suspend: {by: clerk}, resume: {by: clerk}, ", ""), version=2
    )
    signing = {"finish": Signing(signed=(Signature("anna", OPENED),))}
    assert reasons(planned(new, case(OLD, signing=signing))) == [
        "“finish”正在会签，新版此环节没有这一步；须先签完或撤回"
    ]
    moved = planned(new, case(OLD, signing=signing), RenameMap(steps={"finish": "end"}))
    assert moved.reasons == ()
    assert moved.change.signing == {"finish": None, "end": signing["finish"]}
    asked = {"suspend": {"by": "anna"}}
    assert reasons(planned(new, case(OLD, asked=asked))) == [
        "挂起的申请待批准，新版此环节不能办；须先批准或驳回"
    ]
    assert reasons(planned(new, case(OLD, suspended_at=OPENED))) == [
        "案件已挂起，新版此环节不能恢复；须先恢复"
    ]
    other = process(
        FLOW.replace("suspend: {by: clerk}", "return: {by: clerk}, suspend: {by: clerk, pauses: [open]}"),
        version=2,
    )
    assert reasons(planned(other, case(OLD, suspended_at=OPENED))) == [
        "案件已挂起，新版挂起时停计的时限不同；须先恢复"
    ]


def test_answers_that_changed_are_marked() -> None:
    new = process(form=FORM + "  - reply: {title: 答复}\n", version=2)
    one = case(OLD, forms={"visit": {"level": "low", "count": 3}})
    plan = planned(new, one)
    assert plan.change.to_review == {"visit.reply": "unanswered"}
    after = evolve(one, plan.change, day("2024-09-10"), 2, "x")
    assert after.to_review == {"visit.reply": "unanswered"}
    assert (
        evolve(
            after, replace(plan.change, version=None, to_review={}, form="visit"), OPENED, 3, "y"
        ).to_review
        == {}
    )
