"""Conditions that always or never hold, and requirements of one step that exclude each other."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.constant_condition import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "never": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.method == 'onsite' and form.method == 'written', else: 不符合要求, basis: 条例 第一条}
""",
        [8],
    ),
    "always": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.staff > 5 or form.staff <= 5, else: 不符合要求, basis: 条例 第一条}
""",
        [8],
    ),
    "one_part_always": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: length(form.signed_by) >= 0 and form.staff > 1, else: 不符合要求, basis: 条例 第一条}
""",
        [8],
    ),
    "one_part_never": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "count(form.signed_by, it == actor.id) < 0 or form.staff > 1", else: 不符合要求, basis: 条例 第一条}
""",
        [8],
    ),
    "sometimes": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.method == 'onsite' or form.staff > 0, else: 不符合要求, basis: 条例 第一条}
""",
        [],
    ),
    "two_that_exclude": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.staff > 5, else: 不符合要求, basis: 条例 第一条}
      - {that: form.staff < 3, else: 不符合要求, basis: 条例 第一条}
""",
        [9],
    ),
    "two_that_go_together": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.staff > 5, else: 不符合要求, basis: 条例 第一条}
      - {that: form.staff < 30, else: 不符合要求, basis: 条例 第一条}
""",
        [],
    ),
    "never_on_the_way_here": (
        """\
states:
  open: {title: 待办, for: clerk}
  later: {title: 待核, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - do: visit
    title: 走访
    from: open
    form: onsite_check
    to:
      - later: form.method == 'onsite'
      - else: done
  - do: finish
    title: 办结
    from: later
    to:
      - open: forms.onsite_check.method == 'written'
      - else: done
""",
        [17],
    ),
    "on_some_way_here": (
        """\
states:
  open: {title: 待办, for: clerk}
  later: {title: 待核, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - do: visit
    title: 走访
    from: open
    form: onsite_check
    to:
      - later: form.method == 'onsite'
      - else: done
  - do: skip
    title: 直接核
    from: open
    to: later
    form: onsite_check
  - do: finish
    title: 办结
    from: later
    to:
      - open: forms.onsite_check.method == 'written'
      - else: done
""",
        [],
    ),
    "a_text_written_for_another_outcome": (
        """\
fields:
  - outcome: {title: 结果}
states:
  open: {title: 待办, for: clerk}
  later: {title: 待核, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: drop, title: 撤销, from: open, to: done, then: [{set: {outcome: dropped}}]}
  - {do: visit, title: 走访, from: open, to: later, then: [{set: {outcome: visited}}]}
  - do: finish
    title: 办结
    from: later
    to: done
    require: [{that: case.outcome == 'dropped', else: 没有撤销, basis: 条例 第一条}]
""",
        [14],
    ),
    "an_answer_before_and_after_today": (
        """\
form: plan
title: 方案
fields:
  - day: {title: 日期, type: date, max: today, constraint: [{that: form.day > today, else: 日期不对}]}
""",
        [4],
    ),
    "two_questions_of_one_form": (
        """\
form: plan
title: 方案
fields:
  - day: {title: 日期, type: date, max: today}
constraints:
  - {that: "form.day >= add(today, '1 working day')", else: 日期不对}
""",
        [6],
    ),
    "one_that_may_stay_empty": (
        """\
form: plan
title: 方案
fields:
  - day: {title: 日期, type: date, max: today, optional: true}
constraints:
  - {that: "empty(form.day) or form.day <= today", else: 日期不对}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
