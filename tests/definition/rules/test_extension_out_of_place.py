"""A clock is extended where it runs."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.extension_out_of_place import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "elsewhere": (
        """\
states:
  open: {title: 待办, for: clerk, deadline: 5 working days, basis: 条例 第一条}
  review: {title: 待审, for: clerk, verbs: {extend: {by: clerk, clock: open, max: 5 working days}}}
  done: {title: 办结, final: true}
transitions:
  - {do: submit, title: 提交, from: open, to: review}
  - {do: finish, title: 办结, from: review, to: done}
""",
        [3],
    ),
    "there": (
        """\
states:
  open: {title: 待办, for: clerk, deadline: 5 working days, basis: 条例 第一条, verbs: {extend: {by: clerk, clock: open, max: 5 working days}}}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: submit, title: 提交, from: open, to: review}
  - {do: finish, title: 办结, from: review, to: done}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
