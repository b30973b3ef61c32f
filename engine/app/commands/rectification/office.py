"""What the office does about the page of a firm: the code, answers, and typing for the firm (代录)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from engine.app.access.case_access import require_visible
from engine.app.access.command import CommandContext, command
from engine.app.access.visible_case import unknown_case
from engine.app.execution.execute import execute
from engine.app.papers.files import NewFile
from engine.app.people.acting_for import with_principals
from engine.app.ports.papers import PaperState
from engine.app.rectification import entry as entering
from engine.app.rectification.entry import FirmEntered, FirmEntry, open_entry
from engine.app.rectification.feedback import FirmAct, moves_term
from engine.app.rectification.firm_code import CODE_BYTES, code_digest, code_text, is_open
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.app.sign_in import web_sessions
from engine.app.sign_in.passwords import limits
from engine.kernel.clean_text import clean
from engine.kernel.instants import from_text, to_text
from engine.language import say
from engine.lifecycle.verbs.extend import Extend

if TYPE_CHECKING:
    from engine.lifecycle.case import Case

__all__ = [
    "FirmEntered",
    "IssuedCode",
    "NewFile",
    "answer_extension",
    "answer_feedback",
    "end_firm_code",
    "enter_for_firm",
    "issue_firm_code",
]


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code that was issued. It is shown once and not kept."""

    case: str
    code: str = field(repr=False)
    ends_at: datetime

    def as_json(self) -> dict[str, Any]:
        """Return plain values, without the code."""
        return {"case": self.case, "ends_at": to_text(self.ends_at)}


def _issued(body: Mapping[str, Any]) -> IssuedCode:
    return IssuedCode(body["case"], "", from_text(body["ends_at"]))


@command("firm.code", decode=_issued)
def issue_firm_code(context: CommandContext, case: str, papers: Sequence[str]) -> IssuedCode:
    """Issue the code by which the firm of a case opens its page, and say which papers it reads there. An earlier code ends."""
    entry = _entry(context, case)
    if not is_open(context.services.settings):
        raise entry.refuse(say("本局没有开通企业办理页面"))
    if not entry.view.firm:
        raise entry.refuse(say("这件案件没有写明是哪家企业"))
    if not entry.case.open:
        raise entry.refuse(say("这件案件已经办结"))
    known = {one.id: one for one in context.transaction.papers.of_case(case)}
    for one in papers:
        paper = known.get(one)
        if paper is None or paper.state is PaperState.VOID or paper.fact(PaperState.APPROVED) is None:
            raise entry.refuse(say("文书“{paper}”没有批准，或不是这件案件的", paper=one), "papers")
    chance = context.services.entropy
    if chance is None:
        raise entry.refuse(say("这里不能取随机数"))
    code = code_text(chance("firm-code", CODE_BYTES))
    ends_at = context.now + timedelta(days=int(limits()["firm_code_days"]))
    web_sessions.end_all(context.transaction, context.now, web_sessions.firm_visitor(case))
    entry.enter(
        FirmAct.CODE,
        say("发给企业办理码"),
        sha256=code_digest(case, code),
        ends_at=to_text(ends_at),
        papers=sorted(dict.fromkeys(papers)),
    )
    return IssuedCode(case, code, ends_at)


@command("firm.code", decode=FirmEntered.from_json)
def end_firm_code(context: CommandContext, case: str) -> FirmEntered:
    """End the code of a case, and the pages that were opened by it."""
    entry = _entry(context, case)
    if entry.view.code_at is None:
        raise entry.refuse(say("没有在用的企业办理码"))
    web_sessions.end_all(context.transaction, context.now, web_sessions.firm_visitor(case))
    return entry.enter(FirmAct.CODE_ENDED, say("停用企业办理码"))


@command("firm.enter", decode=FirmEntered.from_json)
def enter_for_firm(
    context: CommandContext,
    case: str,
    act: str,
    answers: Mapping[str, Any],
    files: Sequence[NewFile] = (),
) -> FirmEntered:
    """代录: enter what a firm has said on paper or by telephone, as typed by who acts."""
    return entering.enter_for_firm(_entry(context, case), act, answers, files)


@command("firm.answer", decode=FirmEntered.from_json)
def answer_feedback(
    context: CommandContext, case: str, problem: int, note: str, *, accepted: bool
) -> FirmEntered:
    """Accept what the firm has put right about one problem, or return it with the reason."""
    return entering.answer_feedback(_entry(context, case), problem, note, accepted=accepted)


@command("firm.answer", decode=FirmEntered.from_json)
def answer_extension(context: CommandContext, case: str, note: str, *, accepted: bool) -> FirmEntered:
    """Answer the firm's request for more time.

    Where the process lets the term be extended (`moves_term`), granting it extends it to the day asked for, by the verb
    ``extend`` with its limits: whoever may not extend it may not grant it.
    """
    entry = _entry(context, case)
    if not accepted or not moves_term(entry.uow.process(entry.case), entry.case, entry.view):
        return entering.answer_extension(entry, note, accepted=accepted)
    asked = entering.waiting_extension(entry)
    until, due_on, clock = date.fromisoformat(asked.until), entry.view.due_on, entry.view.clock
    assert clock is not None and due_on is not None  # noqa: S101, PT018 - `moves_term` has looked
    if until <= due_on:
        raise entry.refuse(
            say(
                "期限已经是 {due}，不早于所申请的 {until}；请答复不同意，并写明现在的期限",
                due=due_on.isoformat(),
                until=asked.until,
            )
        )
    actor = with_principals(
        entry.uow.people,
        context.actor,
        entry.case,
        entry.uow.now,
        entry.uow.process,
    )
    why = clean(note) or say("企业申请：{reason}", reason=asked.reason).render("zh_CN")
    longer = Extend(actor=actor, reason=why, count=(until - due_on).days, clock=clock)
    after = execute(entry.uow, entry.case, longer)
    return entering.answer_extension(entry, note, accepted=True, due_on=after.clocks[clock].due_on)


def _entry(context: CommandContext, case_id: str) -> FirmEntry:
    uow = UnitOfWork(context.services, context.transaction, context.now)
    found: Case | None = uow.case(case_id)
    if found is None:
        raise CommandRefused(unknown_case(case_id))
    require_visible(uow, found, context.actor)
    context.recorded = True
    return open_entry(uow, found, context.by)
