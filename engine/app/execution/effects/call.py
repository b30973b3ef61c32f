"""``call`` 调用: another system is asked something, through the outbox; its answer comes back as a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.kernel.refusal import NextAction
from engine.language import say
from engine.lifecycle.forms.facts_set import decimals

if TYPE_CHECKING:
    from engine.app.session.effect_context import EffectContext
    from engine.lifecycle.case import Case
    from engine.lifecycle.model.workflow import Effect

#: The kind of its items in the outbox.
CALL = "call"


def do_call(context: EffectContext, effect: Effect) -> None:
    """Put the call into the outbox once the step is in the history; the id of the item is the same at every repeat."""
    system = effect.arguments["call"]
    systems = context.uow.services.systems
    if systems is not None and system not in systems:
        raise context.refuse(
            say("要调用的系统“{system}”还没有设置", system=system),
            next_action=NextAction("set_up_system", {"system": system}),
        )
    data = {
        name: decimals(expression.value(context.scope))
        for name, expression in effect.arguments.get("send", {}).items()
    }

    def ask(case: Case) -> None:
        payload = {"about": CALL, "title": case.title, "system": system, "data": data}
        mark = f"{case.id}:{case.rev}:call:{system}"
        context.uow.send(case, CALL, system, None, payload, mark)

    context.notes.setdefault("called", []).append(system)
    context.afterwards.append(ask)
