"""A state behind an outcome that is never taken is told at the outcome, and what lies behind it is not told again."""

from __future__ import annotations

import pytest
from definition_examples import lines_of, load_example

from engine.definition.rules.unreachable_state import RULE

WORDS = """\
states:
  open: {title: 待办, for: clerk, no deadline: 试}
  again: {title: 再办, for: clerk, no deadline: 试}
  mid: {title: 待核, for: clerk, no deadline: 试}
  late: {title: 待签, for: clerk, no deadline: 试}
  done: {title: 办结, final: true}
transitions:
  - {do: back, title: 再办, from: open, to: again}
  - do: enter
    title: 录入
    from: [open, again]
    to:
      - mid: WHEN
      - else: ELSE
  - {do: check, title: 核对, from: mid, to: late}
  - {do: sign, title: 签字, from: late, to: done}
"""


@pytest.mark.parametrize(
    ("when", "other", "lines"),
    [
        ("case.state == 'open'", "done", []),
        ("case.state == 'mid'", "done", [13]),
        ("case.state not in ['open', 'again']", "done", [13]),
    ],
)
def test_the_outcome_is_named(when: str, other: str, lines: list[int]) -> None:
    text = WORDS.replace("WHEN", f'"{when}"').replace("ELSE", other)
    assert lines_of(RULE.id, text) == lines
    found = load_example(text).problems
    assert [one.rule for one in found] == [RULE.id] * len(lines)
    assert all("录入" in str(one.message) and "mid" in str(one.message) for one in found)


def test_what_an_outcome_before_takes_is_named_at_the_other() -> None:
    text = WORDS.replace("- mid: WHEN", "- done: \"case.state in ['open', 'again']\"").replace("ELSE", "mid")
    assert lines_of(RULE.id, text) == [14]


def test_a_state_nothing_leads_to_is_named_itself() -> None:
    text = WORDS.replace("WHEN", "\"case.state == 'open'\"").replace("ELSE", "done")
    assert lines_of(RULE.id, text.replace("from: mid, to: late", "from: mid, to: done")) == [5]
