"""What a clock is counted from is there on every way on which it starts, or it is named."""

from __future__ import annotations

import pytest
from definition_examples import FILE, FILES, load_example, workflow_text
from meaning_example import parsed

from engine.definition.library import load_files
from engine.definition.meaning.waits.counted_from import names_counted
from engine.yamltext.problem import Severity

STEPS = """\
fields:
  - d: {title: 期日, type: date}
states:
  open: {title: 待办, for: clerk, no deadline: 试}
  side: {title: 旁, for: clerk}
  wait: {title: 等, for: clerk}
  done: {title: 办结, final: true}
clocks:
  first: {title: 前, during: [side], deadline: 3 days}
  due: {title: 期限, during: [wait], deadline: %s}
transitions:
  - {do: close, title: 办结, from: wait, to: done}
"""
SET = "  - {do: set, title: 定期, from: open, to: side, form: onsite_check, then: [{set: {d: = form.%s}}]}\n"
GO = "  - {do: go, title: 走, from: side, to: wait}\n"
SKIP = "  - {do: skip, title: 直接走, from: open, to: wait}\n"
BOTH, SOME = SET % "visited_on" + GO, SET % "visited_on" + GO + SKIP
WHEN = (SET % "visited_on").replace("visited_on}}]", "visited_on}, when: form.method == 'onsite'}]") + GO
FORM = "forms.onsite_check"

#: The deadline of the clock, the steps that lead to it, and whether it is named.
CLOCKS: dict[str, tuple[str, str, bool]] = {
    "on_every_way": ("5 days, since: case.d", BOTH, False),
    "on_some_ways": ("5 days, since: case.d", SOME, True),
    "or_another_day": ('5 days, since: "first_filled(case.d, today)"', SOME, False),
    "set_under_a_condition": ("5 days, since: case.d", WHEN, True),
    "set_to_what_need_not_be_answered": ("5 days, since: case.d", SET % "finished_on" + GO, True),
    "an_answer_that_need_not_be_given": (f"5 days, since: {FORM}.finished_on", BOTH, True),
    "days_after_such_an_answer": (f"5 days, since: \"add({FORM}.finished_on, '3 days')\"", BOTH, True),
    "days_after_an_answer": (f"5 days, since: \"add({FORM}.visited_on, '3 days')\"", BOTH, False),
    "a_form_on_some_ways": (f"5 days, since: {FORM}.visited_on", SOME, True),
    "the_day_itself": ("on case.d", BOTH, False),
    "the_day_itself_on_some_ways": ("on case.d", SOME, True),
    "the_day_itself_need_not_be_answered": ("on case.d", SET % "finished_on" + GO, True),
    "another_limit": ("5 days, not_later_than: [{deadline: 3 days, since: case.d}]", SOME, True),
    "another_limit_on_every_way": (
        "5 days, not_later_than: [{deadline: 3 days, since: case.d}]",
        BOTH,
        False,
    ),
    "another_limit_where_it_is_there": (
        "5 days, not_later_than: [{deadline: 3 days, since: case.d, when: filled(case.d)}]",
        SOME,
        False,
    ),
    "started_by_a_step_behind_it": ("5 days, starts_on: go, since: case.d", SOME, False),
    "started_by_either_step": ("5 days, starts_on: [go, skip], since: case.d", SOME, True),
    "another_clock": ("5 days, since: clocks.first.due_on", BOTH, False),
    "another_clock_on_some_ways": ("5 days, since: clocks.first.due_on", SOME, True),
    "another_clock_asked_about": ('5 days, since: "first_filled(clocks.first.due_on, today)"', SOME, False),
}


@pytest.mark.parametrize("name", CLOCKS)
def test_which_clock_is_named(name: str) -> None:
    deadline, steps, named = CLOCKS[name]
    loaded = load_files({FILE: workflow_text(STEPS % deadline + steps), **FILES})
    found = [one for one in loaded.problems if one.file == FILE and one.severity is not Severity.ADVICE]
    # One more line stands before the blocks of the example.
    assert [(one.rule, one.line) for one in found] == ([("read-before-written", 11)] if named else [])


def test_the_way_is_named() -> None:
    (said,) = [
        str(one.message)
        for one in load_example(STEPS % "5 days, since: case.d" + SOME).problems
        if one.rule == "read-before-written"
    ]
    assert "从“期日”起算，按有的走法（如经“直接走”）还没有它" in said


def test_a_step_of_the_engine_that_is_refused_is_an_error() -> None:
    steps = SOME.replace("from: open, to: wait}", "from: open, to: wait, after: 3 days}")
    loaded = load_files({FILE: workflow_text(STEPS % "on case.d" + steps), **FILES})
    found = {one.severity for one in loaded.problems if one.rule == "read-before-written" and one.line == 11}
    assert found == {Severity.ERROR}


def test_what_is_asked_about_first_is_not_counted_from() -> None:
    assert names_counted(parsed("first_filled(case.a, today)")) == []
    assert names_counted(parsed("add(case.a, '3 days')")) == [("case", "a")]
