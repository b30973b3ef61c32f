"""A clock runs on in the states between its own."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.clock_gap import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "left_out": (
        """\
states:
  open: {title: 待办, for: clerk}
  asking: {title: 待补正, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final: true}
clocks:
  handle: {title: 办理, during: [open, review], deadline: 20 working days, basis: 条例 第一条}
transitions:
  - {do: ask, title: 要求补正, from: open, to: asking}
  - {do: receive, title: 收到补正, from: asking, to: review}
  - {do: finish, title: 办结, from: review, to: done}
""",
        [7],
    ),
    "named": (
        """\
states:
  open: {title: 待办, for: clerk}
  asking: {title: 待补正, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final: true}
clocks:
  handle: {title: 办理, during: [open, asking, review], deadline: 20 working days, basis: 条例 第一条}
transitions:
  - {do: ask, title: 要求补正, from: open, to: asking}
  - {do: receive, title: 收到补正, from: asking, to: review}
  - {do: finish, title: 办结, from: review, to: done}
""",
        [],
    ),
    "one_state": (
        """\
states:
  open: {title: 待办, for: clerk}
  asking: {title: 待补正, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final: true}
clocks:
  handle: {title: 办理, during: [review], deadline: 20 working days, basis: 条例 第一条}
transitions:
  - {do: ask, title: 要求补正, from: open, to: asking}
  - {do: receive, title: 收到补正, from: asking, to: review}
  - {do: finish, title: 办结, from: review, to: done}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
