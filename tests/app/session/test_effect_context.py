from __future__ import annotations

from visit_bureau import context_of, effect, name, unit, value, visit_bureau

from engine.app.session.effect_context import EffectContext
from engine.language import say


def test_an_effect_refuses_the_whole_step() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit"))
    with unit(bureau) as uow:
        first, second = context_of(uow, case), context_of(uow, case)
        refusal = first.refuse(say("缺少文书"), basis="示例条例 第一条").refusal
        first.notes["a"] = 1
        first.afterwards.append(len)
        assert isinstance(second, EffectContext)
        assert (second.notes, second.afterwards, second.fields, second.parties) == ({}, [], {}, {})
        assert second.released is False
    assert (refusal.case, refusal.attempt) == (case.id, "办理")
    (reason,) = refusal.reasons
    assert (reason.code, str(reason.message), reason.basis) == ("effect", "缺少文书", "示例条例 第一条")


def test_arguments_are_worked_out_by_name() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit"))
    with unit(bureau) as uow:
        context = context_of(uow, case, {"form": {"people": ["insp-1"]}})
        argument = context.arguments_of(effect("draw", people=name("form.people"), count=value(2)))
    assert [argument(one) for one in ("people", "count", "nothing")] == [["insp-1"], 2, None]
