from __future__ import annotations

from visit_bureau import unit, visit_bureau

from engine.app.history.replay import replay
from engine.app.session.case_path import case_path_of, with_release
from engine.lifecycle.case import Change
from engine.lifecycle.command import CasePath

URGED, RECEIVED, SAID = "urged", "acknowledged", "recorded"


def test_where_a_case_has_been() -> None:
    bureau = visit_bureau()
    case = bureau.start("plan")
    before = bureau.case(case)
    path = case_path_of(bureau.events(case))
    assert (path.states, path.clocks, path.last) == (("draft",), before.clocks, None)
    bureau.take(case, "dispatch")
    path = case_path_of(bureau.events(case))
    assert path.states == ("draft", "running")
    assert path.clocks == before.clocks
    assert path.last is not None
    assert (path.last.actor, path.last.step, path.last.title) == ("anna", "dispatch", "派发")
    assert (path.last.before, path.last.acted_since, path.last.returned) == (before, None, False)


def test_who_has_acted_and_how_often_a_task_was_urged() -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    bureau.take(case, "send")
    found = bureau.case(case)
    with unit(bureau) as uow:
        for kind, who in (
            (URGED, "anna"),
            (RECEIVED, "cora"),
            (URGED, "dora"),
            (RECEIVED, "carl"),
            (SAID, "x"),
        ):
            found = uow.record(found, kind, who, {})
    path = case_path_of(bureau.events(case))
    assert (path.urged, path.urged_by, path.received_by) == (2, "dora", ("carl",))
    assert path.last is not None
    assert path.last.acted_since is None
    with unit(bureau) as uow:
        found = uow.record(found, "claimed", "anna", {})
        found = uow.record(found, "claimed", "engine", {})
        uow.record(found, "claimed", "carl", {})
    last = case_path_of(bureau.events(case)).last
    assert last is not None
    assert last.acted_since == "carl"


def test_only_a_step_or_a_return_can_be_taken_back() -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    bureau.take(case, "send")
    found = bureau.case(case)
    body = {"step": "back", "title": "退回", "for": "dora"}
    with unit(bureau) as uow:
        found = uow.record(found, "returned", "carl", body, Change(state="open"))
    last = case_path_of(bureau.events(case)).last
    assert last is not None
    assert (last.returned, last.principal, last.before.state) == (True, "dora", "checking")
    assert last.before == replay(bureau.events(case)[:-1])
    with unit(bureau) as uow:
        uow.record(found, "voided", "carl", {}, Change(state="void", final=True))
    assert case_path_of(bureau.events(case)).last is None


def released(finish: bool) -> CasePath:
    bureau = visit_bureau()
    plan = bureau.start("plan", title="甲计划")
    bureau.take(plan, "dispatch")
    first, second = bureau.cases("visit")
    bureau.take(first.id, "finish")
    if finish:
        bureau.take(second.id, "finish")
    visit, parent = bureau.case(first.id), bureau.case(plan)
    with unit(bureau) as uow:
        path = case_path_of(uow.transaction.events.of(visit.id))
        return with_release(visit, path, parent, uow.process(parent), uow.transaction.events.of(plan))


def test_the_parent_that_went_on_is_named() -> None:
    assert released(finish=True).released == ("甲计划", "已办结")
    assert released(finish=False).released is None


def test_a_case_without_a_step_released_nothing() -> None:
    bureau = visit_bureau()
    plan = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow:
        assert with_release(plan, CasePath(), plan, uow.process(plan), []) == CasePath()
