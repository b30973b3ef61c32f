"""A step that rests on the service of a void paper is refused with the paper, the day, the reason and what to do."""

from __future__ import annotations

from dataclasses import replace

from rectification_fixtures import PERSON, RectificationDesk, rectification_desk

from engine.app.commands import Caller
from engine.app.commands.papers.papers import record_paper, void_paper
from engine.app.execution.void_papers.guard import unless_paper_is_void, void_papers_before
from engine.app.ports.papers import PaperRecord
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import NextAction, Refusal
from engine.lifecycle.case import Change, EventKind
from engine.lifecycle.command import Actor, Advance
from engine.lifecycle.decide import decide
from engine.lifecycle.decision import Decision

KEEPER = Caller("head-1")


def judged(desk: RectificationDesk, step: str = "close") -> Decision | Refusal:
    """Return what becomes of a step that is decided."""
    with desk.application.store.read() as transaction:
        uow = UnitOfWork(desk.application, transaction, desk.clock.now())
        case = transaction.cases.get(desk.case)
        assert case is not None
        process = uow.process(case)
        decision = decide(
            process, case, Advance(step=step, actor=Actor(PERSON, "one", frozenset({"clerk"}))), uow.now
        )
        before = void_papers_before(uow, process, case, step)
        found = unless_paper_is_void(uow, process, case, decision)
        assert bool(before) is isinstance(found, Refusal)
        # One that is refused anyway stays refused for what it was.
        refusal = Refusal(case.id, "甲", ())
        assert unless_paper_is_void(uow, process, case, refusal) is refusal
        # What does not bring the case on is not refused for a paper.
        stays = Decision(kind=EventKind.ADVANCED, step=step, title="乙", change=Change(state="serving"))
        assert unless_paper_is_void(uow, process, case, stays) is stays
        return found


def test_the_step_is_refused_until_the_next_paper_is_served() -> None:
    desk = rectification_desk().served()
    assert isinstance(judged(desk), Decision)
    assert isinstance(void_paper(desk.application, KEEPER, desk.paper, "期限写错"), PaperRecord)
    refused = judged(desk)
    assert isinstance(refused, Refusal)
    (reason,) = refused.reasons
    assert "已于2024-09-14作废（期限写错）" in str(reason.message)
    assert "重新制作并送达" in str(reason.message)
    assert reason.next == NextAction("make_anew", {"paper": desk.paper})
    tried = desk.application.advance(desk.case, "close", PERSON, None)
    assert isinstance(tried, Refusal)
    assert tried.reasons == refused.reasons
    # A paper of the same kind that is there and not served is named.
    with desk.application.store.write() as transaction:
        old = transaction.papers.get(desk.paper)
        assert old is not None
        new = f"{desk.case}/order_paper/2"
        transaction.papers.put(replace(old, id=new, facts=old.facts[:2], replaces=old.id))
    refused = judged(desk)
    assert isinstance(refused, Refusal)
    assert f"代替它的“{new}”还没有送达" in str(refused.reasons[0].message)
    assert isinstance(record_paper(desk.application, KEEPER, new, "served"), PaperRecord)
    assert isinstance(judged(desk), Decision)
