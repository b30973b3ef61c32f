"""What a firm has to put right and has said of it, read from the case and the entries of its history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from rectification_fixtures import FIRM_CODE, PERSON, RectificationDesk, rectification_desk

from engine.app.commands import Caller
from engine.app.commands.papers.papers import void_paper
from engine.app.commands.rectification.office import answer_extension, answer_feedback, end_firm_code
from engine.app.history.replay import history
from engine.app.rectification.entry import enter_for_firm, open_entry
from engine.app.rectification.feedback import (
    FeedbackRound,
    FirmAct,
    FirmCaseView,
    ProblemState,
    ProblemView,
    entries_of,
    moves_term,
    view_of,
)
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import FIRM

ROUND = FeedbackRound(datetime(2027, 4, 1, tzinfo=UTC), "已补签", (), None)


def test_a_problem_waits_for_whoever_has_to_act_next() -> None:
    returned = replace(ROUND, accepted=False, answer="缺一份")
    accepted = replace(ROUND, accepted=True)
    states = {
        (): ProblemState.ASKED,
        (ROUND,): ProblemState.WAITING,
        (returned,): ProblemState.RETURNED,
        (returned, ROUND): ProblemState.WAITING,
        (returned, accepted): ProblemState.ACCEPTED,
    }
    for rounds, state in states.items():
        problem = ProblemView(1, (), rounds)
        assert problem.state is state
        assert problem.takes_feedback is (state in (ProblemState.ASKED, ProblemState.RETURNED))
    assert str(ProblemState.RETURNED.words) == "已退回，待企业再次反馈"


def view(desk: RectificationDesk) -> tuple[FirmCaseView, bool]:
    """Return the case as its firm sees it, and whether granting more time extends its term at once."""
    with desk.application.store.read() as transaction:
        uow = UnitOfWork(desk.application, transaction, desk.clock.now())
        case = uow.case(desk.case)
        assert case is not None
        process = uow.process(case)
        entries = entries_of(history(transaction, desk.case))
        found = view_of(transaction, process, case, entries, desk.clock.now())
        return found, moves_term(process, case, found)


def enter(desk: RectificationDesk, act: FirmAct, by: str = FIRM, **answers: object) -> None:
    with desk.application.store.write() as transaction:
        uow = UnitOfWork(desk.application, transaction, desk.clock.now())
        case = uow.case(desk.case)
        assert case is not None
        enter_for_firm(open_entry(uow, case, by), act.value, answers, ())


def test_the_form_that_sets_the_term_is_what_is_asked_of_the_firm() -> None:
    desk = rectification_desk()
    found, moves = view(desk)
    assert (found.case, found.firm, found.name, found.state) == (desk.case, FIRM_CODE, "示例企业", "待送达")
    assert [title for title, _ in found.asked] == ["责令改正"]
    assert ("要求", "补签合同，公示标准") in found.asked[0][1]
    assert (found.due_on, found.late, found.clock, moves) == (date(2024, 10, 31), False, None, False)
    assert found.problems[0].facts == [
        ("事实", "未签劳动合同三份"),
        ("依据", "甲条例 第一条"),
    ]
    assert (found.contact, found.phone, found.done) == ("原联络员", "0311-86000000", 0)
    assert (found.papers, found.extensions, found.waiting_extension) == ([], [], None)
    desk.served()
    found, moves = view(desk)
    assert (found.clock, moves) == ("rectify_due", True)
    assert [one.paper.id for one in found.papers] == [desk.paper]
    assert (found.papers[0].title, found.papers[0].received_at) == ("责令改正书", None)
    desk.clock.set(datetime(2024, 11, 1, 1, tzinfo=UTC))
    assert view(desk)[0].late


def test_rounds_extensions_and_contacts_say_who_typed_them() -> None:
    desk = rectification_desk().served()
    by = Caller(PERSON)
    enter(desk, FirmAct.FEEDBACK, problem=1, text="已补签")
    assert not isinstance(
        answer_feedback(desk.application, by, desk.case, 1, "缺一份", accepted=False), Refusal
    )
    enter(desk, FirmAct.FEEDBACK, PERSON, problem=1, text="补齐")
    assert not isinstance(answer_feedback(desk.application, by, desk.case, 1, "", accepted=True), Refusal)
    enter(desk, FirmAct.EXTENSION, until="2024-11-15", reason="等料")
    enter(desk, FirmAct.CONTACT, PERSON, contact="新联络员")
    found, _ = view(desk)
    first, second = found.problems[0].rounds
    assert (first.text, first.entered_by, first.accepted, first.answer, first.answered_by) == (
        "已补签",
        None,
        False,
        "缺一份",
        PERSON,
    )
    assert (second.entered_by, second.accepted, found.done) == (PERSON, True, 1)
    assert found.waiting_extension is not None
    assert (found.waiting_extension.until, found.waiting_extension.entered_by) == ("2024-11-15", None)
    assert [who for _, who in found.contacts] == [PERSON]
    assert found.contact == "新联络员"
    granted = answer_extension(desk.application, by, desk.case, "可以", accepted=True)
    assert not isinstance(granted, Refusal), granted
    found, _ = view(desk)
    assert (found.waiting_extension, found.extensions[0].granted) == (None, True)


def test_the_code_in_force_is_the_last_that_was_not_ended() -> None:
    desk = rectification_desk()

    def code() -> tuple[str, ...] | None:
        with desk.application.store.read() as transaction:
            found = entries_of(history(transaction, desk.case)).code
        return None if found is None else tuple(found.papers)

    assert code() is None
    desk.issued()
    assert code() == ()
    second = desk.issued(desk.paper)
    assert code() == (desk.paper,)
    found, _ = view(desk)
    assert (found.code_ends_at, [one.paper.id for one in found.papers]) == (second.ends_at, [desk.paper])
    assert not isinstance(end_firm_code(desk.application, Caller(PERSON), desk.case), Refusal)
    assert (code(), view(desk)[0].code_at) == (None, None)
    with desk.application.store.read() as transaction:
        entries = entries_of(history(transaction, desk.case))
    assert [body["act"] for _, body in entries.of(FirmAct.CODE)] == ["code", "code"]
    assert list(entries.of(FirmAct.RECEIPT)) == []


def test_a_void_order_asks_nothing_and_names_no_last_day_until_the_next_is_served() -> None:
    desk = rectification_desk().served()
    asked = view(desk)[0]
    assert (asked.void, asked.due_on is None) == ([], False)
    void_paper(desk.application, Caller("head-1"), desk.paper, "期限写错")
    seen = view(desk)[0]
    assert (seen.asked, seen.due_on, seen.late, seen.clock) == ([], None, False, None)
    (gone,) = seen.void
    assert (gone.on.isoformat(), gone.reason, "责令改正书" in gone.title) == ("2024-09-14", "期限写错", True)
    # The notice is there for the firm at once, the order is not.
    assert [one.paper.kind for one in seen.papers] == ["void_notice"]
    void_paper(desk.application, Caller("head-1"), desk.paper, "期限写错", anew=True)
    assert view(desk)[0].due_on is None
    desk.served()
    again = view(desk)[0]
    assert (again.asked, again.due_on) == (asked.asked, asked.due_on)
    assert [one.paper.kind for one in again.papers] == ["order_paper", "void_notice"]
