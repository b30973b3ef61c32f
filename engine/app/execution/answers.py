"""The answer of another system comes to its case: as the step that waits for it, or as an entry where none does any more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.app.delivery.call_answers import forget_answer, kept_answer
from engine.app.execution.apply import apply_decision
from engine.app.execution.other_cases import in_the_way
from engine.app.session.facts import facts_for
from engine.app.session.refused import CommandRefused
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.lifecycle.case import EventKind
from engine.lifecycle.command import ENGINE, Actor, Advance
from engine.lifecycle.decide import decide

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case


def take_answer(uow: UnitOfWork, case: Case, timer: str) -> None:
    """Take the step of the present state that waits for the answer, which fills its form.

    An answer no step waits for any more, or to a call after which the system was called again, is entered into the history
    and changes nothing. While the case is suspended, or has to wait for another case (one that holds a lock, a child), the answer is
    kept and looked at again. Raises CommandRefused where the step cannot be taken otherwise, as the answer does not fit its form.
    """
    answer = kept_answer(uow.transaction, timer)
    if answer is None:
        return
    process = uow.process(case)
    steps = (found[0] for found in process.steps(case.state).values())
    waits = case.open and not _is_overtaken(uow, case, answer.system, answer.item)
    awaiting = next((step for step in steps if step.on_answer == answer.system), None) if waits else None
    notes = {"called": answer.system, "call": answer.item}
    if awaiting is None:
        title = str(say("“{system}”的答复", system=answer.system))
        body = {"step": EventKind.RECORDED.value, "title": title, **notes, "answer": dict(answer.data)}
        uow.record(case, EventKind.RECORDED.value, ENGINE, body)
    elif case.suspended_at is not None:
        uow.keep_answer(case, timer)
        return
    else:
        answers = dict(answer.data) if awaiting.form is not None else None
        command = Advance(step=awaiting.id, actor=Actor(ENGINE), answers=answers)
        command = replace(command, facts=facts_for(uow, process, case, command))
        decision = decide(process, case, command, uow.now)
        if isinstance(decision, Refusal):
            raise CommandRefused(decision)
        if process.concerns_others and in_the_way(uow, process, case, decision):
            uow.keep_answer(case, timer)
            return
        decision = replace(decision, notes={**decision.notes, **notes})
        apply_decision(uow, case, decision, Actor(ENGINE))
    forget_answer(uow.transaction, timer)


def _is_overtaken(uow: UnitOfWork, case: Case, system: str, item: str) -> bool:
    """Tell whether the case has called the system again since: what was answered before says nothing of what is asked now."""
    called = item.removeprefix(f"{case.id}:").partition(":")[0]
    if not (called.isascii() and called.isdecimal() and len(called) < 19):
        return False
    later = uow.transaction.events.of(case.id, after=int(called))
    return any(system in (event.body.get("effects") or {}).get("called", ()) for event in later)
