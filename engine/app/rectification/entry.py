"""Enters what a firm does about its case, and what the office answers: the rules, the entry of the history, the messages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from engine.app.history.replay import history
from engine.app.papers.facts import PaperRefusedError, with_fact
from engine.app.papers.files import NewFile, keep_with_case
from engine.app.papers.paper import today
from engine.app.ports.papers import PaperState
from engine.app.rectification.feedback import (
    KEY,
    ExtensionRequest,
    FirmAct,
    FirmCaseView,
    ProblemState,
    entries_of,
    view_of,
)
from engine.app.registers.changes import FIRM_CHANGED, unknown_entries
from engine.app.registers.import_entries import plan_entries, write_entries
from engine.app.session.refused import CommandRefused
from engine.app.sign_in.passwords import limits
from engine.kernel.clean_text import clean
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message, say
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.command import FIRM

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.app.session.unit_of_work import UnitOfWork

#: Characters of one text, files of one round, and days more that may be asked for.
MAX_TEXT, MAX_FILES, MAX_DAYS = 2_000, 20, 366
_OBJECTS = "objects"
#: Digits with what is written between them; an import of the register is stricter.
_PHONE = re.compile(r"[0-9+][0-9 ()+/;；转x-]{4,38}[0-9]", re.ASCII)


@dataclass(frozen=True, slots=True)
class FirmEntered:
    """What was entered: the number of the entry is the receipt."""

    case: str
    number: int
    act: str

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"case": self.case, "number": self.number, "act": self.act}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> FirmEntered:
        """Return what `as_json` wrote."""
        return cls(body["case"], body["number"], body["act"])


@dataclass(slots=True)
class FirmEntry:
    """One entry in the making: the case as the firm sees it now, and who types."""

    uow: UnitOfWork
    case: Case
    by: str
    view: FirmCaseView

    @property
    def itself(self) -> bool:
        """Tell whether the firm acts itself."""
        return self.by == FIRM

    def enter(self, act: FirmAct, title: Message, **body: Any) -> FirmEntered:
        """Write the entry, and the messages to whoever has the case in hand where the firm has done something."""
        words = title.render("zh_CN")
        if not self.itself and act in _OF_THE_FIRM:
            words = say("{title}（代录）", title=title).render("zh_CN")
        seen = self.uow.seen(self.case.id) or self.case
        kept = self.uow.record(
            seen, EventKind.RECORDED.value, self.by, {"title": words, KEY: {"act": act.value, **body}}
        )
        if self.itself and act in _OF_THE_FIRM:
            process = self.uow.process(kept)
            state = process.state(kept.state)
            names = state.audience or tuple(process.workflow.parties)
            people = [one for name in names for one in self.uow.people.recipients(process, kept, name)]
            self.uow.tell(kept, people, say("“{case}”：{what}", case=kept.title, what=title), "notify")
        self.uow.finish()
        return FirmEntered(kept.id, kept.rev, act.value)

    def refuse(self, message: Message, name: str | None = None) -> CommandRefused:
        """Return the exception that refuses the entry."""
        return refused_entry(self.case.id, message, name)


_OF_THE_FIRM = (FirmAct.FEEDBACK, FirmAct.EXTENSION, FirmAct.CONTACT, FirmAct.RECEIPT)


def refused_entry(case_id: str, message: Message, name: str | None = None) -> CommandRefused:
    """Return the exception that refuses something about the firm of a case; `name` is that of what was typed wrong."""
    return CommandRefused(Refusal(case_id, "", (RefusalReason("firm", message, field=name),)))


def open_entry(uow: UnitOfWork, case: Case, by: str) -> FirmEntry:
    """Return an entry to be made about `case` by a person, or by `FIRM`. Raises CommandRefused for one too many in a day."""
    entries = entries_of(history(uow.transaction, case.id))
    if by == FIRM:
        since = uow.now - timedelta(days=1)
        made = sum(event.at > since and event.actor == FIRM for event, _ in entries.entries)
        if made >= int(limits()["firm_acts"]):
            raise refused_entry(case.id, say("今天办理的次数已满 {most} 次，请明天再办或联系本局", most=made))
    return FirmEntry(uow, case, by, view_of(uow.transaction, uow.process(case), case, entries, uow.now))


def enter_for_firm(
    entry: FirmEntry, act: str, answers: Mapping[str, Any], files: Sequence[NewFile]
) -> FirmEntered:
    """Enter what the firm says. Raises CommandRefused with what is wrong."""
    known = {one.value: _ACTS[one] for one in _OF_THE_FIRM}
    if act not in known:
        raise entry.refuse(say("企业不能办理“{act}”", act=act))
    if not entry.case.open and act != FirmAct.RECEIPT.value:
        raise entry.refuse(say("这件案件已经办结，不能再办理；请联系本局"))
    return known[act](entry, answers, files)


def _feedback(entry: FirmEntry, answers: Mapping[str, Any], files: Sequence[NewFile]) -> FirmEntered:
    number, text = answers.get("problem"), clean(str(answers.get("text") or ""))
    problem = next((one for one in entry.view.problems if one.number == number), None)
    if problem is None:
        raise entry.refuse(say("没有第 {number} 个问题", number=str(number)), "problem")
    if not problem.takes_feedback:
        raise entry.refuse(
            say(
                "第 {number} 个问题现在是“{state}”，不用反馈",
                number=problem.number,
                state=problem.state.words,
            ),
            "problem",
        )
    if not text:
        raise entry.refuse(say("请写明整改情况"), "text")
    if len(text) > MAX_TEXT:
        raise entry.refuse(
            say("整改情况最多 {most} 字，实为 {seen} 字", most=MAX_TEXT, seen=len(text)), "text"
        )
    if len(files) > MAX_FILES:
        raise entry.refuse(say("一次最多 {most} 个文件", most=MAX_FILES), "files")
    kept = _kept(entry, problem.number, files)
    title = say("企业反馈第 {number} 个问题的整改情况", number=problem.number)
    return entry.enter(FirmAct.FEEDBACK, title, problem=problem.number, text=text, files=kept)


def _kept(entry: FirmEntry, number: int, files: Sequence[NewFile]) -> list[list[str]]:
    """Keep files with the case; return id and name of each."""
    store = entry.uow.services.files
    if not files:
        return []
    if store is None:
        raise entry.refuse(say("这里没有存放文件的地方"), "files")
    title = say("第 {number} 个问题的整改材料", number=number).render("zh_CN")
    try:
        kept = [
            keep_with_case(entry.uow, entry.case, store, replace(one, title=title), entry.by) for one in files
        ]
    except PaperRefusedError as problem:
        raise entry.refuse(problem.message, "files") from None
    return [[file.id, file.name] for file in kept]


def _extension(entry: FirmEntry, answers: Mapping[str, Any], _files: Sequence[NewFile]) -> FirmEntered:
    reason = clean(str(answers.get("reason") or ""))
    try:
        until = date.fromisoformat(str(answers.get("until") or ""))
    except ValueError:
        raise entry.refuse(say("请写明申请延到哪一天，如 2026-03-31"), "until") from None
    view = entry.view
    if view.due_on is None:
        raise entry.refuse(say("现在没有改正期限，不用申请延期"))
    if view.waiting_extension is not None:
        raise entry.refuse(say("已申请过延期，本局还没有答复"))
    if until <= view.due_on:
        raise entry.refuse(say("应晚于现在的期限 {due}", due=view.due_on.isoformat()), "until")
    if until > view.due_on + timedelta(days=MAX_DAYS):
        raise entry.refuse(say("最多申请延长 {most} 天", most=MAX_DAYS), "until")
    if not reason or len(reason) > MAX_TEXT:
        raise entry.refuse(say("请写明理由，最多 {most} 字", most=MAX_TEXT), "reason")
    title = say("企业申请延期到 {until}", until=until.isoformat())
    return entry.enter(FirmAct.EXTENSION, title, until=until.isoformat(), reason=reason)


def _contact(entry: FirmEntry, answers: Mapping[str, Any], _files: Sequence[NewFile]) -> FirmEntered:
    """Write the firm's own contact data into the register; what they were before stays in its history."""
    contact, phone = (clean(str(answers.get(name) or "")) for name in ("contact", "phone"))
    if not contact and not phone:
        raise entry.refuse(say("请填写联络员或联系电话"), "contact")
    if len(contact) > 100:
        raise entry.refuse(say("联络员最多 {most} 字", most=100), "contact")
    if phone and not _PHONE.fullmatch(phone):
        raise entry.refuse(say("应为电话号码，如 0311-86000000 或 11 位手机号"), "phone")
    transaction = entry.uow.transaction
    known = transaction.registers.get(_OBJECTS, entry.view.firm)
    if known is None:
        raise CommandRefused(Refusal(entry.case.id, "", (unknown_entries(_OBJECTS, [entry.view.firm]),)))
    typed = {name: value for name, value in (("contact", contact), ("phone", phone)) if value}
    changed = replace(known, data={**known.data, **typed})
    plan = plan_entries(
        _OBJECTS, {known.id: known}, [changed], source="firm", besides={"case": entry.case.id}
    )
    write_entries(transaction, entry.uow.now, plan, entry.by, entered_as=FIRM_CHANGED)
    return entry.enter(FirmAct.CONTACT, say("企业更正联系方式"), columns=sorted(typed))


def _receipt(entry: FirmEntry, answers: Mapping[str, Any], _files: Sequence[NewFile]) -> FirmEntered:
    """Enter that the firm has a paper: from then on it is served, if it was not before."""
    wanted = answers.get("paper")
    shown = next((one for one in entry.view.papers if one.paper.id == wanted), None)
    if shown is None:
        raise entry.refuse(say("没有这份文书"), "paper")
    if shown.received_at is not None:
        raise entry.refuse(say("已经确认收到过“{title}”", title=shown.title), "paper")
    if answers.get("agreed") is not True:
        raise entry.refuse(say("请勾选同意以这种方式接收文书"), "agreed")
    paper, uow = shown.paper, entry.uow
    if paper.fact(PaperState.SERVED) is None and paper.state is not PaperState.FILED:
        day = today(uow)
        try:
            served = with_fact(
                paper, PaperState.SERVED, day, uow.now, entry.by, today=day, note="企业在网上确认收到"
            )
        except PaperRefusedError as problem:
            raise entry.refuse(problem.message, "paper") from None
        uow.transaction.papers.put(served)
    document = next(
        (one for one in uow.transaction.records.documents(entry.case.id) if one.id == paper.document), None
    )
    title = say("企业确认收到“{title}”", title=shown.title)
    digest = document.sha256 if document is not None else None
    return entry.enter(FirmAct.RECEIPT, title, paper=paper.id, document=paper.document, sha256=digest)


_ACTS: Mapping[FirmAct, Callable[[FirmEntry, Mapping[str, Any], Sequence[NewFile]], FirmEntered]] = {
    FirmAct.FEEDBACK: _feedback,
    FirmAct.EXTENSION: _extension,
    FirmAct.CONTACT: _contact,
    FirmAct.RECEIPT: _receipt,
}


def answer_feedback(entry: FirmEntry, number: int, note: str, *, accepted: bool) -> FirmEntered:
    """Accept what the firm has put right, or return it with the reason. Raises CommandRefused."""
    problem = next((one for one in entry.view.problems if one.number == number), None)
    if problem is None or problem.state is not ProblemState.WAITING:
        raise entry.refuse(say("第 {number} 个问题没有待答复的反馈", number=number), "problem")
    note = clean(note)
    if not accepted and not note:
        raise entry.refuse(say("退回时请写明理由，企业会看到"), "note")
    title = (
        say("认可第 {number} 个问题的整改", number=number)
        if accepted
        else say("退回第 {number} 个问题的整改", number=number)
    )
    return entry.enter(FirmAct.FEEDBACK_ANSWER, title, problem=number, accepted=accepted, note=note)


def answer_extension(
    entry: FirmEntry, note: str, *, accepted: bool, due_on: date | None = None
) -> FirmEntered:
    """Say yes or no to the firm's request for more time. Raises CommandRefused where there is none.

    `due_on` is the last day now, where the term was moved with the answer; the firm reads it.
    """
    asked = waiting_extension(entry)
    note = clean(note)
    if not accepted and not note:
        raise entry.refuse(say("不同意的，请写明理由，企业会看到"), "note")
    title = say("同意企业延期到 {until}", until=asked.until) if accepted else say("不同意企业延期")
    moved = {"due_on": due_on.isoformat()} if due_on is not None else {}
    return entry.enter(
        FirmAct.EXTENSION_ANSWER, title, until=asked.until, accepted=accepted, note=note, **moved
    )


def waiting_extension(entry: FirmEntry) -> ExtensionRequest:
    """Return the request for more time that nobody has answered. Raises CommandRefused where there is none."""
    asked = entry.view.waiting_extension
    if asked is None:
        raise entry.refuse(say("没有待答复的延期申请"))
    return asked
