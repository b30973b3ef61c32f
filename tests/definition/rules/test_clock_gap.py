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
    # The hearing is one way into the review, and there is another that is none of the clock's.
    "reached_from_elsewhere_as_well": (
        """\
states:
  open: {title: 待办, for: clerk}
  telling: {title: 待告知, for: clerk}
  hearing: {title: 听证中, for: clerk}
  waiting: {title: 待陈述, for: clerk}
  review: {title: 待审, for: clerk}
  deciding: {title: 待决定, for: clerk}
  done: {title: 办结, final: true}
clocks:
  handle: {title: 办理, during: [telling, hearing, waiting, deciding], deadline: 20 working days, basis: 条例 第一条}
transitions:
  - {do: tell, title: 告知, from: open, to: telling}
  - {do: skip, title: 送审, from: open, to: review}
  - {do: hear, title: 听证, from: telling, to: hearing}
  - {do: wait, title: 不听证, from: telling, to: waiting}
  - {do: heard, title: 听证毕, from: hearing, to: review}
  - {do: waited, title: 陈述毕, from: waiting, to: review}
  - {do: pass, title: 通过, from: review, to: deciding}
  - {do: back, title: 退回, from: deciding, to: open}
  - {do: finish, title: 办结, from: deciding, to: done}
""",
        [10],
    ),
    # Back to the beginning: there it ends, and it is meant to begin anew.
    "back_to_the_beginning": (
        """\
states:
  open: {title: 待办, for: clerk}
  telling: {title: 待告知, for: clerk}
  deciding: {title: 待决定, for: clerk}
  done: {title: 办结, final: true}
clocks:
  handle: {title: 办理, during: [telling, deciding], deadline: 20 working days, basis: 条例 第一条}
transitions:
  - {do: tell, title: 告知, from: open, to: telling}
  - {do: told, title: 已告知, from: telling, to: deciding}
  - {do: back, title: 退回, from: deciding, to: open}
  - {do: finish, title: 办结, from: deciding, to: done}
""",
        [],
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
