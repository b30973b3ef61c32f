"""Whom a decision reaches: the first role somebody holds, the holder with the fewest tasks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bureau_factories import Bureau, done

from engine.app.execution.escalate import first_filled_role, least_loaded, notify
from engine.app.session.unit_of_work import UnitOfWork
from engine.language import say
from engine.lifecycle.case import Change, EventKind
from engine.lifecycle.decision import Decision

FLOW = """
workflow: visit
title: 检查
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待检查, for: clerk, verbs: [claim]}
  done: {title: 办结, final: true}
transitions: [{do: finish, title: 办结, from: open, to: done}]
"""


@pytest.fixture
def bureau(bureau_at: Callable[..., Bureau]) -> Bureau:
    return bureau_at(FLOW)


def test_a_vacant_post_is_passed(bureau: Bureau) -> None:
    case = bureau.case(bureau.start("visit"))
    bureau.leaves("carl")
    with bureau.store.write() as transaction:
        uow = UnitOfWork(bureau.application, transaction, bureau.clock.now())
        assert first_filled_role(uow, case, ("clerk", "deputy")) == "clerk"
        assert first_filled_role(uow, case, ("chief", "deputy")) == "deputy"
        assert first_filled_role(uow, case, ("chief",)) == "chief"


def test_the_task_goes_to_who_has_the_fewest_of_their_own(bureau: Bureau) -> None:
    fresh, claimed = bureau.start("visit"), bureau.start("visit")
    done(bureau.application.claim(claimed, "anna"))
    case, other = bureau.case(fresh), bureau.case(claimed)
    with bureau.store.write() as transaction:
        uow = UnitOfWork(bureau.application, transaction, bureau.clock.now())
        assert least_loaded(uow, case, "clerk") == "anton"
        assert least_loaded(uow, other, "clerk") == "anton"
        assert least_loaded(uow, case, "inspector") is not None
    bureau.leaves("anton")
    with bureau.store.write() as transaction:
        uow = UnitOfWork(bureau.application, transaction, bureau.clock.now())
        assert least_loaded(uow, other, "clerk") is None


def test_who_is_told_of_an_escalation_sees_the_task(bureau: Bureau) -> None:
    case = bureau.case(bureau.start("visit"))
    bureau.leaves("carl")
    decision = Decision(
        kind=EventKind.ESCALATED,
        step="open",
        title="时限",
        change=Change(),
        notices=(("chief", say("已逾期")), ("clerk", say("已逾期"))),
        escalation_chain=("chief", "deputy"),
    )
    with bureau.store.write() as transaction:
        uow = UnitOfWork(bureau.application, transaction, bureau.clock.now())
        notify(uow, case, decision)
        uow.flush()
    assert [item.recipient for item in bureau.outbox()] == ["dora", "anna", "anton"]
    assert case.id in bureau.work_items("dora")
