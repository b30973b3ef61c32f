"""``set`` and ``assign``: what a case remembers, and who belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.app.session.facts import person_rows
from engine.language import say
from engine.lifecycle.forms.facts_set import work_out
from engine.lifecycle.model.workflow import Effect

if TYPE_CHECKING:
    from engine.app.session.effect_context import EffectContext


def do_set(context: EffectContext, effect: Effect) -> None:
    """Keep the value of each expression under a field of the case."""
    fields = context.uow.process(context.case).workflow.fields
    values = work_out(effect.arguments["set"], context.scope, fields)
    context.fields.update(values)
    context.scope["case"] = {**context.scope["case"], **values}


def do_assign(context: EffectContext, effect: Effect) -> None:
    """Put people into a party of the case."""
    for party, expression in effect.arguments["assign"].items():
        people = expression.value(context.scope)
        if isinstance(people, str):
            people = [people]
        if not isinstance(people, (list, tuple)) or not people:
            title = context.uow.process(context.case).workflow.parties.get(party, party)
            raise context.refuse(say("“{party}”没有人选", party=title))
        ids = tuple(str(p["id"] if isinstance(p, Mapping) else p) for p in people)
        context.parties[party] = ids
        # The effects that follow see the new people, as they see fields that were just set.
        rows = person_rows(context.uow, ids)
        context.scope[party] = [rows.get(person) or {"id": person} for person in ids]
