"""One paper of a case: begun, made again, approved and numbered, made void."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.app.papers.facts import with_fact
from engine.app.papers.numbers import NumberRequest, give_next, make_void
from engine.app.ports.papers import PaperFact, PaperRecord, PaperState
from engine.language import say

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from engine.app.ports.papers import PaperNumber
    from engine.app.ports.store import Transaction
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case


#: The template of the notice to whoever a paper was served on that is void now.
VOID_NOTICE = "void_notice"


def today(uow: UnitOfWork) -> date:
    """Return the day of the bureau."""
    return uow.now.astimezone(uow.services.definitions.time.zone).date()


def present(uow: UnitOfWork, case: Case, kind: str) -> PaperRecord | None:
    """Return the paper of a kind that is in force on a case: the newest that is not void."""
    return in_force(uow.transaction.papers.of_case(case.id), kind)


def in_force(papers: Sequence[PaperRecord], kind: str) -> PaperRecord | None:
    """Return the newest paper of a kind that is not void."""
    return next(
        (one for one in reversed(papers) if one.kind == kind and one.state is not PaperState.VOID), None
    )


def without_effect(
    papers: Sequence[PaperRecord], kind: str, along: Collection[str] = ()
) -> PaperRecord | None:
    """Return the last paper of a kind that was served and is void, where none in its place has been served; else None.

    None is waited for either once a paper of the kinds `along`, which one step makes with it, is served since: that step says anew
    which of them there are, as of a notice without the right to a hearing, or of another kind of decision.
    """
    present = in_force(papers, kind)
    if present is not None and present.fact(PaperState.SERVED) is not None:
        return None
    void = [
        one
        for one in papers
        if one.kind == kind and one.state is PaperState.VOID and one.fact(PaperState.SERVED) is not None
    ]
    if not void:
        return None
    others = (in_force(papers, other) for other in along)
    served = (one.fact(PaperState.SERVED) for one in others if one is not None)
    since = any(fact is not None and fact.at >= void[-1].facts[-1].at for fact in served)
    return None if since else void[-1]


def begin(uow: UnitOfWork, case: Case, kind: str, by: str, *, draft: bool) -> PaperRecord:
    """Return the paper a step makes, numbered unless it is a draft; its document is named when it is made.

    One that was not served is made again with its number. One that was served is made void once the new one is approved,
    and the new one takes its place with the next number. Raises PaperRefusedError.
    """
    papers = uow.transaction.papers.of_case(case.id)
    there = in_force(papers, kind)
    served = there is not None and there.fact(PaperState.SERVED) is not None
    day = today(uow)
    drafted = PaperFact(PaperState.DRAFTED, day, uow.now, by)
    if there is not None and not served:
        paper = replace(there, facts=(drafted,))
    else:
        count = sum(one.kind == kind for one in papers)
        paper = PaperRecord(
            id=f"{case.id}/{kind}/{count + 1}",
            case=case.id,
            kind=kind,
            document="",
            facts=(drafted,),
            replaces=there.id if there is not None else None,
        )
    return paper if draft else approve(uow, case, paper, by, day)


def approve(uow: UnitOfWork, case: Case, paper: PaperRecord, by: str, on: date) -> PaperRecord:
    """Return a paper approved, and numbered where a series numbers it; the one it replaces is void from now on.

    Raises PaperRefusedError.
    """
    day = today(uow)
    former = uow.transaction.papers.get(paper.replaces) if paper.replaces else None
    if former is not None and former.state is not PaperState.VOID:
        void(uow, former, by, say("由重新制作的文书代替").text)
    return number_next(uow, case, with_fact(paper, PaperState.APPROVED, on, uow.now, by, today=day), by, on)


def number_next(uow: UnitOfWork, case: Case, paper: PaperRecord, by: str, on: date) -> PaperRecord:
    """Return an approved paper numbered where a series numbers it: with the number it has, else the next.

    Raises PaperRefusedError.
    """
    day = today(uow)
    policy = uow.process(case).bureau.papers
    series = policy.series_of(paper.kind)
    if series is None:
        return paper
    if paper.number is None:
        wanted = NumberRequest(
            policy=policy, series=series, section=case.section, paper=paper.id, on=on, by=by
        )
        paper = replace(paper, number=give_next(uow.transaction, wanted).text)
    return with_fact(paper, PaperState.NUMBERED, on, uow.now, by, today=day)


def void(uow: UnitOfWork, paper: PaperRecord, by: str, reason: str) -> PaperNumber | None:
    """Make a paper and its number void; both are kept. Raises PaperRefusedError where it is void already."""
    day = today(uow)
    uow.transaction.papers.put(with_fact(paper, PaperState.VOID, day, uow.now, by, today=day, note=reason))
    return make_void(uow.transaction, paper.id, reason)


def find(transaction: Transaction, wanted: str) -> PaperRecord | None:
    """Return a paper by its id or by its 文号."""
    found = transaction.papers.get(wanted)
    if found is not None:
        return found
    for number in transaction.papers.numbers():
        if number.text == wanted and number.paper is not None:
            found = transaction.papers.get(number.paper)
            # A number that was made void while its paper got another names no paper any more.
            return found if found is not None and found.number == wanted else None
    return None
