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
    "on_the_only_way_to_the_end": (
        """\
states:
  open: {title: 待分, for: clerk}
  wait: {title: 待办, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: split, title: 分办, from: open, to: wait, then: [{start: demo}]}
  - {do: finish, title: 办结, from: wait, to: done}
""",
        [6],
    ),
    "where_a_condition_holds": (
        """\
states:
  open: {title: 待分, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: finish, title: 办结, from: open, to: done, form: onsite_check, then: [{start: demo, when: form.refused == true}]}
""",
        [],
    ),
    "on_one_of_two_ways_to_an_end": (
        """\
states:
  open: {title: 待分, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: again, title: 办结，再办一件, from: open, to: done, then: [{start: demo}]}
  - {do: finish, title: 办结, from: open, to: done}
""",
        [],
    ),
    "to_one_of_two_ends": (
        """\
states:
  open: {title: 待分, for: clerk}
  refused: {title: 不办, final: true, open_children: leave}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: refuse, title: 不办, from: open, to: refused}
  - {do: finish, title: 办结, from: open, to: done, then: [{start: demo}]}
""",
        [7],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
