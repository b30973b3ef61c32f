"""A child is started with those who have its tasks."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.not_handed_over import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "without": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中}
  done: {title: 办结, final: true}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, with: {risk_class: C}}]}
  - {do: finish, title: 办结, from: waiting, to: done, join: {workflow: follow_up, reached: closed}}
""",
        [6],
    ),
    "with_them": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中}
  done: {title: 办结, final: true}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done, join: {workflow: follow_up, reached: closed}}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
