from __future__ import annotations

import pytest
from visit_bureau import context_of, effect, name, unit, value, visit_bureau

from engine.app.execution.effects.set_fields import do_assign, do_set
from engine.app.session.refused import CommandRefused


def test_later_effects_see_fields_that_were_set() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("plan", fields={"secret": "甲"}))
    with unit(bureau) as uow:
        context = context_of(uow, case)
        do_set(context, effect("set", set={"total": value(3)}))
        do_set(context, effect("set", set={"again": name("case.total")}))
        assert context.fields == {"total": 3, "again": 3}
        assert context.scope["case"] == {"secret": "甲", "total": 3, "again": 3}


def test_people_are_put_into_a_party() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow:
        context = context_of(uow, case)
        do_assign(context, effect("assign", assign={"inspectors": value("insp-1")}))
        assert context.parties == {"inspectors": ("insp-1",)}
        do_assign(context, effect("assign", assign={"inspectors": value([{"id": "insp-2"}, "insp-1"])}))
        assert context.parties == {"inspectors": ("insp-2", "insp-1")}
        assert [row.get("name") for row in context.scope["inspectors"]] == ["检查员2", "检查员1"]
        with pytest.raises(CommandRefused) as refused:
            do_assign(context, effect("assign", assign={"inspectors": value(["insp-2", "nobody"])}))
        assert "nobody" in str(refused.value.refusal.reasons[0])
        assert context.parties == {"inspectors": ("insp-2", "insp-1")}


def test_people_who_are_kept_come_to_those_that_are_there() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("plan", fields={"secret": "甲"}))
    with unit(bureau) as uow:
        context = context_of(uow, case)
        do_set(context, effect("set", set={"secret": value("乙")}, added=True))
        do_set(context, effect("set", set={"secret": value(["乙", "丙"])}, added=True))
        assert context.fields == {"secret": ["甲", "乙", "丙"]}


@pytest.mark.parametrize("people", [None, [], 3])
def test_a_party_without_people_refuses_the_step(people: object) -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow, pytest.raises(CommandRefused) as refused:
        do_assign(context_of(uow, case), effect("assign", assign={"inspectors": value(people)}))
    assert [str(reason) for reason in refused.value.refusal.reasons] == ["“检查人员”没有人选"]
