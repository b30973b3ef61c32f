"""What a firm has to put right, and what it has said of it: read from the case and the entries of its history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.app.papers.paper import VOID_NOTICE, without_effect
from engine.app.ports.papers import PaperRecord, PaperState
from engine.language import Message, say
from engine.lifecycle.command import FIRM
from engine.lifecycle.forms.in_words import lines_of, shown_answers
from engine.lifecycle.model.form import Form
from engine.lifecycle.verbs.extend import EXTEND
from engine.worktime.periods import OnDay

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.lifecycle.case import Case
    from engine.lifecycle.chain import Event
    from engine.lifecycle.process import Process

#: By what a firm proves that it may act.
FIRM_CODE = "firm-code"
#: The key of the body of an entry that says what was done.
KEY = "firm"


class FirmAct(StrEnum):
    """What is entered: the first two and the answers by the office, the others by the firm, or by the office for it (代录)."""

    CODE = "code"
    CODE_ENDED = "code-ended"
    FEEDBACK = "feedback"
    FEEDBACK_ANSWER = "feedback-answer"
    EXTENSION = "extension"
    EXTENSION_ANSWER = "extension-answer"
    CONTACT = "contact"
    RECEIPT = "receipt"


class ProblemState(StrEnum):
    """The state of one problem: who has to act next."""

    ASKED = "asked"
    WAITING = "waiting"
    RETURNED = "returned"
    ACCEPTED = "accepted"

    @property
    def words(self) -> Message:
        """Return it in words that say who acts next."""
        return {
            ProblemState.ASKED: say("待企业反馈"),
            ProblemState.WAITING: say("待本局复查"),
            ProblemState.RETURNED: say("已退回，待企业再次反馈"),
            ProblemState.ACCEPTED: say("本局已认可"),
        }[self]


@dataclass(frozen=True, slots=True)
class FeedbackRound:
    """One round of feedback on a problem. `entered_by` is who typed it for the firm; None: the firm itself."""

    at: datetime
    text: str
    #: id and name of each file.
    files: Sequence[tuple[str, str]]
    entered_by: str | None
    accepted: bool | None = None
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProblemView:
    """One problem: what was found by which article, and the rounds of feedback on it."""

    number: int
    facts: Sequence[tuple[str, str]]
    rounds: Sequence[FeedbackRound] = ()

    @property
    def state(self) -> ProblemState:
        """Return its state."""
        if not self.rounds:
            return ProblemState.ASKED
        last = self.rounds[-1].accepted
        if last is None:
            return ProblemState.WAITING
        return ProblemState.ACCEPTED if last else ProblemState.RETURNED

    @property
    def takes_feedback(self) -> bool:
        """Tell whether the firm has to say something of it."""
        return self.state in (ProblemState.ASKED, ProblemState.RETURNED)


@dataclass(frozen=True, slots=True)
class ExtensionRequest:
    """The firm asked for more time, until a day."""

    at: datetime
    until: str
    reason: str
    entered_by: str | None
    granted: bool | None = None
    answer: str = ""
    #: The last day since it was granted; None where the answer has not moved the term.
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReleasedPaper:
    """A paper the firm may read: what it is called, the document, when the firm said that it has it."""

    paper: PaperRecord
    title: str
    received_at: datetime | None
    entered_by: str | None


@dataclass(frozen=True, slots=True)
class VoidForFirm:
    """A paper that was served on the firm and is void: what it is called, since when, and why."""

    title: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class FirmCaseView:
    """One case as its firm sees it. Nothing else of the case is in it."""

    case: str
    title: str
    firm: str
    name: str
    state: str
    open: bool
    asked: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    due_on: date | None
    late: bool
    #: The clock that sets the term, while it runs.
    clock: str | None
    problems: Sequence[ProblemView]
    extensions: Sequence[ExtensionRequest]
    papers: Sequence[ReleasedPaper]
    #: Papers that were served and are void, whatever has taken their place.
    void: Sequence[VoidForFirm]
    contact: str
    phone: str
    #: When each correction of the contact data was made, and by whom for the firm.
    contacts: Sequence[tuple[datetime, str | None]] = ()
    #: The code in force was issued then; None: there is none.
    code_at: datetime | None = None
    code_ends_at: datetime | None = None

    @property
    def done(self) -> int:
        """Return how many problems are accepted."""
        return sum(one.state is ProblemState.ACCEPTED for one in self.problems)

    @property
    def waiting_extension(self) -> ExtensionRequest | None:
        """Return the request for more time nobody has answered yet."""
        return next((one for one in self.extensions if one.granted is None), None)


def moves_term(process: Process, case: Case, view: FirmCaseView) -> bool:
    """Tell whether granting the firm more time extends its term at once: the state lets the running clock be extended by days, and nobody else has to approve it."""
    verb = process.state(case.state).verbs.get(EXTEND.word)
    return (
        view.clock is not None and verb is not None and verb.clock in (None, view.clock) and not verb.approve
    )


@dataclass(frozen=True, slots=True)
class CodeInForce:
    """The code by which the firm opens its page: its digest, when it was issued and ends, which papers it opens."""

    sha256: str
    at: datetime
    ends_at: datetime
    papers: Sequence[str]


@dataclass(slots=True)
class FirmEntries:
    """What the history of a case says of its firm, in order."""

    entries: list[tuple[Event, Mapping[str, Any]]] = field(default_factory=list)

    def of(self, *acts: FirmAct) -> Iterator[tuple[Event, Mapping[str, Any]]]:
        """Yield the entries of some acts."""
        wanted = {one.value for one in acts}
        return ((event, body) for event, body in self.entries if body["act"] in wanted)

    @property
    def code(self) -> CodeInForce | None:
        """Return the code that was issued last, unless it was ended since."""
        from engine.kernel.instants import from_text

        found: CodeInForce | None = None
        for event, body in self.of(FirmAct.CODE, FirmAct.CODE_ENDED):
            found = (
                CodeInForce(body["sha256"], event.at, from_text(body["ends_at"]), tuple(body["papers"]))
                if body["act"] == FirmAct.CODE.value
                else None
            )
        return found


def entries_of(events: Iterable[Event]) -> FirmEntries:
    """Return what a history says of the firm."""
    return FirmEntries(
        [(event, body) for event in events if isinstance(body := event.body.get(KEY), Mapping)]
    )


def view_of(
    transaction: Transaction, process: Process, case: Case, entries: FirmEntries, now: datetime
) -> FirmCaseView:
    """Return a case as its firm sees it."""
    zone = ZoneInfo(process.bureau.timezone)
    code = entries.code
    extensions = _extensions(entries)
    asked, term = _asked(process, case, _stopped(transaction, process, case), zone, now)
    if term.clock is None and term.due_on is not None:
        # The clock has stopped, or has not begun: the day of the form, or that of an extension since.
        term = replace(term, due_on=max((term.due_on, *(one.due_on for one in extensions if one.due_on))))
    firm = str(case.subject.get("id") or "")
    entry = transaction.registers.get("objects", firm) if firm else None
    data = entry.data if entry is not None else {}
    return FirmCaseView(
        case=case.id,
        title=case.title,
        firm=firm,
        name=str(case.subject.get("name") or case.title),
        state=process.state(case.state).title,
        open=case.open,
        asked=asked,
        due_on=term.due_on,
        late=term.late,
        clock=term.clock,
        problems=_problems(process, case, entries, zone),
        extensions=extensions,
        papers=_papers(transaction, case, entries),
        void=_void(transaction, case),
        contact=str(data.get("contact") or ""),
        phone=str(data.get("phone") or ""),
        contacts=[(event.at, _typist(event)) for event, _ in entries.of(FirmAct.CONTACT)],
        code_at=code.at if code is not None else None,
        code_ends_at=code.ends_at if code is not None else None,
    )


@dataclass(frozen=True, slots=True)
class _LastDay:
    """Until when the firm has time, whether that is over, and the clock that says so while it runs."""

    due_on: date | None = None
    late: bool = False
    clock: str | None = None


def _stopped(transaction: Transaction, process: Process, case: Case) -> frozenset[str]:
    """Return the clocks that count from papers which are void, with none in their place that was served."""
    kinds = process.counted_from_service
    if not kinds:
        return frozenset()
    papers = transaction.papers.of_case(case.id)
    return frozenset(
        clock
        for kind, counted in kinds.items()
        if without_effect(papers, kind, counted.along)
        for clock in counted.clocks
    )


def _void(transaction: Transaction, case: Case) -> list[VoidForFirm]:
    titles = {one.id: one.title for one in transaction.records.documents(case.id)}
    return [
        VoidForFirm(
            " ".join(filter(None, (titles.get(paper.document) or paper.kind, paper.number))),
            paper.facts[-1].on,
            paper.facts[-1].note or "",
        )
        for paper in transaction.papers.of_case(case.id)
        if paper.state is PaperState.VOID and paper.fact(PaperState.SERVED) is not None
    ]


def _asked(
    process: Process, case: Case, stopped: frozenset[str], zone: ZoneInfo, now: datetime
) -> tuple[list[tuple[str, Sequence[tuple[str, str]]]], _LastDay]:
    """Return what the firm is asked, and until when.

    What sets a firm a term is a clock that ends on a day a form of the case names: that form is what is asked of it.
    Late is who has not answered while the clock runs: before it the order is not served, after it the office has the answer.
    What is asked by a paper that is void, so that its clock has `stopped`, is not asked.
    """
    forms = process.workflow.forms
    found: list[tuple[str, Sequence[tuple[str, str]]]] = []
    term = _LastDay()
    for rule in process.workflow.clocks.values():
        if not isinstance(rule.limit, OnDay) or rule.since is None or rule.id in stopped:
            continue
        for name in rule.since.names():
            if len(name) != 3 or name[0] != "forms" or name[1] not in case.forms or name[1] not in forms:
                continue
            form, answers = forms[name[1]], case.forms[name[1]]
            pairs = [(line.title, line.text) for line in lines_of(form, answers, None, {}, zone, {})]
            found.append((form.title, pairs))
            clock = case.clocks.get(rule.id)
            if clock is not None:
                term = _LastDay(clock.due_on, clock.late(now), rule.id)
            elif isinstance(day := answers.get(name[2]), str):
                term = _LastDay(date.fromisoformat(day))
    return found, term


def _problems(process: Process, case: Case, entries: FirmEntries, zone: ZoneInfo) -> list[ProblemView]:
    """Return the rows of the first list of the case that has any, each with its rounds."""
    rounds = _rounds(entries)
    for name, asked in process.workflow.fields.items():
        rows = case.fields.get(name)
        if not asked.columns or not isinstance(rows, list | tuple):
            continue
        if not (given := [row for row in rows if isinstance(row, Mapping)]):
            continue
        row_form = Form(id=name, title="", fields=asked.columns)
        titles = {column.name: column.title for column in asked.columns}
        return [
            ProblemView(
                number,
                [(titles[key], text) for key, text in shown_answers(row_form, row, {}, zone).items() if text],
                rounds.get(number, ()),
            )
            for number, row in enumerate(given, 1)
        ]
    return []


def _rounds(entries: FirmEntries) -> dict[int, list[FeedbackRound]]:
    found: dict[int, list[FeedbackRound]] = {}
    for event, body in entries.of(FirmAct.FEEDBACK, FirmAct.FEEDBACK_ANSWER):
        rounds = found.setdefault(int(body["problem"]), [])
        if body["act"] == FirmAct.FEEDBACK.value:
            files = [(str(one[0]), str(one[1])) for one in body["files"]]
            rounds.append(FeedbackRound(event.at, body["text"], files, _typist(event)))
        elif rounds:
            last = rounds[-1]
            rounds[-1] = FeedbackRound(
                last.at,
                last.text,
                last.files,
                last.entered_by,
                accepted=bool(body["accepted"]),
                answer=str(body["note"]),
                answered_by=event.actor,
                answered_at=event.at,
            )
    return found


def _extensions(entries: FirmEntries) -> list[ExtensionRequest]:
    found: list[ExtensionRequest] = []
    for event, body in entries.of(FirmAct.EXTENSION, FirmAct.EXTENSION_ANSWER):
        if body["act"] == FirmAct.EXTENSION.value:
            found.append(ExtensionRequest(event.at, body["until"], body["reason"], _typist(event)))
        elif found:
            last = found[-1]
            day = body.get("due_on")
            found[-1] = replace(
                last,
                granted=bool(body["accepted"]),
                answer=str(body["note"]),
                due_on=date.fromisoformat(day) if isinstance(day, str) else None,
            )
    return found


def _papers(transaction: Transaction, case: Case, entries: FirmEntries) -> list[ReleasedPaper]:
    """Return the papers the firm may read: those the code was issued with, and those that were served."""
    released = set(entries.code.papers) if entries.code is not None else set()
    received = {body["paper"]: event for event, body in entries.of(FirmAct.RECEIPT)}
    documents = {one.id: one for one in transaction.records.documents(case.id)}
    found = []
    for paper in transaction.papers.of_case(case.id):
        void = paper.state is PaperState.VOID
        if void or not (
            paper.kind == VOID_NOTICE or paper.id in released or paper.fact(PaperState.SERVED) is not None
        ):
            continue
        event = received.get(paper.id)
        found.append(
            ReleasedPaper(
                paper,
                (document.title if (document := documents.get(paper.document)) else "")
                or paper.number
                or paper.kind,
                event.at if event is not None else None,
                _typist(event) if event is not None else None,
            )
        )
    return found


def _typist(event: Event) -> str | None:
    """Return who of the office typed an entry for the firm; None where the firm did it itself."""
    return None if event.actor == FIRM else event.actor
