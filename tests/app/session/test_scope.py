from __future__ import annotations

from visit_bureau import unit, visit_bureau

from engine.app.session.scope import own_scope
from engine.lifecycle.command import Actor


def test_expressions_outside_of_a_step_see_the_case_and_who_acts() -> None:
    bureau = visit_bureau()
    case = bureau.case(
        bureau.start("plan", subject={"id": "E1"}, fields={"total": 3}, parties={"inspectors": ("insp-1",)})
    )
    with unit(bureau) as uow:
        scope = own_scope(uow, case, Actor("anna", "north", frozenset({"clerk"})))
        assert (scope["case"]["total"], scope["case"]["title"], scope["subject"]["id"]) == (3, "示例件", "E1")
        assert (scope["actor"]["id"], str(scope["today"])) == ("anna", "2024-09-02")
