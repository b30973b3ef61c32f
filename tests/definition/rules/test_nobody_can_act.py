"""Whoever has the task may take a step that leaves the state."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.nobody_can_act import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "another": (
        """\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: finish, title: 办结, from: open, to: done, by: section_chief}
""",
        [2],
    ),
    "both": (
        """\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: finish, title: 办结, from: open, to: done, by: [clerk, section_chief]}
""",
        [],
    ),
    "nobody_named": (
        """\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: finish, title: 办结, from: open, to: done}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
