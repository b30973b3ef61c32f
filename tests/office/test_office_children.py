"""Cases that start others and wait for them, and the steps the engine takes by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bureau_factories import Bureau, done

PLAN = """
workflow: plan
title: 计划
about: plan
initial: draft
start: {by: clerk}
parties: {inspectors: 检查人员}
states:
  draft: {title: 草拟, for: clerk}
  running: {title: 实施中, for: clerk, verbs: {suspend: {by: clerk}, resume: {by: clerk}}}
  complete: {title: 待总结, for: clerk}
  closed: {title: 已办结, final: true, open_children: leave}
transitions:
  - do: dispatch
    title: 派发
    from: draft
    to: running
    form: list
    then:
      - assign: {inspectors: = form.people}
      - start: visit
        each: form.objects
        title: "检查{{ it.name }}"
        section: = it.section
        with: {risk: = it.risk}
        parties: {inspectors: = inspectors}
  - do: all_done
    title: 全部完成
    from: running
    to: complete
    join: {workflow: visit, reached: [entered]}
    then:
      - notify: clerk
        message: 全部完成
  - {do: close, title: 办结, from: complete, to: closed}
"""
LIST = """
form: list
title: 名单
fields:
  - people: {title: 人员, type: persons, optional: true}
  - objects:
      title: 对象
      public: true
      optional: true
      columns:
        - id: {title: 编号}
        - name: {title: 名称}
        - section: {title: 股室, optional: true}
        - risk: {title: 风险, optional: true}
"""
VISIT = """
workflow: visit
title: 检查
about: object
initial: open
parties: {inspectors: 检查人员}
fields: [risk: {title: 风险, public: true}]
states:
  open: {title: 待检查, for: inspectors, deadline: 5 working days, verbs: {reassign: {by: chief}}}
  entered: {title: 待公示, for: clerk}
  closed: {title: 已办结, final: true}
transitions:
  - {do: enter, title: 录入, from: open, to: entered}
  - {do: drop, title: 不再检查, from: open, to: closed, by: chief, reason: true}
  - {do: close, title: 公示, from: entered, to: closed}
"""
TEAM = ["insp-1", "insp-2"]


def rows(count: int) -> list[dict[str, str]]:
    return [
        {"id": f"o-{n}", "name": f"示例{n}厂", "section": "north" if n % 2 else "south", "risk": "高"}
        for n in range(1, count + 1)
    ]


def dispatched(bureau: Bureau, count: int) -> str:
    plan = bureau.start("plan")
    answer = bureau.take(plan, "dispatch", "anna", {"people": TEAM, "objects": rows(count)})
    assert answer.started == count
    return plan


def test_one_child_for_each_row(bureau_at: Callable[..., Bureau]) -> None:
    bureau = bureau_at(PLAN, LIST, VISIT)
    plan = dispatched(bureau, 3)
    children = bureau.cases("visit", parent=plan)
    assert [(c.title, c.section, c.subject["id"], c.fields, c.parties, c.parent) for c in children] == [
        ("检查示例1厂", "north", "o-1", {"risk": "高"}, {"inspectors": ("insp-1", "insp-2")}, plan),
        ("检查示例2厂", "south", "o-2", {"risk": "高"}, {"inspectors": ("insp-1", "insp-2")}, plan),
        ("检查示例3厂", "north", "o-3", {"risk": "高"}, {"inspectors": ("insp-1", "insp-2")}, plan),
    ]
    assert set(bureau.work_items("insp-2")) == {"visit-1", "visit-2", "visit-3"}
    assert bureau.work_items("insp-3") == {}
    assert bureau.case(plan).parties == {"inspectors": ("insp-1", "insp-2")}


def test_the_last_child_takes_the_parent_along_in_its_own_transaction(
    bureau_at: Callable[..., Bureau],
) -> None:
    bureau = bureau_at(PLAN, LIST, VISIT)
    plan = dispatched(bureau, 3)
    bureau.take("visit-1", "enter", "insp-1")
    # Further on than asked for, or ended otherwise: both count.
    bureau.take("visit-1", "close", "anna")
    bureau.take("visit-2", "drop", "cora", reason="企业注销")
    assert bureau.state(plan) == "running"
    before = bureau.take("visit-3", "enter", "insp-2", dry_run=True)
    assert (before.state, bureau.state(plan)) == ("entered", "running")
    answer = bureau.take("visit-3", "enter", "insp-2")
    assert (answer.case, answer.state) == ("visit-3", "entered")
    assert bureau.state(plan) == "complete"
    event = bureau.events(plan)[-1]
    assert (event.actor, event.body["step"], event.at) == ("engine", "all_done", bureau.clock.now())
    assert bureau.mail("anna") == ["全部完成；新待办：“示例件”（plan-1）待办“待总结”，请办理“办结”"]


def test_a_child_asks_the_parent_whose_requirement_reads_children(
    bureau_at: Callable[..., Bureau],
) -> None:
    """A requirement that is not met refuses an automatic step as its condition does: what it reads asks again."""
    plan_text = PLAN.replace(
        "    join: {workflow: visit, reached: [entered]}\n",
        "    automatic: true\n    require: [{that: children.visit.open == 0, else: 还有未办结的检查, basis: 示例}]\n",
    )
    assert plan_text != PLAN
    bureau = bureau_at(plan_text, LIST, VISIT)
    plan = dispatched(bureau, 2)
    bureau.take("visit-1", "enter", "insp-1")
    bureau.take("visit-1", "close", "anna")
    assert bureau.state(plan) == "running"
    bureau.take("visit-2", "drop", "cora", reason="企业注销")
    assert bureau.state(plan) == "complete"


def test_without_children_there_is_nothing_to_wait_for(bureau_at: Callable[..., Bureau]) -> None:
    bureau = bureau_at(PLAN, LIST, VISIT)
    plan = bureau.start("plan")
    bureau.take(plan, "dispatch", "anna", {"people": TEAM, "objects": []})
    assert bureau.state(plan) == "complete"
    assert bureau.kinds(plan) == ["started", "advanced", "advanced"]


def test_a_refused_dispatch_starts_nobody(bureau_at: Callable[..., Bureau]) -> None:
    bureau = bureau_at(PLAN, LIST, VISIT)
    plan = bureau.start("plan")
    assert bureau.no(plan, "dispatch", "anna", {"objects": rows(2)}) == ["“检查人员”没有人选"]
    assert bureau.cases("visit") == []
    assert bureau.state(plan) == "draft"
    # Nor have numbers been used up.
    assert dispatched(bureau, 1)
    assert [case.id for case in bureau.cases("visit")] == ["visit-1"]


def test_a_suspended_parent_goes_on_when_it_is_resumed(bureau_at: Callable[..., Bureau]) -> None:
    bureau = bureau_at(PLAN, LIST, VISIT)
    plan = dispatched(bureau, 1)
    done(bureau.application.suspend(plan, "anna", reason="暂停"))
    bureau.take("visit-1", "enter", "insp-1")
    assert bureau.state(plan) == "running"
    assert done(bureau.application.resume(plan, "anna")).state == "complete"


NESTED = """
workflow: year
title: 年度
about: none
initial: planning
start: {by: clerk}
states:
  planning: {title: 编制, for: clerk}
  running: {title: 实施中}
  closed: {title: 已办结, final: true, open_children: leave}
transitions:
  - {do: go, title: 下达, from: planning, to: running, then: [{start: plan}, {start: plan}]}
  - {do: all_done, title: 全部完成, from: running, to: closed, join: {workflow: plan, reached: [closed]}}
"""


def test_children_of_children(bureau_at: Callable[..., Bureau]) -> None:
    bureau = bureau_at(
        NESTED,
        PLAN.replace("from: complete, to: closed", "from: complete, to: closed, automatic: true"),
        LIST,
        VISIT,
    )
    year = bureau.start("year")
    bureau.take(year, "go")
    for plan in ("plan-1", "plan-2"):
        bureau.take(plan, "dispatch", "anna", {"people": TEAM, "objects": rows(1)})
    bureau.take("visit-1", "enter", "insp-1")
    assert (bureau.state("plan-1"), bureau.state(year)) == ("closed", "running")
    bureau.take("visit-2", "enter", "insp-1")
    assert (bureau.state("plan-2"), bureau.state(year)) == ("closed", "closed")
    assert len({event.at for case in ("visit-2", "plan-2", year) for event in bureau.events(case)[-1:]}) == 1


QUICK = """
workflow: quick
title: 即办
about: none
initial: open
states:
  open: {title: 待办}
  closed: {title: 已办结, final: true, open_children: leave}
transitions: [{do: end, title: 结束, from: open, to: closed, automatic: true}]
"""
BOTH = """
workflow: both
title: 两类
about: none
initial: draft
start: {by: clerk}
states:
  draft: {title: 草拟, for: clerk}
  running: {title: 实施中}
  closed: {title: 已办结, final: true, open_children: leave}
transitions:
  - do: go
    title: 下达
    from: draft
    to: running
    then:
      - start: quick
      - start: visit
        parties: {inspectors: "= [actor.id]"}
      - notify: clerk
        message: 已下达
  - {do: all_done, title: 全部完成, from: running, to: closed, join: {workflow: visit, reached: [closed]}}
"""


def test_children_that_end_at_once_do_not_take_the_parent_along_before_the_others_are_there(
    bureau_at: Callable[..., Bureau],
) -> None:
    bureau = bureau_at(BOTH, QUICK, VISIT)
    case = bureau.start("both")
    assert bureau.take(case, "go").started == 2
    assert [c.state for c in bureau.cases("quick")] == ["closed"]
    assert [c.state for c in bureau.cases("visit")] == ["open"]
    assert bureau.state(case) == "running"
    bureau.take("visit-1", "drop", "carl", reason="x")
    assert bureau.state(case) == "closed"


def test_children_that_all_end_at_once(bureau_at: Callable[..., Bureau]) -> None:
    flow = BOTH.replace("workflow: visit", "workflow: quick").replace(
        '      - start: visit\n        parties: {inspectors: "= [actor.id]"}\n', ""
    )
    bureau = bureau_at(flow, QUICK)
    case = bureau.start("both")
    assert bureau.take(case, "go").state == "closed"
    assert bureau.mail("anna") == ["已下达"]


def test_a_child_started_by_a_step_that_only_records_may_take_the_case_along(
    bureau_at: Callable[..., Bureau],
) -> None:
    flow = """
    workflow: ask
    title: 询问
    about: none
    initial: open
    start: {by: clerk}
    states:
      open: {title: 待办, for: clerk}
      closed: {title: 已办结, final: true, open_children: leave}
    transitions:
      - {do: ask, title: 问, from: open, then: [{start: quick}]}
      - do: answered
        title: 已答
        from: open
        to: closed
        automatic: true
        when: children.quick.total > 0 and children.quick.open == 0
      - {do: give_up, title: 放弃, from: open, to: closed}
    """
    bureau = bureau_at(flow, QUICK)
    case = bureau.start("ask")
    assert bureau.state(case) == "open"
    assert bureau.take(case, "ask").state == "closed"


CHAIN = """
workflow: chain
title: 连锁
about: none
initial: open
start: {by: clerk}
fields: [n: {title: 次数, type: integer}]
states:
  open: {title: 待办, for: clerk}
  one: {title: 一}
  two: {title: 二}
  three: {title: 三, for: clerk}
  closed: {title: 已办结, final: true, open_children: leave}
transitions:
  - {do: go, title: 开始, from: open, to: one, then: [{set: {n: 1}}]}
  - {do: a, title: 甲, from: one, to: two, automatic: true, when: case.n == 1, then: [{set: {n: = case.n + 1}}]}
  - {do: a, title: 乙, from: one, to: closed, automatic: true}
  - {do: b, title: 丙, from: two, to: closed, automatic: true, when: case.n == 5}
  - {do: c, title: 丁, from: two, to: three, automatic: true, when: case.n == 2}
  - {do: close, title: 办结, from: three, to: closed}
"""


def test_automatic_steps_follow_each_other_until_somebody_is_needed(bureau_at: Callable[..., Bureau]) -> None:
    bureau = bureau_at(CHAIN)
    case = bureau.start("chain")
    assert bureau.take(case, "go").state == "three"
    assert [(e.actor, e.body.get("title")) for e in bureau.events(case)[1:]] == [
        ("anna", "开始"),
        ("engine", "甲"),
        ("engine", "丁"),
    ]
    assert set(bureau.work_items("anna")) == {case}


LOOP = """
workflow: loop
title: 循环
about: none
initial: open
start: {by: clerk}
fields: [n: {title: 次数, type: integer}]
states:
  open: {title: 待办, for: clerk}
  one: {title: 一, for: clerk}
  two: {title: 二}
  closed: {title: 已办结, final: true, open_children: leave}
transitions:
  - {do: go, title: 开始, from: open, to: one, then: [{set: {n: 0}}]}
  - {do: a, title: 甲, from: one, to: two, automatic: true, when: case.n < %d, then: [{set: {n: = case.n + 1}}]}
  - {do: b, title: 乙, from: two, to: one, automatic: true, when: case.n < 1000000}
  - {do: close, title: 办结, from: one, to: closed}
"""


def test_a_circle_of_automatic_steps_is_broken_off_and_undone(bureau_at: Callable[..., Bureau]) -> None:
    bureau = bureau_at(LOOP % 1000)
    case = bureau.start("loop")
    assert bureau.no(case, "go") == ["自动步骤超过 100 步仍未停下：流程定义中有循环"]
    assert (bureau.state(case), bureau.kinds(case)) == ("open", ["started", "refused"])


def test_a_circle_that_ends_is_no_circle(bureau_at: Callable[..., Bureau]) -> None:
    bureau = bureau_at(LOOP % 20)
    case = bureau.start("loop")
    assert bureau.take(case, "go").state == "one"
    assert bureau.case(case).fields == {"n": 20}


def test_many_children_at_once(bureau_at: Callable[..., Bureau]) -> None:
    bureau = bureau_at(PLAN, LIST, VISIT)
    plan = dispatched(bureau, 2300)
    assert len(bureau.cases("visit", parent=plan)) == 1000
    with bureau.look() as transaction:
        assert transaction.timers.count() == 2300
    assert bureau.state(plan) == "running"


def test_many_children_that_end_at_once(
    bureau_at: Callable[..., Bureau], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.app.execution.start.start_cases.CHUNK", 2)
    auto = VISIT.replace(
        "{do: enter, title: 录入, from: open, to: entered}",
        "{do: enter, title: 录入, from: open, to: entered, automatic: true, when: case.risk == '高'}",
    )
    bureau = bureau_at(PLAN, LIST, auto)
    plan = bureau.start("plan")
    answer = bureau.take(
        plan, "dispatch", "anna", {"people": TEAM, "objects": [*rows(3), {**rows(4)[3], "risk": "低"}]}
    )
    assert (answer.state, answer.started) == ("running", 4)
    assert [c.state for c in bureau.cases("visit")] == ["entered", "entered", "entered", "open"]
    bureau.take("visit-4", "drop", "cora", reason="x")
    assert bureau.state(plan) == "complete"
