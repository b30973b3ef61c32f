"""A publication is held against a clock that runs where it is made."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.clock_out_of_place import RULE

CASE = """\
states:
  open: {title: 待办, for: clerk}
  later: {title: 待公示, for: clerk}
  done: {title: 办结, final: true}
clocks:
  handling: {title: 办理, during: open, deadline: 20 working days, basis: 条例 第一条}
  publishing: {title: 公示, during: [open, later], deadline: 20 working days, basis: 条例 第一条}
transitions:
  - {do: handle, title: 办理, from: open, to: later}
  - do: publish
    title: 公示
    from: later
    to: done
    then:
      - publish: result
        clock: publishing
"""

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "runs_there": (CASE, []),
    "over_by_then": (CASE.replace("clock: publishing", "clock: handling"), [16]),
    "one_of_two_states": (CASE.replace("from: later", "from: [open, later]").replace("clock: publishing", "clock: handling"), []),
    "read_where_it_runs": (CASE.replace("    from: later\n", "    from: later\n    require: [{that: not clocks.publishing.late, else: 逾期, basis: 条例 第一条}]\n"), []),
    "read_where_it_is_over": (CASE.replace("    from: later\n", "    from: later\n    require: [{that: not clocks.handling.late, else: 逾期, basis: 条例 第一条}]\n"), [13]),
    "read_in_one_of_two_states": (CASE.replace("    from: later\n", "    from: [open, later]\n    require: [{that: not clocks.handling.late, else: 逾期, basis: 条例 第一条}]\n"), []),
    "warned_of_where_it_is_over": (CASE.replace("    from: later\n", "    from: later\n    warn: [{that: not clocks.handling.late, else: 逾期}]\n"), [13]),
    "told_where_it_is_over": (CASE.replace("      - publish: result\n        clock: publishing\n", '      - {notify: clerk, message: "期限 {{ clocks.handling.due_on }}"}\n'), [15]),
    "asked_for_where_it_is_over": (CASE.replace("    from: later\n", "    from: later\n    when: filled(clocks.handling.due_on)\n"), [13]),
    "waited_for_elsewhere": (CASE + "  - {do: over, title: 届满, from: later, to: done, on_expiry: handling}\n", [17]),
    "a_clock_that_could_not_be_read": (CASE.replace("20 working days", "20 wroking days", 1) + "  - {do: over, title: 届满, from: later, to: done, on_expiry: handling}\n", []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
