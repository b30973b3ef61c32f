from __future__ import annotations

import pytest
from visit_bureau import context_of, effect, name, unit, value, visit_bureau

from engine.app.execution.effects.children import do_start
from engine.app.session.refused import CommandRefused


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
