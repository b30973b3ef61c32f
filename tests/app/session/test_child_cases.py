"""What a case sees of its children and of its parent."""

from __future__ import annotations

from visit_bureau import unit, visit_bureau

from engine.app.session.child_cases import child_row, children_in_order, children_of, parent_facts
from engine.app.session.unit_of_work import UnitOfWork
from engine.lifecycle.case import Case

LOOKING = """
workflow: looking
title: 看子件
about: none
initial: open
start: {by: clerk}
fields:
  - limit: {title: 上限, type: decimal, to_children: true}
  - inner: {title: 内部}
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: begin, title: 开始, from: open, then: [{set: {limit: "2.50", inner: 甲}}, {start: visit, title: 检查}]}
  - {do: count, title: 数, from: open, require: [{that: children.visit.in.checking == 0, else: 有, basis: 示例}]}
  - {do: look, title: 看, from: open, to: done, require: [{that: "every(children.visit, it.open)", else: 无, basis: 示例}]}
"""


def seen(uow: UnitOfWork, case: str) -> Case:
    found = uow.seen(case)
    assert found is not None
    return found


def test_children_are_counted_and_looked_at_only_where_asked() -> None:
    bureau = visit_bureau(LOOKING)
    case = bureau.start("looking")
    bureau.take(case, "begin")
    bureau.take(case, "begin")
    bureau.take("visit-1", "finish")
    with unit(bureau) as uow:
        found = seen(uow, case)
        process = uow.process(found)
        counted = children_of(uow, process, found, "count")
        assert counted == {"visit": {"total": 2, "open": 1, "in": {"closed": 1, "open": 1, "checking": 0}}}
        assert children_of(uow, process, found, "begin") == {}
        rows = children_of(uow, process, found, "look")["visit"]["each"]
        assert [(row["id"], row["state"], row["open"]) for row in rows] == [
            ("visit-1", "closed", False),
            ("visit-2", "open", True),
        ]
        assert "each" in children_of(uow, process, found, None)["visit"]
        assert [child.id for child in children_in_order(uow, case, only_open=True)] == ["visit-2"]
        row = child_row(uow, seen(uow, "visit-2"))
        assert (row["title"], dict(row["papers"])) == ("检查", {})
    (sentence,) = bureau.no(case, "look")
    assert sentence == "无"


def test_a_child_reads_only_what_is_marked() -> None:
    bureau = visit_bureau(LOOKING)
    case = bureau.start("looking")
    bureau.take(case, "begin")
    with unit(bureau) as uow:
        read = parent_facts(uow, seen(uow, "visit-1"))
        assert [(name, str(value)) for name, value in read.items()] == [("limit", "5/2")]
        assert parent_facts(uow, seen(uow, case)) == {}
