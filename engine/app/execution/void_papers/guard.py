"""Refuses a step that rests on the service of a paper which was made void since, until one in its place is served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.app.execution.void_papers.clock import with_term
from engine.app.papers.paper import in_force, without_effect
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.deadlines.void_paper_clock import VOID_PAPER
from engine.lifecycle.model.workflow import Transition

if TYPE_CHECKING:
    from engine.app.ports.papers import PaperRecord
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case, Change
    from engine.lifecycle.deadlines.served_papers import CountedFromService
    from engine.lifecycle.decision import Decision
    from engine.lifecycle.process import Process


def unless_paper_is_void(
    uow: UnitOfWork, process: Process, case: Case, decision: Decision | Refusal
) -> Decision | Refusal:
    """Return the decision on a step; its refusal where a paper it rests on is void and none in its place is served."""
    if isinstance(decision, Refusal):
        return decision
    found = process.served_before(case.state, decision.step, decision.change.state)
    reasons = _reasons(uow, process, case, decision.step, found)
    if reasons:
        return Refusal(case.id, decision.title, reasons)
    if VOID_PAPER not in case.clocks:
        return decision
    change = decision.change
    served = {
        str(effect.arguments["paper"])
        for one in process.steps(case.state).get(decision.step, ())
        for effect in one.then
        if effect.kind == "paper" and effect.arguments["becomes"] == "served"
    }
    clocks = with_term(uow, process, case, change.state or case.state, change.clocks, served)
    return decision if clocks == change.clocks else replace(decision, change=replace(change, clocks=clocks))


def with_clocks_stopped(uow: UnitOfWork, process: Process, case: Case, change: Change) -> Change:
    """Return a change that does not come of a step, such as a step that is taken back, without clocks that count from a void paper."""
    begun = {name for name, running in change.clocks.items() if running is not None}
    kinds = [one for one in process.counted_from_service.values() if one.clocks & begun] if begun else []
    papers = uow.transaction.papers.of_case(case.id) if kinds else ()
    gone = {
        name for one in kinds if without_effect(papers, one.kind, one.along) for name in one.clocks & begun
    }
    kept = {
        name: None if name in gone else running
        for name, running in change.clocks.items()
        if name not in gone or name in case.clocks
    }
    if change.state is not None and (gone or VOID_PAPER in case.clocks):
        kept = with_term(uow, process, case, change.state, kept)
    return replace(change, clocks=kept) if kept != change.clocks else change


def void_papers_before(uow: UnitOfWork, process: Process, case: Case, step: str) -> tuple[RefusalReason, ...]:
    """Return why a step of a case cannot be taken, wherever it leads: the void papers it rests on."""
    targets = [one.target for one in process.steps(case.state).get(step, ())]
    found = tuple(
        one
        for one in process.served_before(case.state, step)
        if all(process.rests(one, case.state, step, target) for target in targets)
    )
    return _reasons(uow, process, case, step, found)


def _reasons(
    uow: UnitOfWork, process: Process, case: Case, step: str, found: Sequence[CountedFromService]
) -> tuple[RefusalReason, ...]:
    if not found:
        return ()
    papers = uow.transaction.papers.of_case(case.id)
    reasons: dict[str, RefusalReason] = {}
    for one in found:
        void = without_effect(papers, one.kind, one.along)
        if void is not None:
            reasons[void.id] = _reason(process, case, step, void, in_force(papers, one.kind))
    return tuple(reasons.values())


def _reason(
    process: Process, case: Case, step: str, void: PaperRecord, new: PaperRecord | None
) -> RefusalReason:
    fact = void.facts[-1]
    words = {"paper": void.number or void.id, "day": fact.on.isoformat(), "reason": fact.note or ""}
    if new is None:
        message = say(
            "这一步以文书“{paper}”的送达为准，该文书已于{day}作废（{reason}），不再有效力，从送达起算的期限不再计算；重新制作并送达以后，从新的送达起算",
            **words,
        )  # fmt: skip
    else:
        message = say(
            "这一步以文书“{paper}”的送达为准，该文书已于{day}作废（{reason}），代替它的“{new}”还没有送达；先送达新的一份，期限从新的送达起算",
            new=new.number or new.id, **words,
        )  # fmt: skip
    steps: Sequence[Transition] = process.steps(case.state).get(step, ())
    asked = [one.basis for taken in steps for one in taken.require if one.basis]
    paper = void.id if new is None else new.id
    return RefusalReason(
        "void-paper",
        message,
        basis=asked[0] if asked else process.workflow.basis,
        next=NextAction("make_anew", {"paper": paper}),
    )
