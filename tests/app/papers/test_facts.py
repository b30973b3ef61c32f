"""What happens to a paper happens in its order, on days that follow each other."""

from __future__ import annotations

from datetime import date

import pytest
from paper_fixtures import NOON, TODAY

from engine.app.papers.facts import PaperRefusedError, dated_on, with_fact
from engine.app.ports.papers import PaperFact, PaperRecord, PaperState


def paper(*states: PaperState, number: str | None = None) -> PaperRecord:
    facts = tuple(PaperFact(state, date(2026, 2, 1 + n), NOON, "a") for n, state in enumerate(states))
    return PaperRecord(id="c/notice/1", case="c", kind="notice", document="c/1", facts=facts, number=number)


D, A, N, S = PaperState.DRAFTED, PaperState.APPROVED, PaperState.NUMBERED, PaperState.SERVED


def test_facts_follow_each_other() -> None:
    found = paper(D)
    for state in (A, N, PaperState.SIGNED, S, PaperState.FILED):
        found = with_fact(found, state, TODAY, NOON, "b", today=TODAY, note="备注")
        assert found.state is state
    assert found.facts[-1] == PaperFact(PaperState.FILED, TODAY, NOON, "b", "备注")


@pytest.mark.parametrize(
    ("before", "state", "on", "said"),
    [
        (paper(D), S, TODAY, "还没有批准"),
        (paper(D), N, TODAY, "还没有批准"),
        (paper(D, A, N, S), A, TODAY, "已经送达"),
        (paper(D, A, S), S, TODAY, "已经送达"),
        (paper(D, A), S, date(2026, 3, 3), "晚于今天"),
        (paper(D, A), S, date(2026, 2, 1), "早于“批准”"),
        (paper(D, PaperState.VOID), A, TODAY, "已作废"),
        (paper(D, PaperState.VOID), PaperState.VOID, TODAY, "已作废"),
    ],
)
def test_what_is_out_of_order_is_refused(before: PaperRecord, state: PaperState, on: date, said: str) -> None:
    with pytest.raises(PaperRefusedError) as refused:
        with_fact(before, state, on, NOON, "b", today=TODAY)
    assert said in str(refused.value.message)


def test_the_date_under_the_seal_is_the_day_of_the_number() -> None:
    assert dated_on(paper(D, A)) == date(2026, 2, 1)
    assert dated_on(paper(D, A, N, S)) == date(2026, 2, 3)


def test_every_state_has_a_word() -> None:
    assert len({str(state.words) for state in PaperState}) == len(PaperState)
