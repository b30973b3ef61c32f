"""``notify``: a message to roles and parties, because of a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.lifecycle.case import Case
from engine.lifecycle.model.workflow import Effect

if TYPE_CHECKING:
    from engine.app.session.effect_context import EffectContext


def do_notify(context: EffectContext, effect: Effect) -> None:
    """Write the message to everybody meant, once the step is in the history; an urgent one waits for no office hours."""
    text = effect.arguments["message"].render(context.scope)

    def tell(case: Case) -> None:
        process = context.uow.process(case)
        urgent = bool(effect.arguments.get("urgent"))
        reached: set[str] = set()
        # The parties first: who is one has it by name, whatever role they hold besides.
        named = effect.arguments["notify"]
        if len(named) > 1:
            named = sorted(named, key=lambda name: name not in process.workflow.parties)
        for audience in named:
            found = context.uow.people.recipients(process, case, audience)
            people = [person for person in found if person not in reached]
            reached.update(people)
            personal = audience in process.workflow.parties
            context.uow.tell(case, people, text, "notify", urgent=urgent, personal=personal)

    context.afterwards.append(tell)
