"""One opening of a plan for the draw, its forecast and its trial."""

from __future__ import annotations

from draws_fixtures import BATCH, Desk

from engine.app.draws.forecast import plan_ahead
from engine.app.draws.plan_commitment import open_plan
from engine.draw.commitment import NO_HEAD


def test_a_plan_is_opened_as_it_is_committed_to(desk: Desk) -> None:
    with desk.unit() as uow:
        case = desk.case()
        plan = plan_ahead(uow, case)[2]
        opened = open_plan(
            plan, batch_id=BATCH, purpose=case.title, entropy_rule="掷骰", entropy_sources=["dice:24"]
        )
    assert (opened.objects, opened.people, opened.experts) == plan.rendered()
    commitment = opened.commitment
    assert (commitment.batch_id, commitment.draw_no, commitment.entropy_sources) == (BATCH, 1, ("dice:24",))
    assert commitment.previous_log_head == NO_HEAD
    desk.committed()
    kept = desk.record().parsed
    assert (kept.objects, kept.people, kept.rules, kept.quotas) == (
        commitment.objects,
        commitment.people,
        commitment.rules,
        commitment.quotas,
    )
