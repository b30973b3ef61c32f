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
    "reason_not_asked": (
        """\
states:
  open: {title: 待办, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: submit, title: 提交, from: open, to: review}
  - do: send_back
    title: 退回
    from: review
    to: open
    then:
      - notify: [clerk]
        message: "退回：{{ reason }}"
  - {do: finish, title: 办结, from: review, to: done}
""",
        [13],
    ),
    "notified_and_nobody_there": (
        """\
states:
  open: {title: 待办, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - do: submit
    title: 提交
    from: open
    to: review
    form: onsite_check
    then:
      - notify: [inspectors]
        message: 已提交
  - {do: name, title: 指定, from: review, form: onsite_check, then: [{assign: {inspectors: = form.signed_by}}]}
  - {do: finish, title: 办结, from: review, to: done}
""",
        [12],
    ),
    "overdue_and_nobody_there": (
        """\
states:
  open: {title: 待办, for: clerk, deadline: {5 days: suggested}, overdue: {at once: [inspectors]}}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: submit, title: 提交, from: open, to: review}
  - {do: name, title: 指定, from: review, to: open, form: onsite_check, then: [{assign: {inspectors: = form.signed_by}}]}
  - {do: finish, title: 办结, from: review, to: done}
""",
        [2],
    ),
    "term_from_an_answer_that_may_be_left_out": (
        """\
states:
  open: {title: 待办, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final: true}
clocks:
  handling:
    title: 审核
    during: [review]
    deadline: 5 working days
    since: forms.onsite_check.finished_on
    basis: 条例 第一条
transitions:
  - {do: submit, title: 提交, from: open, to: review, form: onsite_check}
  - {do: finish, title: 办结, from: review, to: done}
""",
        [10],
    ),
    "counted_from_a_field_that_is_always_set_before": (
        """\
states:
  open: {title: 待办, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final: true}
fields: [got: {title: 收到, type: date}]
clocks:
  handling: {title: 审核, during: review, deadline: 5 days, since: case.got, basis: 条例 第一条}
transitions:
  - {do: submit, title: 提交, from: open, to: review, then: [{set: {got: = today}}]}
  - {do: note, title: 补记, from: review, then: [{set: {got: = today}}]}
  - {do: finish, title: 办结, from: review, to: done}
""",
        [],
    ),
    "counted_from_a_field_one_way_does_not_set": (
        """\
states:
  open: {title: 待办, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final: true}
fields: [got: {title: 收到, type: date}]
clocks:
  handling: {title: 审核, during: review, deadline: 5 days, since: case.got, basis: 条例 第一条}
transitions:
  - {do: submit, title: 提交, from: open, to: review, then: [{set: {got: = today}}]}
  - {do: hurry, title: 急办, from: open, to: review}
  - {do: note, title: 补记, from: review, then: [{set: {got: = today}}]}
  - {do: finish, title: 办结, from: review, to: done}
""",
        [7],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines


@pytest.mark.parametrize(
    ("key", "before", "named"),
    [
        ("read_only: [visited_on]", "", True),
        ("hidden: [visited_on]", "", True),
        # It need not be answered, or is answered before.
        ("read_only: [method]", "", False),
        ("read_only: [visited_on]", ", form: onsite_check", False),
    ],
)
def test_a_question_that_is_never_open_is_named(key: str, before: str, named: bool) -> None:
    text = f"""\
states:
  open: {{title: 待办, for: clerk}}
  later: {{title: 待核, for: clerk}}
  done: {{title: 办结, final: true}}
transitions:
  - {{do: visit, title: 走访, from: open, to: later{before}}}
  - do: finish
    title: 办结
    from: later
    to: done
    form: onsite_check
    {key}
"""
    assert lines_of("read-before-written", text) == ([12] if named else [])
