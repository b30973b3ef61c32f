"""A lock that states name has one holder, however many want it at once, on every store."""

from __future__ import annotations

import pytest
from bureau_factories import Bureau
from concurrent_acts import all_at_once
from wrong_rows import wrong_rows

from engine.app.history.requests import CommandResult
from engine.app.ports.store import Store
from engine.kernel.refusal import Refusal

MANY = 6

ROOM = """
workflow: room
title: 听证
about: none
initial: waiting
start: {by: clerk}
states:
  waiting: {title: 等待, for: clerk}
  queue: {title: 排队, for: clerk}
  inside: {title: 听证中, for: clerk, lock: 听证室}
  done: {title: 办结, final: true}
transitions:
  - {do: walk_in, title: 走进, from: waiting, to: inside}
  - {do: line_up, title: 排队, from: waiting, to: queue}
  - {do: called, title: 轮到, from: queue, to: inside, automatic: true}
  - {do: leave, title: 离开, from: inside, to: done}
"""


@pytest.fixture
def bureau(store: Store) -> Bureau:
    """Return an office of the store with the process of the room."""
    return Bureau(ROOM, store=store)


def inside(bureau: Bureau) -> list[str]:
    """Return the cases that hold the lock."""
    return [case.id for case in bureau.cases("room") if case.state == "inside"]


def test_of_those_who_walk_in_at_once_one_is_let_in(bureau: Bureau) -> None:
    cases = [bureau.start("room") for _ in range(MANY)]
    for left in range(MANY, 0, -1):
        outcomes: list[CommandResult | Refusal] = []

        def act(case: str, outcomes: list[CommandResult | Refusal] = outcomes) -> None:
            outcomes.append(bureau.application.advance(case, "walk_in", "anna"))

        all_at_once(*(lambda case=case, act=act: act(case) for case in cases))
        (holder,) = inside(bureau)
        refusals = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
        assert len(refusals) == left - 1
        assert all(f"（{holder}）正在环节“听证中”" in str(refusal) for refusal in refusals), refusals
        bureau.take(holder, "leave")
        cases.remove(holder)
    with bureau.look() as transaction:
        assert wrong_rows(transaction) == []


def test_those_in_a_queue_are_called_one_by_one_though_many_line_up_at_once(bureau: Bureau) -> None:
    """Somebody leaves while others line up: nobody waits beside a free room, and no two are in it."""
    cases = [bureau.start("room") for _ in range(MANY)]
    bureau.take(cases[0], "walk_in")
    all_at_once(
        lambda: bureau.application.advance(cases[0], "leave", "anna"),
        *(lambda case=case: bureau.application.advance(case, "line_up", "anna") for case in cases[1:]),
    )
    called: list[str] = []
    while len(called) < MANY - 1:
        (holder,) = inside(bureau)
        called.append(holder)
        bureau.take(holder, "leave")
    assert sorted(called) == sorted(cases[1:])
    assert inside(bureau) == []
