"""Papers: signed, served, numbered out of order, made void. What a step of a process does to them is in its YAML."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from engine.app.access.case_access import require_visible
from engine.app.access.command import CommandContext, command
from engine.app.execution.effects.documents import render_document
from engine.app.papers.facts import PaperRefusedError, with_fact
from engine.app.papers.numbers import NumberRequest, give_out_of_order
from engine.app.papers.paper import begin, find, today
from engine.app.papers.paper import void as make_void
from engine.app.ports.documents import DocumentError
from engine.app.ports.papers import PaperRecord, PaperState
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import NextAction
from engine.language import Message, say
from engine.lifecycle.case import EventKind
from engine.lifecycle.process import AFTER

if TYPE_CHECKING:
    from engine.lifecycle.case import Case

#: What may be entered by command: the rest is said by steps.
BY_COMMAND = {"signed": PaperState.SIGNED, "served": PaperState.SERVED}

__all__ = ["PaperRecord", "number_paper", "record_paper", "void_paper"]


@command("paper.record", decode=PaperRecord.from_json)
def record_paper(
    context: CommandContext, paper: str, state: str, on: date | None = None, note: str | None = None
) -> PaperRecord:
    """Enter that a paper was signed or served, on which day (today where none is given) and how."""
    uow, case, found = _found(context, paper)
    if state not in BY_COMMAND:
        raise context.refusal("paper", say("可以登记：{states}", states=sorted(BY_COMMAND)))
    day = today(uow)
    try:
        changed = with_fact(found, BY_COMMAND[state], on or day, uow.now, context.by, today=day, note=note)
    except PaperRefusedError as problem:
        raise context.refusal("paper", problem.message) from None
    uow.transaction.papers.put(changed)
    _try_timed_steps_again(uow, case)
    title = say("登记文书“{state}”", state=BY_COMMAND[state].words)
    return _entered(context, uow, case, changed, title.render("zh_CN"), {"on": (on or day).isoformat()})


@command("paper.number", decode=PaperRecord.from_json)
def number_paper(context: CommandContext, paper: str, number: int, reason: str) -> PaperRecord:
    """Give a paper a number that is not the next of its series. It is approved by this, and written anew."""
    uow, case, found = _found(context, paper)
    policy = uow.process(case).bureau.papers
    series = policy.series_of(found.kind)
    if series is None:
        raise context.refusal("paper", say("文书“{kind}”不在任何文号序列里", kind=found.kind))
    if found.number is not None:
        message = say("文书已有文号“{number}”；要换号，请先作废再重新制作", number=found.number)
        raise context.refusal("paper", message)
    day = today(uow)
    wanted = NumberRequest(
        policy=policy, series=series, section=case.section, paper=found.id, on=day, by=context.by
    )
    try:
        approved = (
            found
            if found.fact(PaperState.APPROVED)
            else with_fact(found, PaperState.APPROVED, day, uow.now, context.by, today=day)
        )
        given = give_out_of_order(uow.transaction, wanted, number, reason)
        numbered = replace(approved, number=given.text)
        numbered = with_fact(numbered, PaperState.NUMBERED, day, uow.now, context.by, today=day, note=reason)
        document = render_document(uow, case, numbered.kind, numbered)
    except (PaperRefusedError, DocumentError) as problem:
        raise context.refusal("paper", problem.message) from None
    if document is not None:
        numbered = replace(numbered, document=document.id)
    uow.transaction.papers.put(numbered)
    more = {"reason": reason, "out_of_order": given.out_of_order}
    return _entered(context, uow, case, numbered, "不按次序给文号", more)


@command("paper.void", decode=PaperRecord.from_json)
def void_paper(context: CommandContext, paper: str, reason: str, *, anew: bool = False) -> PaperRecord:
    """Make a paper and its number void; both are kept with the reason, and the number is not given again.

    With `anew` the paper that takes its place is made at once, with the next number, and returned. Where the old one
    was served, whoever served it and the party they are of get a message that the new one has to be.
    """
    uow, case, found = _found(context, paper)
    try:
        make_void(uow, found, context.by, reason)
        if anew:
            made = _made_anew(uow, case, found, context.by)
            more: dict[str, object] = {"reason": reason, "replaces": found.id}
            text = say(
                "“{title}”的文书{old}送达后作废，另行制作为{new}：请送达新的一份并登记送达日期，未登记的不能归档",
                title=case.title, old=found.number or found.id, new=made.number or made.id,
            )  # fmt: skip
            return _entered(context, uow, case, made, "作废文书，另行制作", more, (found, text))
    except (PaperRefusedError, DocumentError) as problem:
        raise context.refusal("paper", problem.message) from None
    changed = uow.transaction.papers.get(found.id)
    text = say(
        "“{title}”的文书{old}送达后作废：需要的，请重新制作、送达并登记送达日期",
        title=case.title, old=found.number or found.id,
    )  # fmt: skip
    return _entered(context, uow, case, changed or found, "作废文书", {"reason": reason}, (found, text))


def _made_anew(uow: UnitOfWork, case: Case, old: PaperRecord, by: str) -> PaperRecord:
    """Make the paper that takes the place of one that is void; a draft stays a draft."""
    draft = old.fact(PaperState.APPROVED) is None
    made = replace(begin(uow, case, old.kind, by, draft=draft), replaces=old.id)
    uow.transaction.papers.put(made)
    document = render_document(uow, case, made.kind, made)
    if document is not None:
        made = replace(made, document=document.id)
        uow.transaction.papers.put(made)
    return made


def _found(context: CommandContext, wanted: str) -> tuple[UnitOfWork, Case, PaperRecord]:
    """Return a paper with its case, locked; the same words where there is none and where it is not for who acts."""
    uow = UnitOfWork(context.services, context.transaction, context.now)
    found = find(context.transaction, wanted)
    case = None if found is None else uow.case(found.case)
    if found is None or case is None:
        message = say("没有文书“{paper}”", paper=wanted)
        raise context.refusal("paper", message, next_action=NextAction("list_numbers"))
    require_visible(uow, case, context.actor)
    return uow, case, found


def _entered(
    context: CommandContext,
    uow: UnitOfWork,
    case: Case,
    paper: PaperRecord,
    title: str,
    more: dict[str, object],
    void: tuple[PaperRecord, Message] | None = None,
) -> PaperRecord:
    """Write what was done into the history; of a paper that is `void` after its service, tell who served it."""
    body = {"title": title, "paper": paper.id, "number": paper.number, **more}
    after = uow.record(case, EventKind.RECORDED.value, context.by, body)
    served = None if void is None else void[0].fact(PaperState.SERVED)
    if void is not None and served is not None:
        uow.tell(after, _who_serves(uow, after, served.by), void[1], "notify", personal=True)
    uow.flush()
    context.recorded = True
    return paper


def _who_serves(uow: UnitOfWork, case: Case, served_by: str) -> list[str]:
    """Return whoever served a paper and the parties they are of; where they are of none, all parties, else whom the case belongs to."""
    parties = list(case.parties.values())
    own = [people for people in parties if served_by in people] or parties
    there = uow.people.actor(served_by) is not None
    found = [served_by] * there + [person for people in own for person in people]
    return list(dict.fromkeys(found)) or uow.owners_of(case)


def _try_timed_steps_again(uow: UnitOfWork, case: Case) -> None:
    """Let a step of the engine that was refused be tried once more: a filing may have waited for this paper alone."""
    for step in uow.process(case).timed_steps(case.state):
        aside = uow.transaction.timers.incident(case.id, AFTER + step.id)
        if aside is not None:
            uow.transaction.timers.put([aside[0]])
