"""What is written can change something."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.without_effect import RULE

ADVICE = """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.staff > 0, else: 没有职工, basis: 条例 第一条}
    warn:
      - {that: form.staff > 2, else: 职工很少, basis: 条例 第一条}
"""
BACK = """\
states:
  open: {title: 待办, for: clerk}
  later: {title: 待核, for: clerk, verbs: [withdraw]}
  done: {title: 办结, final: true}
transitions:
  - {do: wait, title: 到期, from: open, to: later, after: 5 days}
  - {do: finish, title: 办结, from: later, to: done}
"""

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "another_advice": (ADVICE, []),
    "advice_that_is_required": (ADVICE.replace("form.staff > 2", "form.staff > 0"), [10]),
    "a_step_of_the_engine_taken_back": (BACK, [3]),
    "a_step_of_somebody_taken_back": (BACK.replace(", after: 5 days", ""), []),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
