"""A case ends only when it is said what becomes of its open children."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.open_children import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "not_said": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done}
""",
        [7],
    ),
    "left": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done}
""",
        [],
    ),
    "refused": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中, for: clerk}
  done: {title: 办结, final: true, open_children: refuse}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done}
""",
        [],
    ),
    "ended": (
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
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
