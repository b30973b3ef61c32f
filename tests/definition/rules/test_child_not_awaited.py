"""A child is awaited by a join or looked at by a condition; a join on its first state waits for nothing."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.child_not_awaited import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "nobody_waits": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done}
""",
        [6],
    ),
    "ended_with_the_case": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done, then: [{end: follow_up, to: closed, because: 不再需要}]}
""",
        [],
    ),
    "a_condition_looks": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done, require: [{that: children.follow_up.open == 0, else: 未办结, basis: 条例 第一条}]}
""",
        [],
    ),
    "a_warning_reads_what_they_answered": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done, warn: [{that: "every(children.follow_up, filled(it.title))", else: 未办结, basis: 条例 第一条}]}
""",
        [6],
    ),
    "a_warning_asks_how_many_are_open": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done, warn: [{that: "children.follow_up.open == 0", else: 未办结, basis: 条例 第一条}]}
""",
        [],
    ),
    "a_warning_asks_where_they_are": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done, warn: [{that: "every(children.follow_up, it.state == 'closed')", else: 未办结, basis: 条例 第一条}]}
""",
        [],
    ),
    "a_join_waits": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done, join: {workflow: follow_up, reached: closed}}
""",
        [],
    ),
    "a_join_on_the_first_state": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done, join: {workflow: follow_up, reached: doing}}
""",
        [7],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
