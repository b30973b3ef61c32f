"""What people enter about papers is in the history of the case, and refused where it cannot be."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from access_factories import BUREAU, services_over
from agreeing import agreed

from engine.app.commands import Caller
from engine.app.commands.application import Application, NewCase
from engine.app.commands.papers.papers import number_paper, record_paper, void_paper
from engine.app.ports.papers import NumberStatus, PaperFact, PaperNumber, PaperRecord, PaperState
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


def voided(office: Application, paper: str, reason: str, *, anew: bool = False) -> object:
    """Make a paper void as its keeper, and somebody else agrees where somebody has to."""
    return agreed(office, lambda: void_paper(office, Caller("lena"), paper, reason, anew=anew))


def test_what_was_entered_is_in_the_history(services: Application) -> None:
    signed = record_paper(services, Caller("anna"), PAPER, "signed")
    assert isinstance(signed, PaperRecord)
    void = voided(services, PAPER, "印错")
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
    made = voided(services, PAPER, "文号印错", anew=True)
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
    voided(services, PAPER, "文号印错", anew=True)
    (text,) = told("anna")
    assert "errand-1/letter/1" in text
    assert "送达新的一份" in text
    # The new one was not served yet: nobody has to fetch anything back.
    void_paper(services, Caller("lena"), "errand-1/letter/2", "又印错")
    (other,) = set(told("anna")) - {text}
    assert "作废（又印错）" in other
    assert "请管文书的人重新制作" in other
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


#: Who may number papers and make them void, and who may not.
KEEPERS, OTHERS = ("lena",), ("anna", "bela", "cara")
ORDER = (PaperState.DRAFTED, PaperState.APPROVED, PaperState.NUMBERED, PaperState.SIGNED, PaperState.SERVED)
COMMANDS: dict[str, Callable[[Application, Caller, str], object]] = {
    "sign": lambda office, by, paper: record_paper(office, by, paper, "signed"),
    "serve": lambda office, by, paper: record_paper(office, by, paper, "served"),
    "number": lambda office, by, paper: number_paper(office, by, paper, 3, "停电时手工编号"),
    "void": lambda office, by, paper: agreed(office, lambda: void_paper(office, by, paper, "印错")),
    "anew": lambda office, by, paper: agreed(
        office, lambda: void_paper(office, by, paper, "印错", anew=True)
    ),
}
#: What a paper that has come so far takes: the rest is refused.
TAKES = {
    PaperState.DRAFTED: {"void", "anew"},
    PaperState.APPROVED: {"sign", "serve", "number", "void", "anew"},
    PaperState.NUMBERED: {"sign", "serve", "number", "void", "anew"},
    PaperState.SIGNED: {"serve", "void", "anew"},
    PaperState.SERVED: {"void", "anew"},
    PaperState.FILED: {"void", "anew"},
    PaperState.VOID: {"anew"},
}
SERIES = """
papers:
  agency: 示
  series: {letter: {title: 函, pattern: "{agency}函〔{year}〕{n}号", papers: [letter]}}
"""


@pytest.mark.parametrize("state", list(TAKES))
@pytest.mark.parametrize("word", list(COMMANDS))
def test_no_command_of_papers_approves_one_whoever_gives_it(word: str, state: PaperState) -> None:
    for person in (*KEEPERS, *OTHERS):
        office = services_over(MemoryStore(), BUREAU + SERIES, people=True)
        office.start("errand", "anna", NewCase(title="示例"))
        now = office.clock.now()
        past = [*ORDER[: ORDER.index(state) + 1]] if state in ORDER else [*ORDER, state]
        before = PaperRecord(
            id=PAPER, case="errand-1", kind="letter", document="",
            facts=tuple(PaperFact(one, now.date(), now, "rosa") for one in past),
            number="示函〔2024〕1号" if PaperState.NUMBERED in past else None,
        )  # fmt: skip
        with office.store.write() as transaction:
            if before.number:
                transaction.papers.add_number(
                    PaperNumber(
                        series="letter", year=2024, number=1, text=before.number, paper=PAPER, on=now.date(), by="rosa",
                        status=NumberStatus.VOID if state is PaperState.VOID else NumberStatus.GIVEN,
                    )
                )  # fmt: skip
            transaction.papers.put(before)
        answer = COMMANDS[word](office, Caller(person), PAPER)
        with office.store.read() as transaction:
            papers = transaction.papers.of_case("errand-1")
        approvals = {fact.by for one in papers if (fact := one.fact(PaperState.APPROVED))}
        assert approvals <= {"rosa"}, (person, word, state)
        if not before.fact(PaperState.APPROVED):
            assert not any(one.number for one in papers)
        may = person in KEEPERS or (person == "anna" and word in ("sign", "serve"))
        assert isinstance(answer, PaperRecord) == (may and word in TAKES[state]), (
            person,
            word,
            state,
            str(answer),
        )
        if isinstance(answer, Refusal):
            assert papers == [before]


def test_a_number_given_by_hand_makes_that_of_the_step_void() -> None:
    office = services_over(MemoryStore(), BUREAU + SERIES, people=True)
    office.start("errand", "anna", NewCase(title="示例"))
    now = office.clock.now()
    facts = tuple(PaperFact(state, now.date(), now, "rosa") for state in ORDER[:3])
    with office.store.write() as transaction:
        transaction.papers.put(
            PaperRecord(
                id=PAPER, case="errand-1", kind="letter", document="", facts=facts, number="示函〔2024〕1号"
            )
        )
        transaction.papers.add_number(
            PaperNumber(
                series="letter", year=2024, number=1, text="示函〔2024〕1号", status=NumberStatus.GIVEN,
                paper=PAPER, on=now.date(), by="rosa",
            )
        )  # fmt: skip
    made = number_paper(office, Caller("lena"), PAPER, 7, "停电时手工编号")
    assert isinstance(made, PaperRecord)
    assert made.number == "示函〔2024〕7号"
    with office.store.read() as transaction:
        numbers = {one.number: (one.status, one.reason) for one in transaction.papers.numbers() if one.paper}
        number = transaction.papers.number_of(PAPER)
        told = transaction.events.of("errand-1")[-1].body
    assert numbers == {
        1: (NumberStatus.VOID, "停电时手工编号"),
        7: (NumberStatus.GIVEN, "停电时手工编号"),
    }
    assert number is not None
    assert number.number == 7
    assert (told["number"], told["instead_of"]) == ("示函〔2024〕7号", "示函〔2024〕1号")
    assert isinstance(record_paper(office, Caller("anna"), "示函〔2024〕1号", "signed"), Refusal)
    # That of a paper made void by this: the next number is its own.
    void_paper(office, Caller("lena"), PAPER, "印错")
    with office.store.read() as transaction:
        number = transaction.papers.number(made.kind, 2024, 7)
    assert number is not None
    assert number.status is NumberStatus.VOID
