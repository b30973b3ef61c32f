"""Whether who takes a step has taken another of the same case that excludes it; asked of the history of the case.

Acting for somebody counts as acting for them and as oneself, in what steps exclude each other and in the conditions of steps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.app.history.replay import history
from engine.app.people.incompatible import basis_of
from engine.app.session.refused import CommandRefused
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.case import EventKind

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case
    from engine.lifecycle.command import Actor
    from engine.lifecycle.model.requirement import Requirement
    from engine.lifecycle.process import Process

_TAKEN = (EventKind.ADVANCED.value, EventKind.SIGNED.value)


def require_compatible(uow: UnitOfWork, process: Process, case: Case, step: str, actor: Actor) -> None:
    """Raise CommandRefused where `actor`, or somebody they act for, took a step that excludes this one."""
    rules = [
        (rule, against)
        for rule in process.bureau.incompatible_on_a_case
        if (against := rule.against(case.workflow, step))
    ]
    if not rules:
        return
    # What the same command has done before is not written yet.
    uow.flush()
    people = {actor.id, *(principal.id for principal in actor.principals)}
    taken = {
        str(event.body.get("step")): (event.actor, str(event.body.get("title", "")))
        for event in history(uow.transaction, case.id)
        if event.kind in _TAKEN and people & {event.actor, event.body.get("for")}
    }
    for rule, against in rules:
        done = next((taken[name] for name in against if name in taken), None)
        if done is not None:
            who, title = done
            now = next((one.title for one in process.workflow.transitions if one.id == step), step)
            message = say(
                "“{person}”已在本件办过“{done}”，不能再办“{step}”",
                person=who,
                done=title,
                step=now,
            )
            raise CommandRefused(
                Refusal(case.id, now, (RefusalReason("incompatible", message, basis_of(rule.basis)),))
            )


def with_same(uow: UnitOfWork, case: Case, actor: Actor, requirements: Iterable[Requirement]) -> Actor:
    """Return `actor` with those whose acts on the case count as theirs, where a condition asks who acts."""
    if not any(
        path[0] == "actor"
        for one in requirements
        for expression in one.that.expressions()
        for path in expression.names()
    ):
        return actor
    uow.flush()
    own = {actor.id, *(principal.id for principal in actor.principals)}
    # A case below another judges what was done there.
    pairs = [
        {event.actor, str(principal)}
        for stream in filter(None, (case.id, case.parent))
        for event in history(uow.transaction, stream)
        if (principal := event.body.get("for")) is not None and event.body.get("same_approver") is None
    ]
    same = own.union(*(pair for pair in pairs if pair & own)) - {actor.id}
    return replace(actor, same=tuple(sorted(same)))
