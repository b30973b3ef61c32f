"""What comes of a void paper: clocks, the state of the case, messages, what is public, the notice, and what stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rectification_fixtures import PERSON, RectificationDesk, rectification_desk

from engine.app.commands import Caller
from engine.app.commands.papers.papers import record_paper, void_paper
from engine.app.execution.void_papers.effects import VoidPaper, change_of, follow, people_of_void
from engine.app.history.replay import history, other_facts, replay
from engine.app.ports.papers import PaperRecord, PaperState
from engine.app.ports.records import Publication
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case, Change

KEEPER = Caller("head-1")


def case_of(desk: RectificationDesk) -> Case:
    with desk.application.store.read() as transaction:
        found = transaction.cases.get(desk.case)
    assert found is not None
    return found


def made_void(desk: RectificationDesk, *, anew: bool = False) -> PaperRecord:
    found = void_paper(desk.application, KEEPER, desk.paper, "期限写错", anew=anew)
    assert isinstance(found, PaperRecord), str(found)
    return found


def test_the_clock_stops_in_an_entry_of_its_own_and_nothing_else_changes() -> None:
    desk = rectification_desk().served()
    before = case_of(desk)
    assert before.clocks.keys() == {"rectify_due"}
    made_void(desk)
    after = case_of(desk)
    assert (after.state, after.clocks, after.forms, after.fields) == (
        "waiting",
        {},
        before.forms,
        before.fields,
    )
    with desk.application.store.read() as transaction:
        *_, void, stopped = transaction.events.of(desk.case)
    assert (void.body["title"], void.actor, void.body["paper"]) == ("作废文书", "head-1", desk.paper)
    assert (stopped.body["title"], stopped.body["clocks"]) == ("文书作废，期限停止", {"rectify_due": None})
    # Nothing is reminded of and nothing is late any more.
    with desk.application.store.read() as transaction:
        assert [one for one in transaction.timers.of_case(desk.case) if one.name == "rectify_due"] == []


def test_the_case_goes_back_once_there_is_a_paper_in_its_place_and_counts_from_its_service() -> None:
    desk = rectification_desk().served()
    new = made_void(desk, anew=True)
    assert (case_of(desk).state, case_of(desk).clocks) == ("serving", {})
    # Its service is entered by the step that asks for the day, and not by hand.
    refused = record_paper(desk.application, KEEPER, new.id, "served")
    assert isinstance(refused, Refusal)
    assert "由流程的“送达”登记" in str(refused.reasons[0].message)
    desk.served()
    assert (case_of(desk).state, [*case_of(desk).clocks]) == ("waiting", ["rectify_due"])
    with desk.application.store.read() as transaction:
        papers = {one.id: one for one in transaction.papers.of_case(desk.case)}
    assert papers[desk.paper].state is PaperState.VOID
    assert papers[new.id].state is PaperState.SERVED


def unlike_its_history(desk: RectificationDesk) -> set[str]:
    """Return what a case says otherwise than its history, but the texts it keeps beside it."""
    case = case_of(desk)
    with desk.application.store.read() as transaction:
        made = replay(list(history(transaction, desk.case)), case.personal)
    return {*other_facts(made, case)} - {"personal"}


def test_the_history_makes_the_case_that_went_back() -> None:
    desk = rectification_desk().served()
    # The bureau of this test has put a list of problems into the case by hand.
    by_hand = unlike_its_history(desk)
    assert "state" not in by_hand
    made_void(desk)
    assert unlike_its_history(desk) == by_hand
    made_void(desk, anew=True)
    assert unlike_its_history(desk) == by_hand
    with desk.application.store.read() as transaction:
        assert transaction.tasks.of_case(desk.case)[0].state == "serving"


def test_a_paper_made_void_first_and_anew_later_comes_to_the_same() -> None:
    desk = rectification_desk().served()
    made_void(desk)
    made_void(desk, anew=True)
    assert case_of(desk).state == "serving"


def test_what_was_done_before_stays_where_nothing_rests_on_the_service_any_more() -> None:
    desk = rectification_desk().served()
    desk.take(desk.case, "close", PERSON, None)
    made_void(desk, anew=True)
    assert case_of(desk).state == "done"


def test_a_paper_that_was_not_served_changes_nothing_in_the_case() -> None:
    desk = rectification_desk()
    before = case_of(desk)
    made_void(desk)
    assert (case_of(desk).state, case_of(desk).clocks) == (before.state, before.clocks)
    with desk.application.store.read() as transaction:
        kinds = {one.kind for one in transaction.papers.of_case(desk.case)}
    assert kinds == {"order_paper"}


def test_whoever_has_the_task_and_the_party_are_told_and_the_notice_is_made() -> None:
    desk = rectification_desk().served()
    made_void(desk)
    case = case_of(desk)
    with desk.application.store.read() as transaction:
        uow = UnitOfWork(desk.application, transaction, desk.clock.now())
        assert people_of_void(uow, case) == ["clerk-1", "clerk-2"]
        texts = [one.text for one in transaction.inbox.of("clerk-1")]
        notice = next(one for one in transaction.papers.of_case(desk.case) if one.kind == "void_notice")
        document = next(one for one in transaction.records.documents(desk.case) if one.id == notice.document)
    assert any("送达后作废" in one and "期限停止（改正期限）" in one for one in texts)
    assert b"void_notice" in document.content
    assert notice.state is PaperState.APPROVED


def test_a_notice_that_was_served_stays_in_force_beside_the_next() -> None:
    desk = rectification_desk().served()
    made_void(desk, anew=True)
    first = f"{desk.case}/void_notice/1"
    assert isinstance(record_paper(desk.application, KEEPER, first, "served"), PaperRecord)
    desk.served()
    second = f"{desk.case}/order_paper/2"
    assert isinstance(void_paper(desk.application, KEEPER, second, "又写错"), PaperRecord)
    with desk.application.store.read() as transaction:
        states = {
            one.id: one.state for one in transaction.papers.of_case(desk.case) if one.kind == "void_notice"
        }
    assert states == {first: PaperState.SERVED, f"{desk.case}/void_notice/2": PaperState.APPROVED}


@pytest.mark.parametrize("anew", [False, True])
def test_what_is_public_and_names_the_number_is_withdrawn_or_has_the_new_one(*, anew: bool) -> None:
    desk = rectification_desk().served()
    desk.take(desk.case, "close", PERSON, None)
    with desk.application.store.write() as transaction:
        old = transaction.papers.get(desk.paper)
        assert old is not None
        old = replace(old, number="示令〔2024〕1号")
        transaction.papers.put(old)
        facts = [{"form": "case", "name": "number", "value": ["示令〔2024〕1号"], "text": "示令〔2024〕1号"}]
        shown = Publication(
            id=f"{desk.case}/result/1",
            kind="result",
            case=desk.case,
            title="结果",
            body={"facts": facts, "items": []},
            published_at=desk.clock.now(),
            due_on=None,
            late=False,
        )
        transaction.records.put_publication(shown)
        other = replace(shown, id=f"{desk.case}/result/2", body={"facts": [], "items": []})
        transaction.records.put_publication(other)
    with desk.application.store.write() as transaction:
        uow = UnitOfWork(desk.application, transaction, desk.clock.now())
        case = uow.case(desk.case)
        assert case is not None
        new = replace(old, id=f"{desk.case}/order_paper/2", number="示令〔2024〕2号") if anew else None
        counted = uow.process(case).counted_from_service["order_paper"]
        void = VoidPaper(old, "写错", "head-1", counted, new)
        assert change_of(uow, case, void) == Change()
        follow(uow, case, case, void)
        uow.flush()
        found = {one.id: one for one in transaction.records.publications(case_id=desk.case)}
    assert found[shown.id].withdrawn_because == "文书“示令〔2024〕1号”已作废：写错"
    assert found[other.id].withdrawn_at is None
    anew_texts = [
        one.body["facts"][0]["text"] for one in found.values() if one.body["facts"] and not one.withdrawn_at
    ]
    assert anew_texts == (["示令〔2024〕2号"] if anew else [])
