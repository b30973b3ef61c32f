"""What people enter about papers is in the history of the case, and refused where it cannot be."""

from __future__ import annotations

import pytest
from access_factories import BUREAU, services_over

from engine.app.commands import Caller
from engine.app.commands.application import Application, NewCase
from engine.app.commands.papers.papers import number_paper, record_paper, void_paper
from engine.app.ports.papers import PaperFact, PaperRecord, PaperState
from engine.kernel.refusal import Refusal
from engine.store.memory import MemoryStore

PAPER = "errand-1/letter/1"


@pytest.fixture
def services() -> Application:
    made = services_over(MemoryStore(), BUREAU, people=True)
    made.start("errand", "anna", NewCase(title="示例"))
    now = made.clock.now()
    facts = tuple(
        PaperFact(state, now.date(), now, "anna") for state in (PaperState.DRAFTED, PaperState.APPROVED)
    )
    with made.store.write() as transaction:
        transaction.papers.put(
            PaperRecord(id=PAPER, case="errand-1", kind="letter", document="", facts=facts)
        )
    return made


def test_what_was_entered_is_in_the_history(services: Application) -> None:
    signed = record_paper(services, Caller("anna"), PAPER, "signed")
    assert isinstance(signed, PaperRecord)
    void = void_paper(services, Caller("lena"), PAPER, "印错")
    assert isinstance(void, PaperRecord)
    assert (signed.state, void.state) == (PaperState.SIGNED, PaperState.VOID)
    with services.store.read() as transaction:
        told = [event.body for event in transaction.events.of("errand-1") if "paper" in event.body]
    assert [(body["title"], body["paper"]) for body in told] == [
        ("登记文书“签署”", PAPER),
        ("作废文书", PAPER),
    ]


def test_a_void_paper_is_made_anew_and_both_are_kept(services: Application) -> None:
    record_paper(services, Caller("anna"), PAPER, "served")
    made = void_paper(services, Caller("lena"), PAPER, "文号印错", anew=True)
    assert isinstance(made, PaperRecord)
    assert (made.id, made.replaces, made.state) == ("errand-1/letter/2", PAPER, PaperState.APPROVED)
    with services.store.read() as transaction:
        old, new = transaction.papers.of_case("errand-1")
        told = transaction.events.of("errand-1")[-1].body
    assert (old.id, old.state, new) == (PAPER, PaperState.VOID, made)
    assert (told["title"], told["paper"], told["replaces"]) == ("作废文书，另行制作", made.id, PAPER)
    assert isinstance(void_paper(services, Caller("lena"), PAPER, "再作废", anew=True), Refusal)


def test_who_served_a_paper_is_told_that_the_new_one_has_to_be(services: Application) -> None:
    def told(person: str) -> list[str]:
        with services.store.read() as transaction:
            sent = [one for one in transaction.outbox.listed() if one.recipient == person]
        return [text for one in sent if "作废" in (text := str(one.payload["text"]))]

    record_paper(services, Caller("anna"), PAPER, "served")
    void_paper(services, Caller("lena"), PAPER, "文号印错", anew=True)
    (text,) = told("anna")
    assert "errand-1/letter/1" in text
    assert "送达新的一份" in text
    # The new one was not served yet: nobody has to fetch anything back.
    void_paper(services, Caller("lena"), "errand-1/letter/2", "又印错")
    assert told("anna") == [text]
    assert told("lena") == []


def test_a_request_sent_twice_acts_once(services: Application) -> None:
    caller = Caller("anna", "once")
    first = record_paper(services, caller, PAPER, "served")
    assert record_paper(services, caller, PAPER, "served") == first
    assert isinstance(record_paper(services, Caller("anna"), PAPER, "served"), Refusal)


def test_what_cannot_be_is_refused(services: Application) -> None:
    for refused in (
        record_paper(services, Caller("anna"), PAPER, "drafted"),
        record_paper(services, Caller("anna"), "errand-1/letter/2", "signed"),
        number_paper(services, Caller("lena"), PAPER, 1, "没有序列"),
        void_paper(services, Caller("anna"), PAPER, "无权"),
    ):
        assert isinstance(refused, Refusal)
