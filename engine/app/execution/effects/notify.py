"""``notify``: a message to roles and parties, because of a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.language import say
from engine.lifecycle.case import Case
from engine.lifecycle.model.workflow import Effect

if TYPE_CHECKING:
    from engine.app.session.effect_context import EffectContext


def do_notify(context: EffectContext, effect: Effect) -> None:
    """Write the message to everybody meant, once the step is in the history; an urgent one waits for no office hours."""
    text = effect.arguments["message"].render(context.scope)

    def tell(case: Case) -> None:
        process = context.uow.process(case)
        people = [
            person
            for audience in effect.arguments["notify"]
            for person in context.uow.people.recipients(process, case, audience)
        ]
        urgent = bool(effect.arguments.get("urgent"))
        context.uow.tell(case, people, say("{text}", text=text), "notify", urgent=urgent)

    context.afterwards.append(tell)
