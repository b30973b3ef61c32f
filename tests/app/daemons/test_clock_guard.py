from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.app.daemons.clock_guard import HELD, ClockJump, confirm, jumped, pending_jump, why_held
from engine.app.daemons.heartbeats import record
from engine.kernel.refusal import NextAction
from engine.store.memory import MemoryStore

LAST = datetime(2027, 3, 1, tzinfo=UTC)
MAX_JUMP = timedelta(days=31)
LATER = LAST + timedelta(days=400, hours=5)


def running() -> MemoryStore:
    store = MemoryStore()
    record(store, "b", "1", LAST - timedelta(hours=1))
    record(store, "a", "1", LAST)
    return store


def pending(store: MemoryStore) -> ClockJump | None:
    with store.read() as transaction:
        return pending_jump(transaction)


def test_without_a_sign_of_life_there_is_nothing_to_compare() -> None:
    store = MemoryStore()
    assert jumped(store, LATER, MAX_JUMP) is None
    assert pending(store) is None
    with store.write() as transaction:
        confirm(transaction)
    assert pending(store) is None


@given(st.integers(-400, 31))
def test_a_clock_that_goes_on_or_back_holds_nothing_up(days: int) -> None:
    store = running()
    assert jumped(store, LAST + timedelta(days=days), MAX_JUMP) is None
    assert pending(store) is None


def test_a_jump_is_noted_once_as_it_was_first_seen() -> None:
    store = running()
    first = ClockJump(LAST, LATER)
    assert jumped(store, LATER, MAX_JUMP) == first
    assert first.days == 400
    assert jumped(store, LATER + timedelta(days=1), MAX_JUMP) == ClockJump(LAST, LATER + timedelta(days=1))
    assert pending(store) == first


def test_once_a_person_has_looked_everything_goes_on_until_the_next_jump() -> None:
    store = running()
    jumped(store, LATER, MAX_JUMP)
    with store.write() as transaction:
        confirm(transaction)
    assert pending(store) is None
    assert jumped(store, LATER, MAX_JUMP) is None
    record(store, "a", "1", LATER)
    much_later = LATER + timedelta(days=40)
    assert jumped(store, much_later, MAX_JUMP) == ClockJump(LATER, much_later)
    assert pending(store) == ClockJump(LATER, much_later)


def test_a_clock_put_right_takes_the_note_away() -> None:
    store = running()
    jumped(store, LATER, MAX_JUMP)
    assert jumped(store, LAST + timedelta(days=1), MAX_JUMP) is None
    assert pending(store) is None
    with store.read() as transaction:
        assert transaction.settings.get("clock/held") is None


def test_nothing_is_done_by_a_clock_that_has_jumped_before_a_person_has_looked() -> None:
    store = running()
    with store.read() as transaction:
        assert why_held(transaction, LAST + timedelta(days=1), MAX_JUMP) is None
        reason = why_held(transaction, LATER, MAX_JUMP)
    assert reason is not None
    assert (reason.code, reason.next) == (HELD, NextAction("confirm_or_mend_clock"))
    assert "晚了 400 天" in str(reason.message)
