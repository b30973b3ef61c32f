"""Outcomes written as several steps of one name leave no answer without any."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.choice_without_else import RULE

CASE = """\
fields:
  - outcome: {title: 结果}
states:
  open: {title: 待办, for: clerk}
  later: {title: 待核, for: clerk}
  few: {title: 少, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: visit, title: 走访, from: open, to: later, then: [{set: {outcome: visited}}]}
  - {do: leave, title: 不办, from: open, to: later, then: [{set: {outcome: left}}]}
  - {do: back, title: 退回, from: later, to: open}
  - {do: judge, title: 判断, from: later, to: done, when: case.outcome == 'visited'}
  - {do: judge, title: 判断, from: later, to: few, when: case.outcome == 'left'}
  - {do: finish, title: 办结, from: few, to: done}
"""

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "covered": (CASE, []),
    "one_left_out": (CASE.replace("{outcome: left}", "{outcome: gone}").replace("  - {do: back", "  - {do: third, title: 另办, from: open, to: later, then: [{set: {outcome: left}}]}\n  - {do: back"), [14]),
    "anything_can_be_written": (CASE.replace("{outcome: left}", "{outcome: = case.title}"), [13]),
    "the_day_comes": (CASE.replace("case.outcome == 'left'", "today > case.opened_on"), []),
    "the_last_without_condition": (CASE.replace(", when: case.outcome == 'left'", ""), []),
    "the_only_step": (CASE.replace("  - {do: back, title: 退回, from: later, to: open}\n", "").replace("{outcome: left}", "{outcome: = case.title}"), []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
