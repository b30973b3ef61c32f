from __future__ import annotations

from dataclasses import replace

from migration_factories import FLOW, FORM, OPENED, case, day, history, process

from engine.lifecycle.case import Case, evolve
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
    other = process(FLOW.replace("suspend: {by: clerk}", "suspend: {by: clerk, pauses: [open]}"), version=2)
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
