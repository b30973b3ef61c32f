"""An outcome is not wholly covered by those before it."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.outcome_never_taken import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "covered": (
        """\
states:
  open: {title: 待办, for: clerk}
  few: {title: 少, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - do: judge
    title: 判断
    from: open
    form: onsite_check
    to:
      - done: form.staff > 5
      - few: form.staff > 10
      - else: done
  - {do: finish, title: 办结, from: few, to: done}
""",
        [12],
    ),
    "in_order": (
        """\
states:
  open: {title: 待办, for: clerk}
  few: {title: 少, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - do: judge
    title: 判断
    from: open
    form: onsite_check
    to:
      - done: form.staff > 10
      - few: form.staff > 5
      - else: done
  - {do: finish, title: 办结, from: few, to: done}
""",
        [],
    ),
    "requires_what_was_taken_before": (
        """\
states:
  open: {title: 待办, for: clerk}
  few: {title: 少, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: judge, title: 判断, from: open, to: few, when: form.staff > 10, form: onsite_check}
  - do: judge
    title: 判断
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.staff > 20, else: 人少, basis: 条例 第一条}
  - {do: finish, title: 办结, from: few, to: done}
""",
        [13],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
