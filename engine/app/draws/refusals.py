"""Refused attempts at a draw: noted in the draw's own log, which whoever verifies the draw reads.

A second draw, another draw after the result was seen, a changed roster, entropy of the wrong form, a void without its
reason: they change nothing else, but that somebody tried is part of the record. What reasons say may quote what was
typed, and the public log is for good and for everybody: it has the hash of the entry in the history of the case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.ports.records import DrawRow
from engine.app.session.refused import UNAGREED
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case
from engine.lifecycle.process import Process
from engine.value import value

if TYPE_CHECKING:
    from engine.app.history.requests import CommandRequest
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.draw.record import DrawRecord

#: Effects on the draw of the case itself.
_OWN = frozenset({"commit", "enter", "draw", "remove", "reveal", "void"})


@value
class Attempt:
    """An attempt that was refused. `at` is UTC text as the log has it."""

    at: str
    actor: str
    step: str
    reasons: tuple[str, ...]


def note_refused(uow: UnitOfWork, case: Case, order: CommandRequest, refusal: Refusal) -> None:
    """Add a refused step, or an act no step of the present state does, to the log of the draw it was about.

    `case` is as it is after the attempt was entered in its history.
    """
    if any(reason.code == UNAGREED for reason in refusal.reasons):
        # Nothing was tried that somebody should not: it waits for another person, who is asked here.
        from engine.app.draws.registers.register_agreement import ask_ahead

        ask_ahead(uow, case)
        return
    step, effect = order.words.get("step"), order.words.get("effect")
    row = _draw_of(uow, case, str(step)) if step else None
    if effect in _OWN:
        row = uow.transaction.records.draw(case.id)
    if row is None:
        return
    if row.public:
        _note_publicly(uow, row, case, order.person)
        return
    # Nothing of this is needed by the steps that have no draw, which are nearly all.
    from engine.app.draws import records as draws
    from engine.draw import drawing

    body = {
        "attempt": str(step or effect),
        "case": case.id,
        "reasons": [str(reason) for reason in refusal.reasons],
    }
    log = drawing.note(draws.record_of(row), "refused", body, at=uow.now, actor=order.person).log
    # One line, in a row of its own: the record holds whole rosters, and nobody limits how often somebody tries.
    uow.transaction.records.add_draw_line(row.case, row.number, len(log), log[-1])


def _note_publicly(uow: UnitOfWork, row: DrawRow, case: Case, person: str) -> None:
    """Note in the public log that something was refused; what it was is the entry of that hash in the history of the case."""
    from engine.app.draws.v2.steps import HeldDraw
    from engine.draw.refused import DrawRefused
    from engine.draw.v2 import acts

    try:
        held = HeldDraw.take(uow.transaction, row)
        held.put(
            (
                held.draw,
                acts.note(held.draw, held.log, "refused", case.head, now=uow.now, by=held.called(person)),
            )
        )
    except DrawRefused:
        # A log or a record that cannot be read takes no line; the history of the case has the refusal.
        return


def attempts(record: DrawRecord) -> list[Attempt]:
    """Return the refused attempts in the log of a draw, oldest first."""
    from engine.draw.log import read_log

    entries, _ = read_log(record.log)
    return [
        Attempt(
            entry.at,
            entry.actor,
            str(entry.body.get("attempt", "")),
            tuple(str(reason) for reason in entry.body.get("reasons", ())),
        )
        for entry in entries
        if entry.kind == "refused"
    ]


def _draw_of(uow: UnitOfWork, case: Case, step: str) -> DrawRow | None:
    process = uow.process(case)
    kinds = {effect.kind for t in process.workflow.transitions if t.id == step for effect in t.then}
    if kinds & _OWN or _asks_for_draw(process, step):
        return uow.transaction.records.draw(case.id)
    if "replace" in kinds and case.parent and (parent := uow.case(case.parent)):
        return uow.transaction.records.draw(parent.id)
    return None


def _asks_for_draw(process: Process, step: str) -> bool:
    """Whether conditions of the step look at the draw, as those that take down its entropy do."""
    return any(
        "draw" in process.names_used(state, step)
        for state in process.workflow.states
        if step in process.steps(state)
    )
