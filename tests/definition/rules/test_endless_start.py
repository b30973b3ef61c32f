"""No case starts another of its kind before a person has acted."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.endless_start import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "at_once": (
        """\
states:
  open: {title: 待分}
  wait: {title: 待办, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: split, title: 分办, from: open, to: wait, automatic: true, then: [{start: demo}]}
  - {do: finish, title: 办结, from: wait, to: done}
""",
        [6],
    ),
    "for_each_of_a_written_list": (
        """\
states:
  open: {title: 待分}
  wait: {title: 待办, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: split, title: 分办, from: open, to: wait, automatic: true, then: [{start: demo, each: "['a', 'b']"}]}
  - {do: finish, title: 办结, from: wait, to: done}
""",
        [6],
    ),
    "for_each_of_what_may_be_none": (
        """\
states:
  open: {title: 待分}
  wait: {title: 待办, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: split, title: 分办, from: open, to: wait, automatic: true, then: [{start: demo, each: subject.rows}]}
  - {do: finish, title: 办结, from: wait, to: done}
""",
        [],
    ),
    "by_a_person": (
        """\
states:
  open: {title: 待分, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: split, title: 分办, from: open, then: [{start: demo}]}
  - {do: finish, title: 办结, from: open, to: done}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
