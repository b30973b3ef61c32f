from __future__ import annotations

from bureau_factories import done
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


COUNTED = """
workflow: counted
title: 件
about: none
initial: open
start: {by: clerk}
fields: [got: {title: 收到, type: date}]
verbs: [withdraw, correct: {by: clerk}]
states:
  open: {title: 待办, for: clerk}
  read: {title: 待审, for: clerk}
  done: {title: 完, final: true}
clocks:
  due: {title: 期限, during: [read], deadline: 10 days, since: case.got, basis: 某法 第一条}
transitions:
  - {do: fill, title: 登记, from: open, to: read, form: came, then: [{set: {got: = form.on}}]}
  - {do: mark, title: 批注, from: [open, read]}
  - {do: back, title: 送回, from: read, to: open}
  - {do: close, title: 办结, from: open, to: done}
"""
CAME = "form: came\ntitle: 来件\nfields:\n  - on: {title: 日, type: date}\n"


def test_steps_and_what_was_put_right_since() -> None:
    bureau = visit_bureau(COUNTED, CAME)
    case = bureau.start("counted")
    bureau.take(case, "fill", answers={"on": "2024-09-02"})
    bureau.take(case, "back")
    done(bureau.application.do("correct", case, "anna", fact="came.on", value="2024-09-01", reason="看错"))
    path = case_path_of(bureau.events(case))
    filled, back = path.taken
    assert (back.step, dict(back.fields), back.undone) == ("back", {}, False)
    assert (filled.step, filled.source, filled.target) == ("fill", "open", "read")
    # What was put right follows from what the step has set.
    assert dict(filled.fields) == {"got": "2024-09-02"}
    (put_right,) = path.corrected["due"]
    assert (put_right.form, dict(put_right.before), dict(put_right.after)) == (
        "came",
        {"on": "2024-09-02"},
        {"on": "2024-09-01"},
    )
    assert (put_right.facts_before, put_right.facts_after) == ({"got": "2024-09-02"}, {"got": "2024-09-01"})
    assert path.last is not None
    assert (path.last.corrected, path.last.stayed_since, path.last.fields) == (
        (put_right,),
        None,
        frozenset(),
    )
    # Taken back, the clock runs on from the day that is right.
    done(bureau.application.do("withdraw", case, "anna"))
    assert bureau.case(case).clocks["due"].due_on.isoformat() == "2024-09-11"
    assert bureau.findings() == []
    assert [(one.step, one.undone) for one in case_path_of(bureau.events(case)).taken] == [
        ("fill", False),
        ("back", True),
    ]
    bureau.take(case, "mark")
    last = case_path_of(bureau.events(case)).last
    assert last is None
    bureau.take(case, "back")
    bureau.take(case, "mark")
    last = case_path_of(bureau.events(case)).last
    assert last is not None
    assert last.stayed_since == "批注"
    assert "又办了“批注”" in str(bureau.application.do("withdraw", case, "anna"))


def test_steps_of_a_migrated_case_are_called_as_its_version_calls_them() -> None:
    bureau = visit_bureau(COUNTED, CAME)
    case = bureau.start("counted")
    bureau.take(case, "fill", answers={"on": "2024-09-02"})
    renamed = {
        "steps": {"fill": "note"},
        "states": {"read": "looked"},
        "fields": {"case.got": "came", "came.on": "day"},
    }
    found = bureau.case(case)
    with unit(bureau) as uow:
        uow.record(found, "migrated", "system", {"renamed": renamed}, Change(fields={"came": "2024-09-02"}))
    (step,) = case_path_of(bureau.events(case)).taken
    assert (step.step, step.source, step.target, dict(step.fields)) == (
        "note",
        "open",
        "looked",
        {"came": "2024-09-02"},
    )


def test_only_the_last_handing_in_of_a_form_is_the_present_one() -> None:
    again = COUNTED.replace("to: open}", "to: open, form: came, then: [{set: {got: = form.on}}]}")
    bureau = visit_bureau(again, CAME)
    case = bureau.start("counted")
    bureau.take(case, "fill", answers={"on": "2024-09-02"})
    bureau.take(case, "back", answers={"on": "2024-09-03"})
    first, second = case_path_of(bureau.events(case)).taken
    assert (first.latest, second.latest) == (frozenset(), frozenset({"came"}))
    assert (first.before.state, second.before.forms["came"]) == ("open", {"on": "2024-09-02"})
    assert (first.given, second.given) == ({"on": "2024-09-02"}, {"on": "2024-09-03"})
