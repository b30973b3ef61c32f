"""``set`` and ``assign``: what a case remembers, and who belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.app.execution.effects.party_check import why_not_named
from engine.app.session.facts import person_rows
from engine.app.session.refused import CommandRefused
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.lifecycle.effects import ADDED, CERTIFIED
from engine.lifecycle.forms.facts_set import work_out
from engine.lifecycle.model.workflow import Effect

if TYPE_CHECKING:
    from engine.app.session.effect_context import EffectContext


def do_set(context: EffectContext, effect: Effect) -> None:
    """Keep the value of each expression under a field of the case; with ``added``, beside those that are there."""
    fields = context.uow.process(context.case).workflow.fields
    values = work_out(effect.arguments["set"], context.scope, fields)
    if ADDED in effect.arguments:
        known = {**context.case.fields, **context.fields}
        values = {name: _together(known.get(name), value) for name, value in values.items()}
    context.fields.update(values)
    context.scope["case"] = {**context.scope["case"], **values}


def do_assign(context: EffectContext, effect: Effect) -> None:
    """Put people into a party of the case. Refuses who does not work here, who is recused, and who has no certificate where one is asked for."""
    for party, expression in effect.arguments["assign"].items():
        people = expression.value(context.scope)
        if isinstance(people, str):
            people = [people]
        if not isinstance(people, (list, tuple)) or not people:
            title = context.uow.process(context.case).workflow.parties.get(party, party)
            raise context.refuse(say("“{party}”没有人选", party=title))
        ids = tuple(str(p["id"] if isinstance(p, Mapping) else p) for p in people)
        case = replace(context.case, fields={**context.case.fields, **context.fields})
        reasons = why_not_named(context.uow, case, party, ids, certified=CERTIFIED in effect.arguments)
        if reasons:
            raise CommandRefused(Refusal(context.case.id, context.decision.title, tuple(reasons)))
        context.parties[party] = ids
        # The effects that follow see the new people, as they see fields that were just set.
        rows = person_rows(context.uow, ids)
        context.scope[party] = [rows.get(person) or {"id": person} for person in ids]


def _together(known: Any, more: Any) -> list[Any]:
    """Return what is in one or the other of two lists, each once; what is no list is a list of it."""
    both = [
        one
        for value in (known, more)
        if value is not None
        for one in (value if isinstance(value, (list, tuple)) else [value])
    ]
    return list(dict.fromkeys(both))
