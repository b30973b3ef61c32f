"""Copies of a case: sent with the step, acknowledged in the inbox by whoever says that they have read it."""

from __future__ import annotations

from bureau_factories import Bureau, done
from visit_bureau import context_of, effect, unit

from engine.app.execution.effects.copies import do_copy_to

FLOW = """
workflow: errand
title: 差事
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  told: {title: 待归档, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: send, title: 送出, from: open, to: told, then: [{copy_to: [deputy]}]}
  - {do: close, title: 归档, from: told, to: done}
"""


def unread(bureau: Bureau, person: str) -> list[str]:
    with bureau.look() as transaction:
        entries = transaction.inbox.of(person, unacked=True, limit=10)
    return [entry.case or "" for entry in entries if entry.about == "circulated"]


def test_a_copy_goes_to_the_role_and_its_receipt_ends_the_message() -> None:
    bureau = Bureau(FLOW)
    case = bureau.start("errand")
    bureau.take(case, "send", "anna")
    assert set(bureau.case(case).copies) == {"dora"}
    assert bureau.case(case).copies["dora"]["by"] == "anna"
    assert bureau.kinds(case)[-1] == "circulated"
    done(bureau.application.read_copy(case, "dora"))
    assert unread(bureau, "dora") == []
    assert "read_at" in bureau.case(case).copies["dora"]
    assert bureau.findings() == []


def test_the_copy_is_sent_once_the_step_is_written_and_to_nobody_twice() -> None:
    bureau = Bureau(FLOW)
    case = bureau.case(bureau.start("errand"))
    given = effect("copy_to", copy_to=["deputy", "clerk"])
    with unit(bureau) as uow:
        context = context_of(uow, case)
        do_copy_to(context, given)
        assert uow.case(case.id).copies == {}  # type: ignore[union-attr] # the case is there
        (send,) = context.afterwards
        send(case)
        assert set(uow.case(case.id).copies) == {"dora", "anton"}  # type: ignore[union-attr] # the case is there
        send(case)
    assert bureau.kinds(case.id) == ["started", "circulated"]
