"""``copy_to`` 抄送: copies of the case to roles and parties, who say that they have read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.model.workflow import Effect
from engine.lifecycle.verbs.asking.circulate import CIRCULATE, copy_message, new_copy, unread

if TYPE_CHECKING:
    from engine.app.session.effect_context import EffectContext


def do_copy_to(context: EffectContext, effect: Effect) -> None:
    """Send the copies once the step is in the history, as an entry of its own; whoever has one unread gets no second."""
    uow, by = context.uow, context.actor.id
    text = effect.arguments["message"].render(context.scope) if "message" in effect.arguments else None

    def send(after: Case) -> None:
        case = uow.case(after.id) or after
        process = uow.process(case)
        waiting = {by, *unread(case)}
        people = [
            person
            for audience in effect.arguments["copy_to"]
            for person in uow.people.recipients(process, case, audience)
            if person not in waiting
        ]
        if not people:
            return
        change = Change(copies={person: new_copy(by, uow.now) for person in people})
        kind = EventKind.CIRCULATED.value
        body = {"step": kind, "title": CIRCULATE.title, **({"reason": text} if text else {})}
        sent = uow.record(case, kind, by, body, change)
        uow.tell(sent, people, copy_message(case, by, text), kind, personal=True)

    context.afterwards.append(send)
