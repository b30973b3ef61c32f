"""What a change of one case means for others."""

from __future__ import annotations

import pytest
from bureau_factories import Bureau, done
from visit_bureau import decided, unit, visit_bureau

from engine.app.definitions.derived_settings import LOCKS
from engine.app.execution.other_cases import holder_of, in_the_way, settle, to_ask_again
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import FREED, SHARED
from engine.lifecycle.case import Change

ROOM = """
workflow: room
title: 听证
about: none
initial: waiting
start: {by: clerk}
states:
  waiting: {title: 等待, for: clerk}
  inside: {title: 听证中, for: clerk, lock: 听证室}
  talking: {title: 合议, for: clerk, lock: 听证室}
  done: {title: 办结, final: true}
transitions:
  - {do: enter, title: 进入, from: waiting, to: inside, automatic: true, when: case.title == '甲'}
  - {do: walk_in, title: 走进, from: waiting, to: inside}
  - {do: talk, title: 合议, from: inside, to: talking}
  - {do: leave, title: 离开, from: [inside, talking], to: done}
"""


def test_where_a_lock_is_held_is_kept_on_publishing() -> None:
    bureau = visit_bureau(ROOM)
    with bureau.look() as transaction:
        assert transaction.settings.get(LOCKS) == {
            "听证室": {"before": [["room", "waiting"]], "in": [["room", "inside"], ["room", "talking"]]}
        }


def test_a_lock_is_held_until_the_case_leaves_the_last_state_with_its_name() -> None:
    bureau = visit_bureau(ROOM)
    first, second, third = bureau.start("room"), bureau.start("room"), bureau.start("room", title="甲")
    assert bureau.state(third) == "inside"
    (sentence,) = bureau.no(first, "walk_in")
    assert sentence == f"“听证室”同时只办一件：“甲”（{third}）正在环节“听证中”"
    bureau.take(third, "talk")
    assert "正在环节“合议”" in bureau.no(second, "walk_in")[0]
    with unit(bureau) as uow:
        holder = holder_of(uow, "听证室", first)
        assert holder is not None
        assert holder.id == third
        assert holder_of(uow, "听证室", third) is None
    bureau.take(third, "leave")
    bureau.take(second, "walk_in")


def test_signals_name_who_may_go_on() -> None:
    bureau = visit_bureau(ROOM)
    first = bureau.start("room")
    bureau.later(minutes=1)
    second = bureau.start("room")
    with unit(bureau) as uow:
        uow.signals += [(FREED, "听证室"), (SHARED, first)]
        assert to_ask_again(uow) == [second, first]
        assert uow.signals == []


def test_an_automatic_step_waits_where_a_person_is_refused() -> None:
    bureau = visit_bureau()
    plan = bureau.start("plan")
    bureau.take(plan, "dispatch")
    ends = decided("all_done", change=Change(state="closed", final=True))
    with unit(bureau) as uow:
        found = uow.seen(plan)
        assert found is not None
        assert in_the_way(uow, uow.process(found), found, ends)
        assert not in_the_way(uow, uow.process(found), found, decided("note"))
    with unit(bureau) as uow:
        held = uow.case(plan)
        assert held is not None
        uow.record(held, "advanced", "anna", {}, ends.change)
        with pytest.raises(CommandRefused) as refused:
            settle(uow, ends)
    (reason,) = refused.value.refusal.reasons
    assert "还有 2 件子件未办结" in str(reason.message)
    assert "open_children" in str(reason.hint)


PARENT = """
workflow: plan
title: 汇总
about: none
initial: begin
start: {by: clerk}
states:
  begin: {title: 待派, for: clerk, no deadline: 无, steps: {go: {title: 派, to: waiting, then: [{start: part}]}}}
  waiting: {title: 待汇总, steps: {gather: {title: 汇, to: report, join: {part: [ready, closed]}}}}
  report: {title: 待报, for: chief, no deadline: 无, steps: {send: {title: 报, to: sent}}}
  sent: {title: 已报, final, open_children: leave}
"""
CHILD = """
workflow: part
title: 分册
about: none
initial: writing
states:
  writing: {title: 编写, for: clerk, no deadline: 无, steps: {finish: {title: 编好, to: ready}}}
  ready: {title: 编好, for: clerk, no deadline: 无, steps: {again: {title: 重编, to: writing}, close: {title: 定稿, to: closed}}}
  closed: {title: 定稿, final}
"""


@pytest.fixture
def gathered() -> tuple[Bureau, str, str]:
    bureau = Bureau(PARENT, CHILD)
    plan = bureau.start("plan", section="north")
    bureau.take(plan, "go", "anna")
    part = bureau.cases("part")[0].id
    bureau.take(part, "finish", "anna")
    assert bureau.state(plan) == "report"
    return bureau, plan, part


def test_whoever_has_the_parent_s_task_hears_of_it_once(gathered: tuple[Bureau, str, str]) -> None:
    bureau, plan, part = gathered
    before = len(bureau.mail("carl"))
    bureau.take(part, "again", "anna")
    assert bureau.state(plan) == "report"
    new = bureau.mail("carl")[before:]
    assert [("编好" in text, "编写" in text, "待报" in text) for text in new] == [(True, True, True)]
    bureau.take(part, "finish", "anna")
    assert len(bureau.mail("carl")) == before + 1


def test_where_the_parent_has_ended_whom_it_belongs_to(gathered: tuple[Bureau, str, str]) -> None:
    bureau, plan, part = gathered
    bureau.take(plan, "send", "carl")
    before = len(bureau.mail("bela"))
    bureau.take(part, "again", "anna")
    assert any("已报" in text for text in bureau.mail("anna"))
    assert len(bureau.mail("bela")) == before


def test_a_child_that_goes_on_within_what_was_waited_for_is_no_news(
    gathered: tuple[Bureau, str, str],
) -> None:
    bureau, _, part = gathered
    before = len(bureau.mail("carl"))
    bureau.take(part, "close", "anna")
    assert len(bureau.mail("carl")) == before


def test_a_child_that_goes_on_through_a_state_nobody_works_in_is_no_news() -> None:
    settled = CHILD.replace("close: {title: 定稿, to: closed}", "close: {title: 定稿, to: settled}").replace(
        "  closed:",
        "  settled: {title: 已送印, steps: {print: {title: 印好, to: closed, automatic}}}\n  closed:",
    )
    bureau = Bureau(PARENT, settled)
    plan = bureau.start("plan", section="north")
    bureau.take(plan, "go", "anna")
    part = bureau.cases("part")[0].id
    bureau.take(part, "finish", "anna")
    before = len(bureau.mail("carl"))
    bureau.take(part, "close", "anna")
    assert (bureau.state(part), len(bureau.mail("carl"))) == ("closed", before)


def test_a_child_that_is_voided_is_not_said_to_be_worked_on_again() -> None:
    voided = CHILD.replace("states:\n", "verbs: [void: {by: clerk, to: gone}]\nstates:\n")
    bureau = Bureau(PARENT, voided + "  gone: {title: 废止, final}\n")
    plan = bureau.start("plan", section="north")
    bureau.take(plan, "go", "anna")
    part = bureau.cases("part")[0].id
    bureau.take(part, "finish", "anna")
    before = len(bureau.mail("carl"))
    done(bureau.application.do("void", part, "anna", reason="错立"))
    (told,) = bureau.mail("carl")[before:]
    assert ["转为“废止”，不再办理" in told, "正在重办" in told] == [True, False]
