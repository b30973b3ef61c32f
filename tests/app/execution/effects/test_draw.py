from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from v2_factories import anchored, committed, value_of
from visit_bureau import context_of, effect, unit, value, visit_bureau

from engine.app.draws.v2 import stored
from engine.app.execution.effects.draw import (
    do_commit,
    do_draw,
    do_enter,
    do_freeze,
    do_remove,
    do_replace,
    do_reveal,
    do_void,
)
from engine.app.ports.records import DrawRow
from engine.app.session.effect_context import EffectContext
from engine.app.session.refused import CommandRefused
from engine.draw.v2.acts import Draw
from engine.draw.v2.log import PublicLog
from engine.kernel.digests import Digests
from engine.lifecycle.model.workflow import Effect

NONE_STANDS = "还没有有效的抽取承诺：先公布承诺，再产生公开随机源"
Handler = Callable[[EffectContext, Effect], None]


def refused(handler: Handler, given: Effect, status: str | None = None) -> list[str]:
    """Do an effect on a plan with a draw of this status; returns why it was refused."""
    bureau = visit_bureau()
    plan = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow:
        if status is not None:
            uow.transaction.records.put_draw(DrawRow(plan.id, 1, status, {}, uow.now))
        with pytest.raises(CommandRefused) as found:
            handler(context_of(uow, plan, reason="有误"), given)
    assert found.value.refusal.case == plan.id
    return [str(reason) for reason in found.value.refusal.reasons]


def test_a_frozen_register_is_kept_with_its_digest() -> None:
    bureau = visit_bureau()
    plan = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow:
        context = context_of(uow, plan)
        do_freeze(context, effect("freeze", freeze=["inspectors"]))
        frozen = context.notes["frozen"]["inspectors"]
        (kept,) = uow.transaction.registers.snapshots("inspectors")
        assert (kept.id, kept.rows, kept.by, kept.taken_at) == ("inspectors-plan-1-2", 3, "anna", uow.now)
        assert "检查员3".encode() in kept.content
        assert frozen == {"snapshot": kept.id, "rows": 3, "sha256": Digests.of(kept.content).sha256}


@pytest.mark.parametrize("status", [None, "void"])
@pytest.mark.parametrize(
    ("handler", "given"),
    [
        (do_draw, effect("draw", draw="objects")),
        (do_remove, effect("remove", rows=value([{"object": "E1"}]))),
        (do_void, effect("void")),
        (do_reveal, effect("reveal")),
    ],
)
def test_without_a_commitment_nothing_of_a_draw_is_done(
    handler: Handler, given: Effect, status: str | None
) -> None:
    assert refused(handler, given, status) == [NONE_STANDS]


def test_a_second_commitment_needs_the_first_void() -> None:
    assert refused(do_commit, effect("commit"), "committed") == [
        "第 1 次抽取尚未作废，不能再次承诺；确需重抽的先作废并公开理由"
    ]


def test_who_was_not_drawn_is_not_replaced_by_the_draw() -> None:
    assert refused(do_replace, effect("replace", person=value("insp-1"))) == [
        "本件不是由抽取产生的，不能按抽取次序更换人员"
    ]


def test_removing_nothing_needs_no_draw() -> None:
    bureau = visit_bureau()
    plan = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow:
        context = context_of(uow, plan)
        do_remove(context, effect("remove", rows=value(None)))
        assert context.notes == {}


def typed(at: str) -> tuple[PublicLog, Draw]:
    """Enter the results of a public draw at an instant; return the log and the draw after it."""
    draw, log = committed()
    log = anchored(log)
    chance = random.Random(1)  # noqa: S311 - made-up results
    given = "/".join(value_of(source, chance) for source in draw.commitment["sources"])
    bureau = visit_bureau().at(at)
    plan = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow:
        stored.write_log(uow.transaction, PublicLog(log.bureau), log)
        stored.save(uow.transaction, plan.id, 1, "committed", draw, log, uow.now)
        uow.transaction.records.put_draw_key(plan.id, 1, b"k" * 32)
        context = context_of(uow, plan)
        do_enter(context, effect("enter", entropy=value(given)))
        assert context.notes == {"entered": {"number": 1, "log_lines": len(log.lines) + 1}}
    with bureau.look() as transaction:
        row = transaction.records.draw(plan.id)
        assert row is not None
        return stored.read_log(transaction), stored.draw_of(row)


def test_what_was_typed_first_is_entered_by_its_hash() -> None:
    log, draw = typed("2026-03-18")
    line = log.lines[-1]
    assert (line.kind, line.by) == ("typed", stored.pseudonym(b"k" * 32, "anna"))
    assert draw.values == ()


def test_what_the_draw_refuses_is_a_refusal_of_the_step() -> None:
    with pytest.raises(CommandRefused) as refusal:
        typed("2026-03-10")
    assert (refusal.value.refusal.case, refusal.value.refusal.attempt) == ("plan-1", "办理")
    assert "开奖日之前就录入了结果" in str(refusal.value.refusal)
