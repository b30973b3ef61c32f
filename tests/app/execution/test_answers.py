"""Answers of another system: to the question that is open, and to one that was asked before it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from bureau_factories import Bureau, done
from visit_bureau import unit

from engine.app.delivery.deliver import Outcome, Retry, deliver
from engine.app.execution.answers import take_answer
from engine.app.ports.records import OutboxItem

FLOW = """
workflow: asking
title: 查询
about: none
initial: open
fields: [fee: {title: 费用, type: money}]
start: {by: clerk, then: [{set: {fee: 60.10}}]}
states:
  open: {title: 待查, for: clerk}
  waiting: {title: 等答复}
  known: {title: 已知, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: ask, title: 查询, from: open, to: waiting, then: [{call: outside, send: {fee: = case.fee}}]}
  - {do: again, title: 重查, from: waiting, to: open, by: clerk}
  - {do: answered, title: 已答复, from: waiting, to: known, on_answer: outside, form: sheet}
  - {do: close, title: 办结, from: known, to: done}
"""
SHEET = "form: sheet\ntitle: 答复\nfields: [n: {title: 数, type: integer}]\n"
RETRY = Retry(minutes=(1,), lease=15)


class Outside:
    """Answers the calls in their order: 1, 2 and so on."""

    batch = 10

    def __init__(self) -> None:
        self.asked: list[OutboxItem] = []

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        """Answer every call."""
        self.asked += sorted(items, key=lambda item: item.created_at)
        return [Outcome(item.id, answer={"n": number}) for number, item in enumerate(self.asked, 1)]


def test_an_answer_to_an_earlier_question_is_no_answer_to_the_one_that_is_open() -> None:
    bureau, outside = Bureau(SHEET, FLOW), Outside()
    case = bureau.start("asking", section="north")
    bureau.take(case, "ask")
    bureau.later(minutes=1).take(case, "again")
    bureau.later(minutes=1).take(case, "ask")
    deliver(bureau.store, {"outside": outside}, bureau.clock.now(), retry=RETRY)
    bureau.sweep()
    assert (bureau.state(case), bureau.case(case).forms) == ("known", {"sheet": {"n": 2}})
    entries = [event.body["answer"] for event in bureau.events(case) if event.kind == "recorded"]
    assert entries == [{"n": 1}]
    # Numbers leave the house as decimals where they end.
    assert outside.asked[0].payload["data"] == {"fee": "60.1"}
    assert bureau.incidents() == []
    assert bureau.findings() == []


def test_what_was_not_answered_changes_nothing() -> None:
    bureau = Bureau(SHEET, FLOW)
    case = bureau.start("asking", section="north")
    found = bureau.case(case)
    with unit(bureau) as uow:
        take_answer(uow, found, "answer:nobody")
    assert bureau.state(case) == "open"


HELD = """
workflow: held
title: 领用
about: none
initial: open
start: {by: clerk}
verbs:
  - suspend: {by: clerk, pauses: []}
  - resume: {by: clerk}
states:
  open: {title: 待查, for: clerk, no deadline: 无}
  waiting: {title: 等答复, for: clerk, no deadline: 无}
  room: {title: 在室, for: clerk, lock: 档案室, no deadline: 无}
  done: {title: 办结, final: true}
transitions:
  - {do: ask, title: 查询, from: open, to: waiting, then: [{call: outside, send: {id: = case.id}}]}
  - {do: again, title: 重查, from: waiting, to: open, by: clerk}
  - {do: answered, title: 已答复, from: waiting, to: [done: form.n > 2, else: room], on_answer: outside, form: sheet}
  - {do: close, title: 办结, from: room, to: done}
"""


def _answers(bureau: Bureau, outside: Outside) -> None:
    deliver(bureau.store, {"outside": outside}, bureau.clock.now(), retry=RETRY)
    bureau.sweep()


def _asked(*cases: str) -> tuple[Bureau, Outside, list[str]]:
    bureau, outside = Bureau(SHEET, HELD), Outside()
    started = [bureau.start("held", section="north") for _ in cases]
    for case in started:
        bureau.later(minutes=1).take(case, "ask")
    return bureau, outside, started


@pytest.mark.parametrize("days", [0, 3])
def test_an_answer_that_comes_while_the_case_is_suspended_is_taken_when_it_goes_on(days: int) -> None:
    bureau, outside, (case,) = _asked("one")
    done(bureau.application.suspend(case, "anna", reason="停电"))
    _answers(bureau, outside)
    if days:
        bureau.until("2024-09-05 15:00")
    assert (bureau.state(case), bureau.incidents()) == ("waiting", [])
    done(bureau.application.resume(case, "anna"))
    bureau.sweep()
    assert (bureau.state(case), bureau.case(case).forms) == ("room", {"sheet": {"n": 1}})
    assert (bureau.incidents(), bureau.timers(case), bureau.findings()) == ([], {}, [])


def test_an_answer_that_no_step_waits_for_any_more_when_the_case_goes_on_is_entered() -> None:
    bureau, outside, (case,) = _asked("one")
    done(bureau.application.suspend(case, "anna", reason="停电"))
    _answers(bureau, outside)
    done(bureau.application.resume(case, "anna"))
    bureau.take(case, "again")
    bureau.sweep()
    assert (bureau.state(case), bureau.kinds(case)[-1]) == ("open", "recorded")
    assert (bureau.incidents(), bureau.timers(case)) == ([], {})


def test_an_answer_that_leads_where_another_case_is_alone_is_taken_once_that_one_has_left() -> None:
    bureau, outside, (first, second, third) = _asked("one", "two", "three")
    _answers(bureau, outside)
    # The third answer leads past the room.
    assert [bureau.state(case) for case in (first, second, third)] == ["room", "waiting", "done"]
    bureau.until("2024-09-04 15:00")
    assert (bureau.state(second), bureau.incidents()) == ("waiting", [])
    bureau.take(first, "close")
    bureau.sweep()
    assert (bureau.state(second), bureau.incidents(), bureau.findings()) == ("room", [], [])


def test_an_answer_kept_because_of_a_lock_is_entered_when_the_case_goes_another_way() -> None:
    bureau, outside, (_, second) = _asked("one", "two")
    _answers(bureau, outside)
    bureau.take(second, "again")
    bureau.sweep()
    assert (bureau.state(second), bureau.kinds(second)[-1]) == ("open", "recorded")
    assert (bureau.incidents(), bureau.timers(second)) == ([], {})
