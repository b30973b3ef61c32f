"""The term for a paper in the place of a void one begins and ends with what a case waits for."""

from __future__ import annotations

from dataclasses import replace

from rectification_fixtures import rectification_desk

from engine.app.commands import Caller
from engine.app.commands.papers.papers import void_paper
from engine.app.execution.void_papers.clock import with_term
from engine.app.ports.papers import PaperRecord
from engine.app.session.unit_of_work import UnitOfWork
from engine.lifecycle.deadlines.void_paper_clock import VOID_PAPER, with_void_paper_clock
from engine.lifecycle.model.untouched import Untouched
from engine.lifecycle.process import Process
from engine.worktime.periods import Period, PeriodUnit


def test_it_begins_where_a_case_waits_and_ends_where_it_does_not() -> None:
    desk = rectification_desk().served()
    with desk.application.store.write() as transaction:
        uow = UnitOfWork(desk.application, transaction, desk.clock.now())
        case = uow.case(desk.case)
        assert case is not None
        own = uow.process(case)
        rule = Untouched(Period(3, PeriodUnit.WORKING_DAYS), ())
        process = Process(own.workflow, replace(own.bureau, untouched=rule), own.time, own.version)
        assert VOID_PAPER in with_void_paper_clock(own.workflow, process.bureau).clocks
        # Nothing is void.
        assert with_term(uow, process, case, case.state, {}) == {}
        uow.finish()
    assert isinstance(void_paper(desk.application, Caller("head-1"), desk.paper, "写错"), PaperRecord)
    with desk.application.store.write() as transaction:
        uow = UnitOfWork(desk.application, transaction, desk.clock.now())
        case = uow.case(desk.case)
        assert case is not None
        case = replace(case, clocks={})
        begun = with_term(uow, process, case, "waiting", {})[VOID_PAPER]
        assert begun is not None
        assert begun.paused_at is None
        still = with_term(uow, process, replace(case, suspended_at=uow.now), "waiting", {})[VOID_PAPER]
        assert still is not None
        assert (still.paused_at, still.next_at) == (uow.now, None)
        # What is served just now is waited for no more, nor is anything where its service has no effect.
        assert with_term(uow, process, case, "waiting", {}, {"order_paper"}) == {}
        running = replace(case, clocks={VOID_PAPER: begun})
        assert with_term(uow, process, running, "waiting", {}) == {}
        assert with_term(uow, process, running, "waiting", {}, {"order_paper"}) == {VOID_PAPER: None}
        assert with_term(uow, process, running, "serving", {}) == {VOID_PAPER: None}
        uow.finish()
