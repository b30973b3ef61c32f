"""A task has a term, or says why not."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.task_without_deadline import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "neither": (
        """\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
""",
        [2],
    ),
    "a_reason": (
        """\
states:
  open: {title: 待办, for: clerk, no deadline: 由经办人定}
  done: {title: 办结, final: true}
""",
        [],
    ),
    "a_term": (
        """\
states:
  open: {title: 待办, for: clerk, deadline: {5 working days: suggested}}
  done: {title: 办结, final: true}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
