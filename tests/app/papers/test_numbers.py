"""Numbers are given without gaps; what was given out of order or made void is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_fixtures import NOTICE, ORDER, POLICY, TODAY

from engine.app.papers.facts import PaperRefusedError
from engine.app.papers.numbers import NumberRequest, give_next, give_out_of_order, make_void
from engine.app.ports.papers import NumberStatus
from engine.store.memory.store import MemoryStore

WANTED = NumberRequest(policy=POLICY, series=NOTICE, section="labour", paper="c/notice/1", on=TODAY, by="a")


def test_every_year_and_every_section_begins_with_one() -> None:
    with MemoryStore().write() as transaction:
        texts = [give_next(transaction, replace(WANTED, paper=str(n))).text for n in range(2)]
        next_year = replace(WANTED, on=date(2027, 1, 4))
        order = replace(WANTED, series=ORDER)
        assert texts == ["示人社检通〔2026〕1号", "示人社检通〔2026〕2号"]
        assert give_next(transaction, next_year).text == "示人社检通〔2027〕1号"
        assert give_next(transaction, order).text == "示人社监令〔2026〕1号"
        with pytest.raises(PaperRefusedError, match="没有代字"):
            give_next(transaction, replace(order, section="market"))


def test_numbers_that_were_skipped_are_given_next() -> None:
    with MemoryStore().write() as transaction:
        give_next(transaction, replace(WANTED, paper="a"))
        odd = give_out_of_order(transaction, replace(WANTED, paper="b"), 4, "停电时手工编号")
        assert (odd.out_of_order, odd.reason) == (True, "停电时手工编号")
        skipped = [n.number for n in transaction.papers.numbers() if n.status is NumberStatus.OPEN]
        assert skipped == [2, 3]
        following = [give_next(transaction, replace(WANTED, paper=p)).number for p in "cde"]
        assert following == [2, 3, 5]


def test_a_number_that_was_used_cannot_be_given_by_hand() -> None:
    with MemoryStore().write() as transaction:
        give_next(transaction, WANTED)
        for number, said in ((1, "已用过"), (0, "相差过大"), (1000, "相差过大")):
            with pytest.raises(PaperRefusedError, match=said):
                give_out_of_order(transaction, replace(WANTED, paper="b"), number, "误")
        expected = give_out_of_order(transaction, replace(WANTED, paper="b"), 2, "补")
        assert not expected.out_of_order


def test_a_void_number_is_kept_and_never_given_again() -> None:
    with MemoryStore().write() as transaction:
        give_next(transaction, WANTED)
        void = make_void(transaction, WANTED.paper, "印错")
        assert void is not None
        assert (void.status, void.reason, void.number) == (NumberStatus.VOID, "印错", 1)
        assert make_void(transaction, WANTED.paper, "再次") == void
        assert make_void(transaction, "nothing", "无") is None
        assert give_next(transaction, replace(WANTED, paper="b")).number == 2
        with pytest.raises(PaperRefusedError, match="已作废"):
            give_out_of_order(transaction, replace(WANTED, paper="c"), 1, "误")


@given(st.lists(st.one_of(st.none(), st.integers(1, 12)), max_size=12))
@settings(max_examples=25, deadline=None)
def test_the_numbers_of_a_year_have_no_gaps(acts: list[int | None]) -> None:
    """Whatever is given by hand between the others: no number twice, and none missing below the highest."""
    with MemoryStore().write() as transaction:
        used = []
        for place, number in enumerate(acts):
            wanted = replace(WANTED, paper=str(place))
            try:
                used.append(
                    give_next(transaction, wanted).number
                    if number is None
                    else give_out_of_order(transaction, wanted, number, "手工").number
                )
            except PaperRefusedError:
                assert number in used
        rows = transaction.papers.numbers()
        assert [one.number for one in rows] == list(range(1, len(rows) + 1))
        assert len(set(used)) == len(used)
        assert {one.number for one in rows if one.status is NumberStatus.GIVEN} == set(used)


@pytest.mark.parametrize("words", [{"labour": "监", "market": "监"}, {"labour": "1", "market": "11"}])
def test_no_number_is_given_that_another_section_may_give(words: dict[str, str]) -> None:
    series = replace(ORDER, pattern="令〔{year}〕{section}{n}号")
    policy = replace(POLICY, sections=words, series={series.id: series, NOTICE.id: NOTICE})
    wanted = replace(WANTED, policy=policy, series=series, paper="d")
    with MemoryStore().write() as transaction:
        for give in (give_next, lambda t, w: give_out_of_order(t, w, 1, "补")):
            with pytest.raises(PaperRefusedError) as refused:
                give(transaction, wanted)
            assert "会给出同一个文号" in str(refused.value)
        assert transaction.papers.numbers() == []
        give_next(transaction, replace(wanted, series=NOTICE))
