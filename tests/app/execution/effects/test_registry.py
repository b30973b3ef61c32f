from __future__ import annotations

import pytest
from visit_bureau import context_of, effect, name, unit, value, visit_bureau

from engine.app.execution.effects.registry import EFFECTS, do, handler
from engine.app.session.refused import CommandRefused
from engine.lifecycle.expressions.condition import Condition as Clause
from engine.lifecycle.model.workflow import Effect


@pytest.mark.parametrize("word", sorted(EFFECTS))
def test_every_word_has_its_function(word: str) -> None:
    found = handler(word)
    assert found.__name__ == f"do_{word}"
    assert found.__module__ == EFFECTS[word]().__name__


def test_an_unknown_word_is_none() -> None:
    with pytest.raises(KeyError):
        handler("paint")


def test_an_effect_is_done_where_its_condition_holds() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow:
        context = context_of(uow, case)
        for number, wanted in enumerate((True, False)):
            do(
                context,
                Effect(kind="set", arguments={"set": {f"f{number}": value(1)}}, when=Clause(value(wanted))),
            )
        do(context, effect("set", set={"f2": value(2)}))
        assert context.fields == {"f0": 1, "f2": 2}


def test_what_cannot_be_worked_out_refuses_the_step() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow, pytest.raises(CommandRefused) as refused:
        do(
            context_of(uow, case),
            Effect(kind="set", arguments={"set": {"a": value(1)}}, when=Clause(name("case.total"))),
        )
    (reason,) = refused.value.refusal.reasons
    assert (reason.code, refused.value.refusal.case) == ("effect", case.id)
    assert str(reason).startswith("“set（记录）”无法执行：")
