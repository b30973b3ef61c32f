"""Answers of other systems: kept with a timer of their case, read once, forgotten."""

from __future__ import annotations

from sample_rows import NOW, make_outgoing

from engine.app.delivery.call_answers import CallAnswer, forget_answer, keep_answer, kept_answer
from engine.lifecycle.process import ANSWER
from engine.store.memory import MemoryStore


def test_an_answer_waits_for_its_step_and_is_forgotten() -> None:
    store = MemoryStore()
    call = make_outgoing("c-1", case="visit-1", payload={"system": "attendance"})
    with store.write() as transaction:
        keep_answer(transaction, call, {"left": 7}, NOW)
        (timer,) = transaction.timers.of_case("visit-1")
        assert (timer.name, timer.at) == (ANSWER + "c-1", NOW)
        assert kept_answer(transaction, timer.name) == CallAnswer("c-1", "attendance", {"left": 7})
        forget_answer(transaction, timer.name)
        assert kept_answer(transaction, timer.name) is None


def test_a_call_of_no_case_keeps_nothing() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        keep_answer(transaction, make_outgoing("c-1", case=None), {"left": 7}, NOW)
        assert kept_answer(transaction, ANSWER + "c-1") is None
