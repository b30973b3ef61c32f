from __future__ import annotations

import pytest
from visit_bureau import context_of, effect, name, unit, value, visit_bureau

from engine.app.execution.effects.children import do_end, do_start, ended_by
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.lifecycle.case import Case, Change
from engine.lifecycle.expressions.template import Template


def begun(arguments: dict[str, object]) -> list[tuple[object, ...]]:
    """Start visits from a plan; returns what each begins with."""
    bureau = visit_bureau()
    plan = bureau.case(bureau.start("plan", subject={"id": "E0", "name": "原对象"}))
    with unit(bureau) as uow:
        context = context_of(uow, plan, {"rows": [{"id": "E1", "name": "一"}, {"id": "E2", "title": "二"}]})
        do_start(context, effect("start", start="visit", **arguments))
        assert uow.transaction.cases.number("visit", 1) == 1
        (begin,) = context.afterwards
        begin(plan)
    return [
        (case.title, case.section, case.parent, case.subject, case.fields, case.parties)
        for case in bureau.cases("visit")
    ]


def test_one_child_is_about_what_its_parent_is_about() -> None:
    subject = {"id": "E0", "name": "原对象"}
    assert begun({}) == [("原对象", "north", "plan-1", subject, {}, {})]


def test_one_child_for_each_row() -> None:
    found = begun({"each": name("rows"), "section": value("south"), "with": {"seen": name("it.id")}})
    assert [one[:2] for one in found] == [("一", "south"), ("二", "south")]
    assert [one[4] for one in found] == [{"seen": "E1"}, {"seen": "E2"}]
    assert found[0][3] == {"id": "E1", "name": "一"}


def test_the_subject_and_the_people_of_a_child() -> None:
    about = {"id": "E9", "name": "甲", "inspectors": ["insp-1"]}
    ((title, _, _, subject, _, parties),) = begun(
        {
            "about": value(about),
            "parties": {"inspectors": value([{"id": "insp-1"}, "insp-2"]), "p": value("x")},
        }
    )
    assert (title, subject) == ("甲", {"id": "E9", "name": "甲"})
    assert parties == {"inspectors": ("insp-1", "insp-2"), "p": ("x",)}


def test_an_unanswered_list_starts_nothing() -> None:
    assert begun({"each": value(None)}) == []


@pytest.mark.parametrize(
    ("workflow", "each", "sentence"),
    [
        ("absent", value([]), "要启动的流程“absent”还没有发布"),
        ("visit", value("text"), "“each”应得到列表，实为“text”"),
    ],
)
def test_refusals(workflow: str, each: object, sentence: str) -> None:
    bureau = visit_bureau()
    plan = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow, pytest.raises(CommandRefused) as refused:
        do_start(context_of(uow, plan), effect("start", start=workflow, each=each))
    assert str(refused.value.refusal.reasons[0]).startswith(sentence)
    assert bureau.cases("visit") == []


class OfState:
    """A condition on one child."""

    def __init__(self, state: str) -> None:
        self.state = state

    def holds(self, scope: dict[str, dict[str, object]]) -> bool:
        """Tell whether the child is in the state."""
        return scope["it"]["state"] == self.state


def test_chosen_children_end_once_the_step_is_in_the_history() -> None:
    bureau = visit_bureau()
    plan = bureau.start("plan")
    bureau.take(plan, "dispatch")
    bureau.take("visit-1", "send")
    case = bureau.case(plan)
    ends = effect(
        "end", end="visit", to="void", because=Template("不再需要", ("不再需要",)), where=OfState("checking")
    )
    with unit(bureau) as uow:
        assert [child.id for child in ended_by(uow, case, ends, {})] == ["visit-1"]
        context = context_of(uow, case)
        do_end(context, ends)
        assert uow.case("visit-1") is not None
        (end,) = context.afterwards
        end(case)
    assert (bureau.state("visit-1"), bureau.state("visit-2")) == ("void", "open")
    assert bureau.kinds("visit-1") == ["started", "advanced", "ended"]
    assert bureau.mail("carl") == ["“检查一”已由上级件终止：不再需要"]


def test_children_are_not_ended_without_a_reason() -> None:
    bureau = visit_bureau()
    plan = bureau.start("plan")
    bureau.take(plan, "dispatch")
    ends = effect("end", end="visit", to="void", because=Template(" ", (" ",)))
    with unit(bureau) as uow:
        context = context_of(uow, bureau_case(uow, plan))
        with pytest.raises(CommandRefused) as refused:
            do_end(context, ends)
    assert str(refused.value.refusal.reasons[0].message) == "终止子件须说明理由"


def bureau_case(uow: UnitOfWork, case: str) -> Case:
    """Return a case as the unit of work has it."""
    found = uow.seen(case)
    assert found is not None
    return found


def test_a_child_that_is_suspended_is_ended_all_the_same_and_no_longer_suspended() -> None:
    bureau = visit_bureau()
    plan = bureau.start("plan")
    bureau.take(plan, "dispatch")
    with unit(bureau) as uow:
        uow.record(bureau_case(uow, "visit-1"), "suspended", "anna", {}, Change(suspended=True))
    assert bureau.case("visit-1").suspended_at is not None
    ends = effect("end", end="visit", to="void", because=Template("不再需要", ("不再需要",)))
    with unit(bureau) as uow:
        context = context_of(uow, bureau_case(uow, plan))
        do_end(context, ends)
        for act in context.afterwards:
            act(context.case)
    assert [bureau.state(name) for name in ("visit-1", "visit-2")] == ["void", "void"]
    assert [bureau.case(name).suspended_at for name in ("visit-1", "visit-2")] == [None, None]
    assert "suspended" not in bureau.events("visit-2")[-1].body
