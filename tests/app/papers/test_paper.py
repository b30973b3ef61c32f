"""A paper made again before it was served keeps its number; one replaced after that has the next one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from paper_fixtures import NOON, TODAY, case_of, unit

from engine.app.papers.facts import with_fact
from engine.app.papers.paper import approve, begin, find, present, today, void
from engine.app.ports.papers import NumberStatus, PaperState
from engine.store.memory.store import MemoryStore


def test_a_paper_of_a_series_is_numbered_by_the_step_that_makes_it() -> None:
    store, case = MemoryStore(), case_of()
    with unit(store) as uow:
        made = begin(uow, case, "notice", "insp-1", draft=False)
        assert (made.id, made.number, made.state) == (
            "inspection-1/notice/1",
            "示人社检通〔2026〕1号",
            PaperState.NUMBERED,
        )
        assert [fact.state.value for fact in made.facts] == ["drafted", "approved", "numbered"]
        assert {(fact.on, fact.by) for fact in made.facts} == {(TODAY, "insp-1")}
        record = begin(uow, case, "record", "insp-1", draft=False)
        assert (record.number, record.state) == (None, PaperState.APPROVED)


def test_a_draft_is_numbered_when_it_is_approved() -> None:
    store, case = MemoryStore(), case_of()
    with unit(store) as uow:
        draft = begin(uow, case, "notice", "a", draft=True)
        uow.transaction.papers.put(draft)
        assert (draft.number, draft.state) == (None, PaperState.DRAFTED)
        assert uow.transaction.papers.numbers() == []
        uow.transaction.papers.put(approve(uow, case, draft, "b", TODAY))
        found = find(uow.transaction, "示人社检通〔2026〕1号")
        assert found == find(uow.transaction, draft.id) == present(uow, case, "notice")
        assert find(uow.transaction, "示人社检通〔2026〕2号") is None


def test_before_it_is_served_it_is_made_again_with_its_number() -> None:
    store, case = MemoryStore(), case_of()
    with unit(store) as uow:
        first = replace(begin(uow, case, "notice", "a", draft=False), document="inspection-1/1")
        uow.transaction.papers.put(first)
    with unit(store, NOON + timedelta(days=1)) as uow:
        again = begin(uow, case, "notice", "b", draft=False)
        assert (again.id, again.number, again.replaces) == (first.id, first.number, None)
        assert again.facts[0].on == today(uow)
        assert len(uow.transaction.papers.numbers()) == 1


def test_after_it_was_served_it_is_replaced() -> None:
    store, case = MemoryStore(), case_of()
    with unit(store) as uow:
        first = begin(uow, case, "notice", "a", draft=False)
        uow.transaction.papers.put(with_fact(first, PaperState.SERVED, TODAY, NOON, "a", today=TODAY))
        second = begin(uow, case, "notice", "b", draft=False)
        uow.transaction.papers.put(second)
        assert (second.id, second.number, second.replaces) == (
            "inspection-1/notice/2",
            "示人社检通〔2026〕2号",
            first.id,
        )
        old, new = uow.transaction.papers.of_case(case.id)
        assert (old.state, new.state) == (PaperState.VOID, PaperState.NUMBERED)
        assert old.number == first.number
        statuses = [number.status for number in uow.transaction.papers.numbers()]
        assert statuses == [NumberStatus.VOID, NumberStatus.GIVEN]
        assert present(uow, case, "notice") == second


def test_a_void_paper_is_no_longer_the_one_in_force() -> None:
    store, case = MemoryStore(), case_of()
    with unit(store) as uow:
        made = begin(uow, case, "notice", "a", draft=False)
        uow.transaction.papers.put(made)
        number = void(uow, made, "b", "印错")
        assert number is not None
        assert number.reason == "印错"
        assert present(uow, case, "notice") is None
        assert begin(uow, case, "notice", "a", draft=False).number == "示人社检通〔2026〕2号"
