from __future__ import annotations

from bureau_factories import done
from visit_bureau import unit, visit_bureau

from engine.app.worklist.work_items import work_items, work_items_of


def test_tasks_of_a_person_of_a_section_and_late_ones() -> None:
    bureau = visit_bureau()
    plan, visit = bureau.start("plan"), bureau.start("visit")
    south = bureau.start("visit", "bela")
    done(bureau.application.claim(visit, "anton"))
    now = bureau.clock.now()
    case = bureau.case(plan)
    with unit(bureau) as uow:
        uow.escalate(case, "r:deputy")
    with bureau.look() as transaction:

        def ids(person: str) -> list[str]:
            found = work_items_of(transaction, person, now)
            assert found is not None
            return [item.task.case for item in found]

        assert [ids(person) for person in ("anna", "anton", "bela", "dora", "carl")] == [
            [plan],
            [plan, visit],
            [south],
            [plan],
            [],
        ]
        assert work_items_of(transaction, "nobody", now) is None
        assert [item.task.case for item in work_items(transaction, now)] == [plan, visit, south]
        assert [item.task.case for item in work_items(transaction, now, section="south")] == [south]
        assert [item.task.case for item in work_items(transaction, now, limit=1)] == [plan]
        first = work_items(transaction, now)[0]
        assert (set(first.holders), first.late) == ({"r:clerk@north", "r:deputy"}, False)
        assert work_items(transaction, now, overdue=True) == []
        assert first.task.due_at is not None
        (late,) = work_items(transaction, first.task.due_at, overdue=True)
        assert (late.task.case, late.late) == (plan, True)
