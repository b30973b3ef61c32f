"""A form can be filled in where a case comes to it: constraints and offered codes are held against what was written on the way."""

from __future__ import annotations

import pytest
from definition_examples import ARTICLES, FILE, FILES, PARENT, workflow_text

from engine.definition.library import Loaded, load_files
from engine.definition.rules.never_answered import RULE
from engine.yamltext.problem import Severity

STEPS = """\
fields:
  - a: {title: 甲, %s}
states:
  open: {title: 待办, for: clerk, no deadline: 试}
  mid: {title: 中, for: clerk, no deadline: 试}
  done: {title: 办结, final: true}
transitions:
  - {do: first, title: 受理, from: open, to: mid, form: one%s, then: [{set: {a: %s}}]}
  - {do: last, title: 办完, from: mid, to: done, form: two%s}
"""
ONE = """\
form: one
title: 一表
fields:
  - n: {title: 数, type: integer, min: 20, max: 30}
  - d: {title: 日, type: date, max: today}
  - e: {title: 日二, type: date}
  - k: {title: 类, choices: {x: 甲, y: 乙}}
  - b: {title: 是否, type: boolean}
"""
TWO = "form: two\ntitle: 二表\nfields:\n"
INTEGER, DATE, CHOICE = "type: integer", "type: date", "choices: {x: 甲, y: 乙}"
NUMBER = "  - m: {title: 数, type: integer, max: 10%s}\n"
DAY = "  - x: {title: 日, type: date%s}\n"
CODE = "  - k: {title: 类, choices: {p: 甲, q: 乙}, offered: [%s]%s}\n"
YES = "  - r: {title: 是, type: boolean%s}\n"


def _held(condition: str, *others: str) -> str:
    listed = ", ".join(f'{{that: "{one}", else: 不对}}' for one in (condition, *others))
    return f", constraint: [{listed}]"


def _whole(condition: str) -> str:
    return f'constraints:\n  - {{that: "{condition}", else: 不对}}\n'


def _codes(first: str, second: str, more: str = "") -> str:
    return CODE % (f'{{codes: [p], when: "{first}"}}, {{codes: [q], when: "{second}"}}', more)


#: The kind of the fact, what is written into it, the fields and constraints of the second form, and the line found in it; 0: none.
FORMS: dict[str, tuple[str, str, str, int]] = {
    "above_what_was_answered": (INTEGER, "= form.n", NUMBER % _held("form.m > case.a"), 4),
    "below_what_was_answered": (INTEGER, "= form.n", NUMBER % _held("form.m < case.a"), 0),
    "above_what_was_written": (INTEGER, "50", NUMBER % _held("form.m >= case.a"), 4),
    "not_above_what_was_written": (INTEGER, "5", NUMBER % _held("form.m >= case.a"), 0),
    "of_the_whole_form": (INTEGER, "50", NUMBER % "" + _whole("form.m >= case.a"), 6),
    "as_an_answer_of_another_form": (INTEGER, "1", NUMBER % _held("form.m == forms.one.n"), 4),
    "as_an_answer_of_another_form_and_more": (
        INTEGER,
        "1",
        NUMBER % _held("form.m + 10 == forms.one.n"),
        0,
    ),
    "of_the_fact_alone": (INTEGER, "3", NUMBER % _held("case.a > 5"), 4),
    "of_the_fact_alone_that_holds": (INTEGER, "6", NUMBER % _held("case.a > 5"), 0),
    "two_with_nothing_between": (INTEGER, "5", NUMBER % _held("form.m > case.a", "form.m < 6"), 4),
    "two_with_one_between": (INTEGER, "5", NUMBER % _held("form.m > case.a", "form.m < 7"), 0),
    "exact_decimals": (
        "type: decimal",
        "2",
        f"  - r: {{title: 数, type: decimal, min: 3{_held('form.r < case.a')}}}\n",
        4,
    ),
    "of_an_optional_question": (
        INTEGER,
        "50",
        NUMBER % (", optional: true" + _held("form.m >= case.a")),
        0,
    ),
    "where_another_answer_may_be_given": (
        INTEGER,
        "50",
        YES % "" + NUMBER % "" + _whole("not form.r or form.m >= case.a"),
        0,
    ),
    "before_the_day_of_an_earlier_step": (
        DATE,
        "= today",
        DAY % (", min: today" + _held("form.x < case.a")),
        4,
    ),
    "not_before_the_day_of_an_earlier_step": (
        DATE,
        "= today",
        DAY % (", min: today" + _held("form.x >= case.a")),
        0,
    ),
    "before_a_day_that_was_not_after_today": (
        DATE,
        "= form.d",
        DAY % (", min: today" + _held("form.x < case.a")),
        4,
    ),
    "before_a_day_that_may_be_any": (
        DATE,
        "= form.e",
        DAY % (", min: today" + _held("form.x < case.a")),
        0,
    ),
    "before_a_day_of_another_form": (
        DATE,
        "= today",
        DAY % (", min: today" + _held("form.x < forms.one.d")),
        4,
    ),
    "between_written_days": (
        DATE,
        "'2020-01-01'",
        DAY % _held("form.x < case.a and form.x > '2021-01-01'"),
        4,
    ),
    "outside_written_days": (
        DATE,
        "'2020-01-01'",
        DAY % _held("form.x > case.a and form.x < '2021-01-01'"),
        0,
    ),
    "days_counted_from_both": (
        DATE,
        "= today",
        DAY % _held("form.x >= add(today, '5 days') and form.x <= add(case.a, '3 days')"),
        4,
    ),
    "days_counted_from_both_that_meet": (
        DATE,
        "= today",
        DAY % _held("form.x >= add(today, '-5 days') and form.x <= add(case.a, '3 days')"),
        0,
    ),
    "months_counted_from_both": (
        DATE,
        "= today",
        DAY % _held("form.x >= add(today, '3 months') and form.x <= add(case.a, '2 months')"),
        4,
    ),
    "over_another_day": (
        DATE,
        "= today",
        DAY % ", min: today"
        + "  - y: {title: 日, type: date}\n"
        + _whole("form.x < form.y and form.y <= case.a"),
        7,
    ),
    "a_code_that_was_not_written": (CHOICE, "x", YES % _held("form.r and case.a == 'y'"), 4),
    "a_code_that_was_answered": (CHOICE, "= form.k", YES % _held("case.a == 'y'"), 0),
    "a_truth_that_was_not_written": ("type: boolean", "false", YES % _held("form.r and case.a"), 4),
    "a_truth_that_was_written": ("type: boolean", "true", YES % _held("form.r and case.a"), 0),
    "a_text_that_was_not_written": ("type: text", "甲", YES % _held("case.a == '乙'"), 4),
    "no_code_is_offered": (CHOICE, "x", _codes("case.a == 'y'", "case.a == 'y'"), 4),
    "one_code_is_offered": (CHOICE, "x", _codes("case.a == 'y'", "case.a == 'x'"), 0),
    "no_code_need_be_chosen": (CHOICE, "x", _codes("case.a == 'y'", "case.a == 'y'", ", optional: true"), 0),
    "no_code_is_offered_for_the_number": (INTEGER, "3", _codes("case.a > 5", "case.a > 10"), 4),
    "the_code_asked_for_is_not_offered": (
        CHOICE,
        "x",
        _codes("case.a == 'y'", "case.a == 'x'", _held("form.k == 'p'")),
        4,
    ),
    "a_code_is_always_offered": (CHOICE, "x", CODE % ("{codes: [p], when: \"case.a == 'y'\"}", ""), 0),
    "only_the_other_is_always_offered": (
        CHOICE,
        "x",
        CODE % ("{codes: [p], when: \"case.a == 'y'\"}", _held("form.k == 'p'")),
        4,
    ),
    "offered_by_an_earlier_form": (CHOICE, "x", _codes("forms.one.b", "forms.one.n > 40"), 0),
    "never_offered_by_an_earlier_form": (CHOICE, "x", _codes("forms.one.n > 30", "forms.one.n < 20"), 4),
    "several_codes_none_of_which_is_offered": (
        CHOICE,
        "x",
        _codes("case.a == 'y'", "case.a == 'y'").replace("choices: {", "type: choices, choices: {"),
        4,
    ),
    "asked_only_after_another_answer": (
        CHOICE,
        "x",
        YES % "" + _codes("case.a == 'y'", "case.a == 'y'", ", when: form.r"),
        0,
    ),
    "offered_by_the_form_itself": (CHOICE, "x", YES % "" + _codes("form.r", "not form.r"), 0),
}


def _loaded(kind: str, value: str, fields: str, first: str = "", last: str = "") -> Loaded:
    files = {FILE: workflow_text(STEPS % (kind, first, value, last)), **FILES}
    files |= {"forms/one.yaml": ONE, "forms/two.yaml": TWO + fields}
    return load_files(files, context={"workflows/parent.yaml": PARENT, "workflows/articles.yaml": ARTICLES})


def _found(loaded: Loaded) -> list[tuple[str, int]]:
    found = [one for one in loaded.problems if one.rule == RULE.id]
    assert all(one.severity is Severity.ERROR for one in found)
    return [(one.file, one.line) for one in found]


@pytest.mark.parametrize("name", FORMS)
def test_which_line_is_named(name: str) -> None:
    kind, value, fields, line = FORMS[name]
    assert _found(_loaded(kind, value, fields)) == ([("forms/two.yaml", line)] if line else [])


def test_what_the_step_before_was_taken_for() -> None:
    guard = ", require: [{that: \"form.k == 'x'\", else: 不是, basis: 条例 第一条}]"
    fields = YES % _held("case.a == 'y'")
    assert _found(_loaded(CHOICE, "= form.k", fields, guard)) == [("forms/two.yaml", 4)]


def test_what_a_step_requires() -> None:
    asked = ', require: [{that: "form.m > case.a", else: 太小, basis: 条例 第一条}]'
    assert _found(_loaded(INTEGER, "50", NUMBER % "", last=asked)) == [(FILE, 10)]


def test_a_question_the_step_does_not_show() -> None:
    fields = NUMBER % _held("form.m >= case.a") + YES % ""
    assert _found(_loaded(INTEGER, "50", fields, last=", hidden: [m]")) == []


def test_the_way_is_named() -> None:
    (problem,) = [
        one
        for one in _loaded(INTEGER, "50", NUMBER % _held("form.m >= case.a")).problems
        if one.rule == RULE.id
    ]
    assert "“办完”办到这里填“二表”时" in str(problem.message)
    assert "case.a 由“受理”写入：50" in str(problem.message)
