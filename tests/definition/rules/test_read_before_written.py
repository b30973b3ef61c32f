"""A form is read only where it may have been filled in."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.read_before_written import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "before": (
        """\
states:
  open: {title: 待办, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: submit, title: 提交, from: open, to: review, require: [{that: forms.onsite_check.staff > 0, else: 没有职工, basis: 条例 第一条}]}
  - {do: finish, title: 办结, from: review, to: done, form: onsite_check}
""",
        [6],
    ),
    "after": (
        """\
states:
  open: {title: 待办, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: submit, title: 提交, from: open, to: review, form: onsite_check}
  - {do: finish, title: 办结, from: review, to: done, require: [{that: forms.onsite_check.staff > 0, else: 没有职工, basis: 条例 第一条}]}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
