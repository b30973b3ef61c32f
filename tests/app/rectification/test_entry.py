"""What a firm enters about its case and what the office answers, before anybody asked whether they may."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TypeVar

import pytest
from rectification_fixtures import FIRM_CODE, PDF, PERSON, RectificationDesk, rectification_desk

from engine.app.history.replay import history
from engine.app.papers.files import NewFile
from engine.app.ports.papers import PaperState
from engine.app.rectification.entry import (
    MAX_FILES,
    FirmEntered,
    FirmEntry,
    answer_extension,
    answer_feedback,
    enter_for_firm,
    open_entry,
    refused_entry,
    waiting_extension,
)
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.app.sign_in.passwords import limits
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.lifecycle.chain import Event
from engine.lifecycle.command import FIRM

T = TypeVar("T")


@pytest.fixture
def desk() -> RectificationDesk:
    return rectification_desk()


def enter(desk: RectificationDesk, by: str, act: Callable[[FirmEntry], T]) -> T:
    """Return what came of an entry by somebody, in a transaction of its own."""
    with desk.application.store.write() as transaction:
        uow = UnitOfWork(desk.application, transaction, desk.clock.now())
        case = uow.case(desk.case)
        assert case is not None
        return act(open_entry(uow, case, by))


def by_firm(
    desk: RectificationDesk, act: str, files: Sequence[NewFile] = (), by: str = FIRM, **answers: object
) -> FirmEntered:
    return enter(desk, by, lambda entry: enter_for_firm(entry, act, answers, files))


def refused(act: Callable[[], object]) -> tuple[str | None, str]:
    """Return the field and the sentence of what is refused."""
    with pytest.raises(CommandRefused) as found:
        act()
    (reason,) = found.value.refusal.reasons
    return reason.field, str(reason.message)


def last_of(desk: RectificationDesk) -> Event:
    with desk.application.store.read() as transaction:
        return list(history(transaction, desk.case))[-1]


def told(desk: RectificationDesk) -> list[str]:
    with desk.application.store.read() as transaction:
        return [one.text for one in transaction.inbox.of(PERSON, unacked=True, limit=99)]


def test_a_receipt_is_the_number_of_its_entry(desk: RectificationDesk) -> None:
    entered = by_firm(desk, "feedback", problem=1, text="已补签")
    last = last_of(desk)
    assert entered == FirmEntered(desk.case, last.seq, "feedback")
    assert entered.as_json() == {"case": desk.case, "number": last.seq, "act": "feedback"}
    assert FirmEntered.from_json(entered.as_json()) == entered
    assert (last.actor, last.body["firm"]["text"]) == (FIRM, "已补签")
    assert sum("企业反馈第 1 个问题" in text for text in told(desk)) == 1


def test_what_the_office_types_for_the_firm_says_so_and_tells_nobody(desk: RectificationDesk) -> None:
    before = told(desk)
    by_firm(desk, "feedback", by=PERSON, problem=2, text="已公示")
    last = last_of(desk)
    assert (last.actor, last.body["title"]) == (PERSON, "企业反馈第 2 个问题的整改情况（代录）")
    assert told(desk) == before
    assert enter(desk, PERSON, lambda entry: entry.itself) is False
    assert enter(desk, FIRM, lambda entry: entry.itself) is True


def test_files_are_kept_with_the_case_under_the_problem(desk: RectificationDesk) -> None:
    file = NewFile(PDF, "合同.pdf", "合同.pdf")
    by_firm(desk, "feedback", [file], problem=1, text="已补签")
    assert last_of(desk).body["firm"]["files"] == [[f"{desk.case}/F1", "合同.pdf"]]
    with desk.application.store.read() as transaction:
        (kept,) = transaction.papers.files(desk.case)
    assert (kept.title, kept.by) == ("第 1 个问题的整改材料", FIRM)
    many = [file] * (MAX_FILES + 1)
    assert refused(lambda: by_firm(desk, "feedback", many, problem=2, text="x"))[0] == "files"
    desk.application.files = None
    assert refused(lambda: by_firm(desk, "feedback", [file], problem=2, text="x")) == (
        "files",
        "这里没有存放文件的地方",
    )


def test_an_answer_of_the_office_ends_a_round_or_begins_the_next(desk: RectificationDesk) -> None:
    def answered(number: int, note: str, accepted: bool) -> FirmEntered:
        return enter(desk, PERSON, lambda entry: answer_feedback(entry, number, note, accepted=accepted))

    assert refused(lambda: answered(1, "好", True))[0] == "problem"
    by_firm(desk, "feedback", problem=1, text="已补签")
    assert refused(lambda: by_firm(desk, "feedback", problem=1, text="x"))[0] == "problem"
    assert refused(lambda: answered(1, " ", False))[0] == "note"
    answered(1, "缺一份", False)
    assert last_of(desk).body["title"] == "退回第 1 个问题的整改"
    by_firm(desk, "feedback", problem=1, text="补齐")
    answered(1, "", True)
    assert last_of(desk).body["firm"] == {
        "act": "feedback-answer",
        "problem": 1,
        "accepted": True,
        "note": "",
    }


def test_more_time_is_asked_for_and_answered(desk: RectificationDesk) -> None:
    desk.served()

    def answered(note: str, accepted: bool, due_on: date | None = None) -> FirmEntered:
        return enter(
            desk, PERSON, lambda entry: answer_extension(entry, note, accepted=accepted, due_on=due_on)
        )

    assert refused(lambda: enter(desk, PERSON, waiting_extension))[1] == "没有待答复的延期申请"
    by_firm(desk, "extension", until="2024-11-15", reason="等料")
    asked = enter(desk, PERSON, waiting_extension)
    assert (asked.until, asked.reason, asked.entered_by) == ("2024-11-15", "等料", None)
    assert refused(lambda: by_firm(desk, "extension", until="2024-11-20", reason="再等"))[1].startswith(
        "已申请过延期"
    )
    assert refused(lambda: answered("", False))[0] == "note"
    answered("可以", True, date(2024, 11, 15))
    body = last_of(desk).body
    assert (body["title"], body["firm"]["due_on"]) == ("同意企业延期到 2024-11-15", "2024-11-15")
    by_firm(desk, "extension", until="2024-12-15", reason="再等")
    answered("不行", False)
    assert (last_of(desk).body["title"], "due_on" in last_of(desk).body["firm"]) == ("不同意企业延期", False)


def test_contact_data_and_receipts_are_entered(desk: RectificationDesk) -> None:
    by_firm(desk, "contact", contact="新联络员", phone="")
    with desk.application.store.read() as transaction:
        entry = transaction.registers.get("objects", FIRM_CODE)
    assert entry is not None
    assert (entry.data["contact"], entry.data["phone"]) == ("新联络员", "0311-86000000")
    assert last_of(desk).body["firm"] == {"act": "contact", "columns": ["contact"]}
    assert refused(lambda: by_firm(desk, "receipt", paper=desk.paper, agreed=True))[0] == "paper"
    desk.issued(desk.paper)
    assert refused(lambda: by_firm(desk, "receipt", paper=desk.paper))[0] == "agreed"
    by_firm(desk, "receipt", paper=desk.paper, agreed=True)
    with desk.application.store.read() as transaction:
        paper = transaction.papers.get(desk.paper)
    assert paper is not None
    assert paper.fact(PaperState.SERVED) is not None


def test_what_is_no_act_and_what_is_too_often_is_refused(desk: RectificationDesk) -> None:
    assert refused(lambda: by_firm(desk, "code"))[1] == "企业不能办理“code”"
    for number in range(int(limits()["firm_acts"])):
        by_firm(desk, "contact", contact=f"联络员{number}")
    assert "明天" in refused(lambda: by_firm(desk, "contact", contact="再来"))[1]
    by_firm(desk, "contact", by=PERSON, contact="代录的不算")
    found = refused_entry("c-1", say("不行"), "text").refusal
    assert (found.case, found.reasons[0].field, found.reasons[0].code) == ("c-1", "text", "firm")


def test_a_paper_has_one_day_of_service(desk: RectificationDesk) -> None:
    desk.issued(desk.paper)
    desk.clock.set(desk.clock.now() + timedelta(days=2))
    by_firm(desk, "receipt", paper=desk.paper, agreed=True)
    desk.clock.set(desk.clock.now() + timedelta(days=3))
    # A second receipt with a later day would move what is counted from the first one.
    told = desk.application.advance(desk.case, "serve", PERSON, {"served_on": "2024-09-19"})
    assert isinstance(told, Refusal), told
    assert "企业已于 2024-09-16 在网页上确认收到" in str(told)
    with desk.application.store.read() as transaction:
        case, paper = transaction.cases.get(desk.case), transaction.papers.get(desk.paper)
    assert case is not None
    assert paper is not None
    assert (case.state, paper.facts[-1].on) == ("serving", date(2024, 9, 16))
    # One that shows that it was served before is entered, and the paper says what the firm confirmed.
    desk.take(desk.case, "serve", PERSON, {"served_on": "2024-09-15"})
    with desk.application.store.read() as transaction:
        paper = transaction.papers.get(desk.paper)
    assert paper is not None
    served = [fact for fact in paper.facts if fact.state is PaperState.SERVED]
    assert [(one.on, one.by) for one in served] == [(date(2024, 9, 15), PERSON)]
    assert "企业在网上确认收到：2024-09-16" in str(served[0].note)
