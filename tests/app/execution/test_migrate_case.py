from __future__ import annotations

from bureau_factories import Bureau
from visit_bureau import PLAN, VISIT, unit, visit_bureau

from engine.app.execution.migrate_case import CaseSketch, MigratedCase, migrate_case
from engine.lifecycle.case import Case
from engine.lifecycle.migration.rename_map import RenameMap


def taken(bureau: Bureau, case_id: str, version: int, renames: RenameMap | None = None) -> MigratedCase:
    """Take a case to a version."""
    with unit(bureau) as uow:
        case = uow.case(case_id)
        assert isinstance(case, Case)
        new = bureau.application.definitions.get(uow.transaction, case.workflow, version)
        return migrate_case(uow, case, new, renames or RenameMap(), "dora")


def test_what_people_see_before_and_after_is_said_and_entered() -> None:
    bureau = visit_bureau()
    bureau.start("plan")
    bureau.publish(PLAN.replace("deadline: 5 working days", "deadline: 3 working days"))
    found = taken(bureau, "plan-1", 2)
    assert found.reasons == ()
    assert isinstance(found.after, CaseSketch)
    assert (found.before.version, found.after.version) == (1, 2)
    assert [one["due_on"] for one in found.before.deadlines] == ["2024-09-09"]
    assert [one["due_on"] for one in found.after.deadlines] == ["2024-09-05"]
    last = bureau.events("plan-1")[-1]
    assert (last.kind, last.actor, last.body["from"], last.body["version"]) == ("migrated", "dora", 1, 2)
    assert found.as_json()["after"]["tasks"] == [{"for": "r:clerk@north", "due_on": "2024-09-05"}]


def test_a_child_waits_until_its_parent_no_longer_waits_for_a_state_that_is_gone() -> None:
    bureau = visit_bureau()
    bureau.start("plan")
    bureau.take("plan-1", "dispatch")
    bureau.publish(VISIT.replace("closed", "ended"), PLAN.replace("reached: [closed]", "reached: [ended]"))
    stays = taken(bureau, "visit-1", 2)
    assert [reason.code for reason in stays.reasons] == ["parent"]
    assert stays.after is None
    assert taken(bureau, "plan-1", 2).reasons == ()
    assert taken(bureau, "visit-1", 2).reasons == ()
    assert taken(bureau, "visit-2", 2).reasons == ()
    for case in ("visit-1", "visit-2"):
        bureau.take(case, "finish")
    assert bureau.state("plan-1") == "closed"


def test_a_party_nobody_was_assigned_to_keeps_a_case() -> None:
    bureau = visit_bureau()
    bureau.start("plan")
    bureau.publish(PLAN.replace("title: 草拟\n    for: clerk", "title: 草拟\n    for: inspectors", 1))
    found = taken(bureau, "plan-1", 2)
    assert [str(reason) for reason in found.reasons] == ["新版此环节由检查人员办理，本件没有指派"]


def test_the_engine_takes_the_steps_that_the_new_version_lets_it_take() -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    bureau.publish(VISIT.replace("title: 送审, from: open", "title: 送审, automatic: true, from: open"))
    found = taken(bureau, case, 2)
    assert found.after is not None
    assert found.after.state == bureau.state(case) == "checking"
    assert bureau.kinds(case)[-2:] == ["migrated", "advanced"]
