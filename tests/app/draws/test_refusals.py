"""Refused attempts in the log of the draw they were about."""

from __future__ import annotations

from typing import Any

from draws_fixtures import BATCH, DICE, Desk
from v2_factories import committed
from visit_bureau import unit, visit_bureau

from engine.app.draws.refusals import attempts, note_refused
from engine.app.draws.v2 import stored
from engine.app.history.requests import CommandRequest
from engine.draw.v2.log import PublicLog
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say


def noted(desk: Desk, **words: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    reason = RefusalReason("state", say("还没有抽取"))
    with desk.unit() as uow:
        order = CommandRequest("advance", BATCH, "drawer", words)
        note_refused(uow, desk.case(), order, Refusal(BATCH, "", (reason,)))
    return [(one.step, one.actor, one.reasons) for one in attempts(desk.record())]


def test_a_step_about_the_draw_is_noted_and_another_is_not(desk: Desk) -> None:
    desk.committed()
    assert noted(desk, step="draw_objects") == [("draw_objects", "drawer", ("还没有抽取",))]
    assert len(noted(desk, step="submit_plan")) == 1


def test_an_act_that_no_step_of_the_state_does_is_noted_by_its_effect(desk: Desk) -> None:
    desk.committed()
    assert noted(desk, effect="commit") == [("commit", "drawer", ("还没有抽取",))]
    assert len(noted(desk, effect="replace")) == 1


def test_a_case_without_a_draw_has_nothing_to_note_it_in(desk: Desk) -> None:
    with desk.unit() as uow:
        order = CommandRequest("advance", BATCH, "drawer", {"effect": "draw"})
        note_refused(uow, desk.case(), order, Refusal(BATCH, "", ()))
    with desk.look() as transaction:
        assert transaction.records.draws() == []


def test_an_attempt_is_one_line_and_the_record_is_not_written_again(desk: Desk) -> None:
    desk.committed()
    with desk.look() as transaction:
        before = transaction.records.draw(BATCH)
    for number in range(1, 6):
        assert len(noted(desk, step="draw_objects")) == number
    with desk.look() as transaction:
        after = transaction.records.draw(BATCH)
    assert before is not None
    assert after is not None
    assert (after.record, len(after.added)) == (before.record, 5)
    # The next act stores the record with all of its log.
    desk.typed()
    desk.takes("draw_objects", "witness", {"entropy": DICE, "seen_original": True})
    with desk.look() as transaction:
        stored = transaction.records.draw(BATCH)
    assert stored is not None
    assert stored.added == ()
    assert stored.log[: len(after.log)] == after.log
    assert len(attempts(desk.record())) == 5


def test_what_is_refused_of_a_public_draw_is_noted_in_the_public_log_by_its_digest() -> None:
    draw, log = committed()
    bureau = visit_bureau().at("2026-03-10")
    plan = bureau.case(bureau.start("plan"))
    refusal = Refusal(plan.id, "", (RefusalReason("state", say("还没有抽取")),))
    with unit(bureau) as uow:
        stored.write_log(uow.transaction, PublicLog(log.bureau), log)
        stored.save(uow.transaction, plan.id, 1, "committed", draw, log, uow.now)
        uow.transaction.records.put_draw_key(plan.id, 1, b"k" * 32)
        note_refused(uow, plan, CommandRequest("advance", plan.id, "anna", {"effect": "draw"}), refusal)
    with bureau.look() as transaction:
        after = stored.read_log(transaction)
    (line,) = after.lines[len(log.lines) :]
    assert (line.kind, line.body["subject"]) == ("note", "refused")
    assert line.by == stored.pseudonym(b"k" * 32, "anna")
    assert "还没有抽取" not in after.texts[-1]
