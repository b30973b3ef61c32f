"""A firm opens its page by its code alone; a guessed one grants nothing, and guessing ends soon."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rectification_fixtures import FIRM_CODE, PDF, PERSON, RectificationDesk, rectification_desk

from engine.app.commands import Caller
from engine.app.commands.rectification.firm import (
    FirmEntered,
    NewFile,
    NotSignedIn,
    OpenedFirmPage,
    close_firm_page,
    enter_own,
    open_firm_page,
)
from engine.app.commands.rectification.office import answer_feedback, end_firm_code
from engine.app.history.replay import history
from engine.app.ports.papers import PaperState
from engine.app.queries.rectification.firm import firm_document, firm_page, firm_page_is_open, show_feedback
from engine.app.sign_in.passwords import limits
from engine.kernel.refusal import Refusal


@pytest.fixture
def desk() -> RectificationDesk:
    return rectification_desk()


def opened(desk: RectificationDesk, code: str, firm: str = FIRM_CODE) -> str:
    found = open_firm_page(desk.application, firm, code)
    assert isinstance(found, OpenedFirmPage), found
    return found.secret


def entered(outcome: FirmEntered | Refusal | None) -> FirmEntered:
    assert isinstance(outcome, FirmEntered), outcome
    return outcome


def test_the_code_opens_the_case_however_it_is_typed(desk: RectificationDesk) -> None:
    code = desk.issued(desk.paper).code
    assert len(code) == 19
    for typed in (code, code.lower(), code.replace("-", " "), f" {code} "):
        view = firm_page(desk.application, opened(desk, typed, FIRM_CODE.lower()), {})
        assert view is not None
        assert (view.case, view.name, str(view.due_on)) == (desk.case, "示例企业", "2024-10-31")
        assert [one.facts for one in view.problems][1] == [
            ("事实", "未公示工资标准"),
            ("依据", "甲条例 第二条"),
        ]
        assert [one.paper.id for one in view.papers] == [desk.paper]


def test_what_is_guessed_grants_nothing_and_is_soon_locked_out(desk: RectificationDesk) -> None:
    code = desk.issued().code
    wrong = "".join("1" if one == code[0] else "0" if one.isalnum() else one for one in code)
    said = {
        str(found.message)
        for firm, typed in ((FIRM_CODE, wrong), ("91130100MA00000000", code), (FIRM_CODE, ""))
        if isinstance(found := open_firm_page(desk.application, firm, typed), NotSignedIn)
    }
    # One sentence, whichever was wrong.
    assert len(said) == 1
    for _ in range(int(limits()["failures"])):
        open_firm_page(desk.application, FIRM_CODE, wrong)
    locked = open_firm_page(desk.application, FIRM_CODE, code)
    assert isinstance(locked, NotSignedIn)
    assert locked.until is not None
    desk.clock.advance(timedelta(minutes=int(limits()["lock_minutes"]) + 1))
    assert opened(desk, code)


def test_one_origin_is_locked_out_whatever_it_tries(desk: RectificationDesk) -> None:
    for number in range(int(limits()["origin_failures"])):
        open_firm_page(desk.application, f"9113010000000{number:05}", "0", origin="192.0.2.9")
    found = open_firm_page(desk.application, FIRM_CODE, desk.issued().code, origin="192.0.2.9")
    assert isinstance(found, NotSignedIn)
    assert found.until is not None


def test_a_code_ends_by_its_day_by_another_and_by_the_office(desk: RectificationDesk) -> None:
    first = desk.issued()
    page = opened(desk, first.code)
    second = desk.issued()
    assert firm_page(desk.application, page, {}) is None
    assert isinstance(open_firm_page(desk.application, FIRM_CODE, first.code), NotSignedIn)
    page = opened(desk, second.code)
    assert not isinstance(end_firm_code(desk.application, Caller(PERSON), desk.case), Refusal)
    assert firm_page(desk.application, page, {}) is None
    assert isinstance(open_firm_page(desk.application, FIRM_CODE, second.code), NotSignedIn)
    third = desk.issued()
    desk.clock.set(third.ends_at)
    assert isinstance(open_firm_page(desk.application, FIRM_CODE, third.code), NotSignedIn)


def test_a_page_ends_by_itself_and_by_its_button(desk: RectificationDesk) -> None:
    code = desk.issued().code
    page = opened(desk, code)
    assert close_firm_page(desk.application, page)
    assert not close_firm_page(desk.application, page)
    page = opened(desk, code)
    desk.clock.advance(timedelta(hours=int(limits()["firm_hours"])))
    assert firm_page(desk.application, page, {}) is None
    assert enter_own(desk.application, page, "feedback", {"problem": 1, "text": "晚了"}) is None


def test_where_the_bureau_has_closed_it_nothing_opens() -> None:
    desk = rectification_desk()
    code = desk.issued().code
    page = opened(desk, code)
    desk.application.settings = {"firm_page": "closed"}
    assert isinstance(open_firm_page(desk.application, FIRM_CODE, code), NotSignedIn)
    assert firm_page(desk.application, page, desk.application.settings) is None
    assert enter_own(desk.application, page, "feedback", {"problem": 1, "text": "x"}) is None


def test_feedback_goes_in_rounds_with_files(desk: RectificationDesk) -> None:
    page = opened(desk, desk.issued().code)
    file = NewFile(PDF, "合同.pdf", "合同.pdf")
    entered(enter_own(desk.application, page, "feedback", {"problem": 1, "text": "已补签\n三份"}, [file]))
    again = enter_own(desk.application, page, "feedback", {"problem": 1, "text": "又一次"})
    assert isinstance(again, Refusal)
    assert "待本局复查" in str(again)
    back = answer_feedback(desk.application, Caller(PERSON), desk.case, 1, "缺一份", accepted=False)
    assert not isinstance(back, Refusal)
    entered(enter_own(desk.application, page, "feedback", {"problem": 1, "text": "补齐"}))
    good = answer_feedback(desk.application, Caller(PERSON), desk.case, 1, "", accepted=True)
    assert not isinstance(good, Refusal)
    view = firm_page(desk.application, page, {})
    assert view is not None
    assert (view.done, [one.state.value for one in view.problems]) == (1, ["accepted", "asked"])
    first, second = view.problems[0].rounds
    assert (first.text, first.files, first.answer) == (
        "已补签\n三份",
        [(f"{desk.case}/F1", "合同.pdf")],
        "缺一份",
    )
    assert (second.accepted, second.entered_by) == (True, None)
    with desk.application.store.read() as transaction:
        events = list(history(transaction, desk.case))
        told = transaction.inbox.of(PERSON, unacked=True, limit=99)
    own = [event for event in events if event.actor == "firm" and "firm" in event.body]
    assert [event.body["credential"] for event in own] == ["firm-code"] * 2
    assert sum("企业反馈第 1 个问题" in one.text for one in told) == 2


def test_more_time_is_asked_for_once_until_it_is_answered(desk: RectificationDesk) -> None:
    page = opened(desk, desk.issued().code)
    for until, reason in (("", "x"), ("2024-10-31", "x"), ("2026-10-31", "x"), ("2024-11-15", " ")):
        asked = enter_own(desk.application, page, "extension", {"until": until, "reason": reason})
        assert isinstance(asked, Refusal)
    entered(enter_own(desk.application, page, "extension", {"until": "2024-11-15", "reason": "等料"}))
    assert isinstance(
        enter_own(desk.application, page, "extension", {"until": "2024-11-20", "reason": "再等"}), Refusal
    )


def test_contact_data_are_written_into_the_register_with_what_they_were(desk: RectificationDesk) -> None:
    page = opened(desk, desk.issued().code)
    for wrong in ({"contact": "", "phone": ""}, {"phone": "<b>"}, {"contact": "人" * 101}):
        assert isinstance(enter_own(desk.application, page, "contact", wrong), Refusal)
    entered(enter_own(desk.application, page, "contact", {"contact": "新联络员", "phone": "0311-86000001"}))
    with desk.application.store.read() as transaction:
        entry = transaction.registers.get("objects", FIRM_CODE)
        last = list(history(transaction, "register:objects"))[-1]
    assert entry is not None
    assert (entry.name, entry.data["contact"], entry.data["phone"]) == (
        "示例企业",
        "新联络员",
        "0311-86000001",
    )
    assert last.actor == "firm"
    assert last.body["changes"]["changed"][FIRM_CODE]["contact"] == ["原联络员", "新联络员"]


def test_a_receipt_serves_the_paper_at_its_time_and_the_step_goes_on(desk: RectificationDesk) -> None:
    page = opened(desk, desk.issued(desk.paper).code)
    given = firm_document(desk.application, page, {}, desk.paper)
    assert given is not None
    assert isinstance(
        enter_own(desk.application, page, "receipt", {"paper": desk.paper, "agreed": False}), Refusal
    )
    entered(enter_own(desk.application, page, "receipt", {"paper": desk.paper, "agreed": True}))
    with desk.application.store.read() as transaction:
        paper = transaction.papers.get(desk.paper)
        last = list(history(transaction, desk.case))[-1]
    assert paper is not None
    fact = paper.fact(PaperState.SERVED)
    assert fact is not None
    assert (fact.by, fact.at) == ("firm", desk.clock.now().astimezone(fact.at.tzinfo))
    assert last.body["firm"]["sha256"] == given.sha256
    again = enter_own(desk.application, page, "receipt", {"paper": desk.paper, "agreed": True})
    assert isinstance(again, Refusal)
    desk.served()


def test_a_paper_that_was_not_opened_is_not_given(desk: RectificationDesk) -> None:
    page = opened(desk, desk.issued().code)
    assert firm_document(desk.application, page, {}, desk.paper) is None
    assert isinstance(
        enter_own(desk.application, page, "receipt", {"paper": desk.paper, "agreed": True}), Refusal
    )
    desk.served()
    assert firm_document(desk.application, page, {}, desk.paper) is not None
    assert firm_document(desk.application, page, {}, f"{desk.case}/order_paper/2") is None


def test_what_is_no_act_too_long_or_too_often_is_refused(desk: RectificationDesk) -> None:
    page = opened(desk, desk.issued().code)
    for act, answers in (
        ("code", {}),
        ("feedback", {"problem": 3, "text": "x"}),
        ("feedback", {"problem": 1, "text": " "}),
        ("feedback", {"problem": 1, "text": "长" * 2001}),
        ("feedback", {"problem": 1, "text": "坏\x07"}),
    ):
        assert isinstance(enter_own(desk.application, page, act, answers), Refusal), act
    exe = NewFile(b"MZ", "a.exe", "a.exe")
    assert isinstance(
        enter_own(desk.application, page, "feedback", {"problem": 1, "text": "x"}, [exe]), Refusal
    )
    for number in range(int(limits()["firm_acts"])):
        entered(enter_own(desk.application, page, "contact", {"contact": f"联络员{number}"}))
    over = enter_own(desk.application, page, "contact", {"contact": "再来"})
    assert isinstance(over, Refusal)
    assert "明天" in str(over)


def test_an_ended_case_is_only_read(desk: RectificationDesk) -> None:
    page = opened(desk, desk.issued().code)
    desk.served().take(desk.case, "close", PERSON)
    view = firm_page(desk.application, page, {})
    assert view is not None
    assert not view.open
    assert isinstance(enter_own(desk.application, page, "feedback", {"problem": 1, "text": "x"}), Refusal)
    entered(enter_own(desk.application, page, "receipt", {"paper": desk.paper, "agreed": True}))


def test_the_office_sees_what_its_firm_sees_and_has_said(desk: RectificationDesk) -> None:
    page = opened(desk, desk.issued(desk.paper).code)
    entered(enter_own(desk.application, page, "feedback", {"problem": 1, "text": "已补签"}))
    found = show_feedback(desk.application, PERSON, desk.case)
    assert not isinstance(found, Refusal)
    assert found.view == firm_page(desk.application, page, {})
    assert isinstance(show_feedback(desk.application, "clerk-9", desk.case), Refusal)
    assert firm_page_is_open({})
    assert not firm_page_is_open({"firm_page": "closed"})
