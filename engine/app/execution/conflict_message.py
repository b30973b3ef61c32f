"""Adds to a refusal who changed the case first, and when."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from engine.app.ports.store import Transaction
from engine.kernel.instants import local_second
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import Message, say
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.chain import Event
from engine.lifecycle.command import ENGINE
from engine.lifecycle.process import Process

#: The reasons a case gives that has moved on.
_MOVED_ON = ("state", "closed")


def changed_after(transaction: Transaction, case: Case, rev: int) -> bool:
    """Tell whether a case has changed since its history had `rev` entries; refused attempts change nothing."""
    if rev == case.rev:
        return False
    later = transaction.events.of(case.id, after=rev)
    return rev > case.rev or not later or any(event.kind != EventKind.REFUSED.value for event in later)


def changed_since(case: Case, attempt: str) -> Refusal:
    """Return the refusal of a command that was meant for the case as it was before somebody changed it."""
    message = say("“{case}”在您打开以后有过变动，请先查看再办", case=case.id)
    show = NextAction("show_task", {"case": case.id})
    return Refusal(case.id, attempt, (RefusalReason("changed", message, next=show),))


def other_version(case: Case, attempt: str, version: int) -> Refusal:
    """Return the refusal of answers to a form of another version of the definition than the case goes by now."""
    message = say(
        "您填的是第 {old} 版流程的表，“{case}”现在按第 {new} 版办理，没有办理；请对照现在的表核对",
        old=version,
        new=case.version,
        case=case.id,
    )
    show = NextAction("show_task", {"case": case.id})
    return Refusal(case.id, attempt, (RefusalReason("version", message, next=show),))


def explain_conflict(
    transaction: Transaction, process: Process, case: Case, step: str, person: str, refusal: Refusal
) -> Refusal:
    """Return `refusal` with a sentence before its reasons that says who moved the case on, and when.

    As it is where nobody did: where the refusal has other reasons, or the step was never possible.
    """
    if refusal.case != case.id or all(reason.code not in _MOVED_ON for reason in refusal.reasons):
        return refusal
    move = _move_from(transaction, process, case, step)
    if move is None:
        return refusal
    first = RefusalReason("conflict", _sentence(process, case, move, person))
    return replace(refusal, reasons=(first, *refusal.reasons))


def _move_from(transaction: Transaction, process: Process, case: Case, step: str) -> Event | None:
    """Return the newest event that took the case out of a state from which `step` could have been taken."""
    moves = [
        event for event in transaction.events.of(case.id, limit=max(case.rev, 1)) if "state" in event.body
    ]
    for before, move in reversed(list(pairwise(moves))):
        state = str(before.body["state"])
        if state in process.workflow.states and step in process.steps(state):
            return move
    return None


def _sentence(process: Process, case: Case, move: Event, person: str) -> Message:
    words = {
        "case": case.id,
        "person": move.actor,
        "when": local_second(move.at, process.time.zone),
        "what": move.body.get("title", move.kind),
        "state": process.state(case.state).title,
    }
    if move.actor == ENGINE:
        return say("案件“{case}”已先由系统于 {when} 自动办理（{what}），现处“{state}”", **words)
    if move.actor == person:
        return say("案件“{case}”已由您本人于 {when} 办理（{what}），现处“{state}”，不必再办", **words)
    return say("案件“{case}”已先由“{person}”于 {when} 办理（{what}），现处“{state}”，请先查看再办", **words)
