"""A finding is allowed with a rule that exists and a reason."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.allow_comment import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "no_reason": (
        """\
states:
  open: {title: 待办, for: clerk} # ssj: allow task-without-deadline
  done: {title: 办结, final: true}
""",
        [2],
    ),
    "no_such_rule": (
        """\
states:
  open: {title: 待办, for: clerk} # ssj: allow no-such-rule – 本来就要这样
  done: {title: 办结, final: true}
""",
        [2],
    ),
    "allowed": (
        """\
states:
  open: {title: 待办, for: clerk} # ssj: allow task-without-deadline – 本来就要这样
  done: {title: 办结, final: true}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
