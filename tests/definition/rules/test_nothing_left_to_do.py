"""A case always has a task, a clock, a child or a step of the engine."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.nothing_left_to_do import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "asked_again_with_another_answer": (
        """\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - do: look
    title: 年度复核
    from: open
    form: onsite_check
    to: [done: form.staff > 5, else: open]
""",
        [],
    ),
    "a_number": (
        """\
fields:
  - found: {title: 问题, type: integer}
states:
  open: {title: 待办, for: clerk}
  judged: {title: 已判断}
  done: {title: 办结, final: true}
transitions:
  - {do: judge, title: 判断, from: open, to: judged, form: onsite_check, then: [{set: {found: = form.staff}}]}
  - {do: close, title: 办结, from: judged, to: done, automatic: true, when: case.found == 0}
""",
        [5],
    ),
    "outcomes_by_what_comes_about_beside_one_for_the_rest": (
        """\
fields:
  - found: {title: 问题, type: integer}
states:
  open: {title: 待办, for: clerk}
  judged: {title: 已判断}
  late: {title: 已过期, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: judge, title: 判断, from: open, to: judged, form: onsite_check, then: [{set: {found: = form.staff}}]}
  - {do: close, title: 办结, from: judged, to: [late: subject.name == '示例', else: done], automatic: true, when: case.found == 0}
  - {do: end, title: 完毕, from: late, to: done}
""",
        [5],
    ),
    "yes_or_no": (
        """\
fields:
  - found: {title: 问题, type: boolean}
states:
  open: {title: 待办, for: clerk}
  judged: {title: 已判断}
  done: {title: 办结, final: true}
transitions:
  - {do: judge, title: 判断, from: open, to: judged, form: onsite_check, then: [{set: {found: = form.refused}}]}
  - {do: close, title: 办结, from: judged, to: done, automatic: true, when: case.found == true}
""",
        [5],
    ),
    "the_day": (
        """\
fields:
  - found: {title: 问题, type: date}
states:
  open: {title: 待办, for: clerk}
  judged: {title: 已判断}
  done: {title: 办结, final: true}
transitions:
  - {do: judge, title: 判断, from: open, to: judged, form: onsite_check, then: [{set: {found: = form.visited_on}}]}
  - {do: close, title: 办结, from: judged, to: done, automatic: true, when: case.found < today}
""",
        [],
    ),
    "no_answer_before_the_else": (
        """\
fields:
  - found: {title: 问题, type: boolean}
states:
  open: {title: 待办, for: clerk}
  judged: {title: 已判断, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: judge, title: 判断, from: open, to: judged}
  - {do: close, title: 退回, from: judged, to: open, when: case.found}
  - {do: close, title: 办结, from: judged, to: done}
  - {do: note, title: 登记, from: open, form: onsite_check, then: [{set: {found: = form.refused}}]}
""",
        [9],
    ),
    "a_step_that_stays_cannot_be_taken_either": (
        """\
fields:
  - found: {title: 问题, type: boolean}
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: close, title: 办结, from: open, to: done, when: case.found == true}
  - {do: close, title: 再看, from: open, to: open, when: case.found == true, then: [{set: {found: true}}]}
""",
        [8],
    ),
    "an_outcome_that_stays_has_no_answer": (
        """\
fields:
  - found: {title: 问题, type: boolean}
  - seen: {title: 看过, type: boolean}
states:
  before: {title: 待看, for: clerk}
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
initial: before
transitions:
  - {do: look, title: 看, from: before, then: [{set: {seen: true}}]}
  - {do: begin, title: 办理, from: before, to: open}
  - {do: close, title: 办结, from: open, to: done, when: case.found == true}
  - {do: close, title: 再看, from: open, to: open, when: case.seen}
  - {do: close, title: 办结, from: open, to: done}
""",
        [13],
    ),
    "asked_before_it_is_judged": (
        """\
fields:
  - found: {title: 问题, type: boolean}
states:
  open: {title: 待办, for: clerk}
  judged: {title: 已判断, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: judge, title: 判断, from: open, to: judged}
  - {do: close, title: 退回, from: judged, to: open, when: filled(case.found) and case.found}
  - {do: close, title: 办结, from: judged, to: done}
  - {do: note, title: 登记, from: open, form: onsite_check, then: [{set: {found: = form.refused}}]}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
