from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.app.people.delegation import delegations, principals_in, principals_of
from engine.app.ports.records import Delegation
from engine.store.memory import MemoryStore

BEGINS = datetime(2027, 3, 1, tzinfo=UTC)
ENDS = datetime(2027, 3, 4, tzinfo=UTC)


def make(name: str, principal: str, delegate: str = "q", *, ended: bool = False, days: int = 0) -> Delegation:
    return Delegation(
        id=name,
        principal=principal,
        delegate=delegate,
        first=date(2027, 3, 1) + timedelta(days=days),
        last=date(2027, 3, 3) + timedelta(days=days),
        begins=BEGINS + timedelta(days=days),
        ends=ENDS + timedelta(days=days),
        reason="休假",
        by=principal,
        ended=ended,
    )


def test_for_whom_somebody_acts_today() -> None:
    made = [make("1", "p"), make("2", "r", ended=True), make("3", "s", "other"), make("4", "t", days=10)]
    store = MemoryStore()
    with store.write() as transaction:
        for one in made:
            transaction.delegations.add(one)
    with store.read() as transaction:
        assert delegations(transaction) == made
        assert principals_of(transaction, "q", BEGINS) == ["p"]
        assert principals_of(transaction, "other", BEGINS) == ["s"]
        assert principals_of(transaction, "p", BEGINS) == []
        assert principals_of(transaction, "q", BEGINS + timedelta(days=11)) == ["t"]
        assert principals_of(transaction, "q", ENDS) == []


@given(st.integers(-5 * 86_400, 10 * 86_400))
def test_a_delegation_holds_from_its_first_instant_to_before_its_last(seconds: int) -> None:
    now = BEGINS + timedelta(seconds=seconds)
    assert principals_in([make("1", "p")], "q", now) == (["p"] if BEGINS <= now < ENDS else [])
    assert principals_in([], "q", now) == []
