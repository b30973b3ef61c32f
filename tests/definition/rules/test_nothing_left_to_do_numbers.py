"""Numbers in a state nobody has a task in: what they can be is followed, and a condition that does not hold for one of them is an error."""

from __future__ import annotations

import pytest
from definition_examples import ARTICLES, FILE, FILES, PARENT, workflow_text

from engine.definition.library import load_files
from engine.definition.rules.nothing_left_to_do import RULE
from engine.yamltext.problem import Severity

JUDGED = """\
fields:
  - found: {title: 问题, type: integer%s}
states:
  open: {title: 待办, for: clerk, no deadline: 试}
  judged: {title: 已判断}
  done: {title: 办结, final: true}
clocks:
  due: {title: 期, during: [judged], deadline: 3 days}
transitions:
  - {do: judge, title: 判断, from: open, to: judged, form: num, then: [{set: {found: %s}}]}
"""
NUM = """\
form: num
title: 数
fields:
  - n: {title: 数, type: integer%s}
  - m: {title: 数, type: integer, optional: true}
"""
UP_TO_TEN = ", min: 0, max: 10"
CLOSE = "  - {do: close, title: 办结, from: judged, to: done, automatic: true, when: %s}\n"
BACK = "  - {do: back, title: 退, from: judged, to: open, automatic: true, when: %s}\n"
AFTER = "  - {do: close, title: 办结, from: judged, to: done, after: 3 days, when: %s}\n"
EXPIRED = "  - {do: close, title: 办结, from: judged, to: done, on_expiry: due, when: %s}\n"

#: The steps out of the state, what is written, the bounds of the question and of the fact, and whether the state is found.
NUMBERS: dict[str, tuple[str, str, str, str, bool]] = {
    "never_by_the_bounds_of_the_question": (CLOSE % "case.found > 10", "= form.n", UP_TO_TEN, "", True),
    "never_by_the_bounds_of_the_fact": (CLOSE % "case.found > 20", "= form.n", "", ", min: 0, max: 20", True),
    "never_as_written": (CLOSE % "case.found > 3", "3", "", "", True),
    "as_written": (CLOSE % "case.found >= 3", "3", "", "", False),
    "for_some": (CLOSE % "case.found > 5", "= form.n", UP_TO_TEN, "", True),
    "for_some_without_bounds": (CLOSE % "case.found > 5", "= form.n", "", "", True),
    "for_all": (CLOSE % "case.found >= 0", "= form.n", UP_TO_TEN, "", False),
    "for_all_below": (CLOSE % "case.found <= 10", "= form.n", UP_TO_TEN, "", False),
    "for_all_by_a_constraint": (
        CLOSE % "case.found > 5",
        "= form.n",
        ", constraint: [{that: form.n > 5, else: 太少}]",
        "",
        False,
    ),
    "read_of_the_form": (CLOSE % "forms.num.n > 10", "= form.n", UP_TO_TEN, "", True),
    "read_of_the_form_for_some": (CLOSE % "forms.num.n == 3", "= form.n", UP_TO_TEN, "", True),
    "read_of_the_form_for_all": (CLOSE % "forms.num.n <= 10", "= form.n", UP_TO_TEN, "", False),
    "between_two_steps": (
        CLOSE % "case.found > 5" + BACK % "case.found < 5",
        "= form.n",
        UP_TO_TEN,
        "",
        True,
    ),
    "between_two_steps_no_whole_number": (
        CLOSE % "case.found > 5" + BACK % "case.found < 6",
        "= form.n",
        UP_TO_TEN,
        "",
        False,
    ),
    "after_some_days_never": (AFTER % "case.found > 10", "= form.n", UP_TO_TEN, "", True),
    "after_some_days_for_some": (AFTER % "case.found > 5", "= form.n", UP_TO_TEN, "", True),
    "after_some_days_for_all": (AFTER % "case.found >= 0", "= form.n", UP_TO_TEN, "", False),
    "after_some_days_or_at_once": (
        AFTER % "case.found > 5" + BACK % "case.found <= 5",
        "= form.n",
        UP_TO_TEN,
        "",
        False,
    ),
    "when_a_clock_has_run_out_never": (EXPIRED % "case.found > 10", "= form.n", UP_TO_TEN, "", True),
    "when_a_clock_has_run_out": (EXPIRED % "case.found <= 10", "= form.n", UP_TO_TEN, "", False),
    "two_that_exclude_each_other": (
        CLOSE % "case.found > 10 and case.found < 20",
        "= form.n",
        UP_TO_TEN,
        "",
        True,
    ),
    "either_never": (CLOSE % "case.found > 10 or case.found < 0", "= form.n", UP_TO_TEN, "", True),
    "a_number_out_of_bounds": (CLOSE % "case.found == 11", "= form.n", UP_TO_TEN, "", True),
    "one_of_a_list": (CLOSE % '"case.found in [11, 12]"', "= form.n", UP_TO_TEN, "", True),
    "a_sum_never": (CLOSE % "case.found + 1 > 11", "= form.n", UP_TO_TEN, "", True),
    "a_sum_for_all": (CLOSE % "case.found + 1 >= 1", "= form.n", UP_TO_TEN, "", False),
    "a_product_never": (CLOSE % "case.found * 2 < 0", "= form.n", UP_TO_TEN, "", True),
    "not_given": (CLOSE % "case.found >= 0 or case.found < 0", "= form.m", UP_TO_TEN, "", True),
}

BEGUN = """\
fields:
  - found: {title: 问题, type: integer}
start: {by: clerk, form: num%s}
states:
  judged: {title: 已判断}
  done: {title: 办结, final: true}
initial: judged
transitions:
  - {do: close, title: 办结, from: judged, to: done, automatic: true, when: %s > 3}
"""
CHILD = (
    (BEGUN % ("", "case.found"))
    .replace("start: {by: clerk, form: num}\n", "title: 子\nabout: object\n")
    .join(("workflow: kid\n", ""))
)
STARTS = """\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: finish, title: 办结, from: open, to: done, form: num, then: [{start: kid, with: {found: %s}}]}
"""


def _errors(text: str, bounds: str = UP_TO_TEN, more: dict[str, str] | None = None) -> list[str]:
    files = {FILE: workflow_text(text), **FILES, "forms/num.yaml": NUM % bounds, **(more or {})}
    loaded = load_files(files, context={"workflows/parent.yaml": PARENT, "workflows/articles.yaml": ARTICLES})
    found = [one for one in loaded.problems if one.rule == RULE.id]
    assert all(one.severity is Severity.ERROR for one in found)
    return [one.file for one in found]


@pytest.mark.parametrize("name", NUMBERS)
def test_what_is_written_on_the_way(name: str) -> None:
    steps, value, bounds, fact, named = NUMBERS[name]
    assert _errors(JUDGED % (fact, value) + steps, bounds) == ([FILE] if named else [])


@pytest.mark.parametrize(
    ("then", "read", "bounds", "named"),
    [
        (", then: [{set: {found: 3}}]", "case.found", "", True),
        (", then: [{set: {found: 4}}]", "case.found", "", False),
        (", then: [{set: {found: = form.n}}]", "case.found", UP_TO_TEN, True),
        (", then: [{set: {found: = form.n}}]", "case.found", ", min: 4, max: 10", False),
        ("", "forms.num.n", UP_TO_TEN, True),
        ("", "forms.num.n", ", min: 0, constraint: [{that: form.n > 3, else: 太少}]", False),
    ],
)
def test_what_a_case_begins_with(then: str, read: str, bounds: str, named: bool) -> None:
    assert _errors(BEGUN % (then, read), bounds) == ([FILE] if named else [])


@pytest.mark.parametrize(("value", "named"), [("2", True), ("4", False), ("= form.n", True)])
def test_what_the_case_above_hands_over(value: str, named: bool) -> None:
    found = _errors(STARTS % value, more={"workflows/kid.yaml": CHILD})
    assert found == (["workflows/kid.yaml"] if named else [])


@pytest.mark.parametrize(
    ("other", "condition", "named"),
    [
        ("= form.m", "case.a > case.b", True),
        ("= form.m", "case.a < case.b", False),
        ("50", "case.a >= case.b", True),
        ("= form.m", "case.a + case.b > 40", True),
        ("= form.m", "case.a + case.b >= 20", False),
        ("= form.m", "case.b - case.a < 10", True),
        ("= form.m", "forms.two.n > case.b", True),
    ],
)
def test_two_numbers(other: str, condition: str, named: bool) -> None:
    text = (
        (JUDGED % ("", "1") + CLOSE % f'"{condition}"')
        .replace("  - found: {title: 问题, type: integer}\n", "  - a: {title: 甲, type: integer}\n  - b: {title: 乙, type: integer}\n")
        .replace("form: num, then: [{set: {found: 1}}]", f"form: two, then: [{{set: {{a: = form.n, b: {other}}}}}]")
    )  # fmt: skip
    two = (NUM % UP_TO_TEN).replace("form: num", "form: two").replace("optional: true", "min: 20, max: 30")
    assert _errors(text, more={"forms/two.yaml": two}) == ([FILE] if named else [])
