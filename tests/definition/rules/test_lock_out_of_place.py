"""A lock is on a state between, and whoever enters can wait."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.lock_out_of_place import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "first": (
        """\
states:
  open: {title: 待办, for: clerk, lock: room}
  done: {title: 办结, final: true}
""",
        [2],
    ),
    "last": (
        """\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true, lock: room}
""",
        [3],
    ),
    "between": (
        """\
states:
  open: {title: 待办, for: clerk}
  hearing: {title: 听证, for: clerk, lock: room}
  done: {title: 办结, final: true}
transitions:
  - {do: convene, title: 开始, from: open, to: hearing}
  - {do: finish, title: 办结, from: hearing, to: done}
""",
        [],
    ),
    "after_a_time": (
        """\
states:
  open: {title: 待办, for: clerk}
  hearing: {title: 听证, for: clerk, lock: room}
  done: {title: 办结, final: true}
transitions:
  - {do: convene, title: 开始, from: open, to: hearing, after: 1 days}
  - {do: finish, title: 办结, from: hearing, to: done}
  - {do: stop, title: 终止, from: open, to: done}
""",
        [6],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
