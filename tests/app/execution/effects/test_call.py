"""A call of another system goes out with its step, and only where the system is set up."""

from __future__ import annotations

from fractions import Fraction

import pytest
from visit_bureau import context_of, effect, unit, value, visit_bureau

from engine.app.execution.effects.call import CALL, do_call
from engine.app.session.refused import CommandRefused


def test_the_call_is_put_into_the_outbox_under_an_id_of_the_step() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit"))
    given = effect("call", call="attendance", send={"person": value("anna"), "days": value(Fraction(5, 2))})
    with unit(bureau) as uow:
        context = context_of(uow, case)
        do_call(context, given)
        assert context.notes == {"called": ["attendance"]}
        for ask in context.afterwards:
            ask(case)
    (item,) = bureau.outbox(CALL)
    assert (item.id, item.channel, item.recipient) == (f"{case.id}:1:call:attendance:1", "attendance", None)
    assert item.payload["data"] == {"person": "anna", "days": "2.5"}


def test_a_system_that_is_not_set_up_refuses_the_step() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit"))
    bureau.application.systems = ("other",)
    with unit(bureau) as uow:
        context = context_of(uow, case)
        with pytest.raises(CommandRefused) as refused:
            do_call(context, effect("call", call="attendance"))
    (reason,) = refused.value.refusal.reasons
    assert reason.next is not None
    assert (reason.next.name, reason.next.arguments) == ("set_up_system", {"system": "attendance"})
