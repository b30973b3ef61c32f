"""The term in which something is served in the place of a void paper: begun and ended with what a case waits for."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.app.papers.paper import without_effect
from engine.lifecycle.deadlines.void_paper_clock import VOID_PAPER

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case, RunningClock
    from engine.lifecycle.process import Process


def with_term(
    uow: UnitOfWork,
    process: Process,
    case: Case,
    state: str,
    changed: Mapping[str, RunningClock | None],
    served: AbstractSet[str] = frozenset(),
) -> dict[str, RunningClock | None]:
    """Return the clocks that change when a case is in `state` from now on, with the term for a paper in the place of a void one.

    It begins where the case waits for one and ends where it does not any more; the kinds `served` are served just now.
    """
    found = dict(changed)
    rule = process.workflow.clocks.get(VOID_PAPER)
    if rule is None or process.state(state).final:
        return found
    papers = uow.transaction.papers.of_case(case.id)
    waits = any(
        state in one.states
        and served.isdisjoint({one.kind, *one.along})
        and without_effect(papers, one.kind, one.along) is not None
        for one in process.counted_from_service.values()
    )
    if waits and VOID_PAPER in case.clocks:
        # A step that is taken back would end it: it began after that step.
        if found.get(VOID_PAPER, rule) is None:
            del found[VOID_PAPER]
    elif waits:
        begun = process.time.start(rule, uow.now)
        # A case that is suspended waits with it.
        found[VOID_PAPER] = (
            begun if case.suspended_at is None else replace(begun, paused_at=uow.now, next_at=None)
        )
    elif VOID_PAPER in case.clocks:
        found[VOID_PAPER] = None
    return found
