from __future__ import annotations

from datetime import timedelta

from visit_bureau import unit, visit_bureau

from engine.app.audit.health_numbers import health_numbers
from engine.app.audit.seals import seal
from engine.language import say


def test_a_deployment_in_numbers() -> None:
    bureau = visit_bureau()
    with bureau.look() as transaction:
        fresh = health_numbers(transaction, bureau.clock.now())
    assert (fresh.open_cases, fresh.overdue, fresh.timers, fresh.sweep_lag, fresh.seal_age) == (
        {"plan": 0, "visit": 0},
        0,
        0,
        0.0,
        None,
    )
    plan, visit = bureau.start("plan"), bureau.start("visit")
    bureau.no(visit, "send", "bela")
    seal(bureau.application)
    case = bureau.case(plan)
    with unit(bureau) as uow:
        uow.tell(case, ["anna"], say("请办理"), "notify")
    (due,) = bureau.timers(plan).values()
    bureau.clock.set(due + timedelta(days=1))
    with bureau.look() as transaction:
        numbers = health_numbers(transaction, bureau.clock.now())
        assert numbers.events == transaction.events.count()
    assert (numbers.open_cases, numbers.overdue, numbers.timers) == ({"plan": 1, "visit": 1}, 1, 1)
    assert (numbers.sweep_lag, numbers.refusals, numbers.timer_incidents) == (86400.0, 1, 0)
    # The notice, and word of two new tasks.
    assert numbers.outbox[("message", "waiting")] == 3
    assert numbers.seal_age == (bureau.clock.now() - case.opened_at).total_seconds()
