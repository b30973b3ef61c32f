"""Counts of a bureau that stay at nothing are named, and none that can count."""

from __future__ import annotations

import pytest
from definition_examples import BUREAU, FILE, FILES, FORM, load_example, workflow_text

from engine.definition.library import load_files
from engine.definition.meaning.answers.never_counted import never_counted
from engine.definition.rules.never_counted import RULE

CASE = """\
fields:
  - outcome: {title: 结果}
  - checked: {title: 查过, type: boolean}
  - never: {title: 未记}
  - fine: {title: 罚款, type: integer}
  - small: {title: 小, type: integer}
  - k: {title: 类, choices: {x: 甲, y: 乙, z: 丙}}
states:
  open: {title: 待办, for: clerk, no deadline: 试}
  done: {title: 办结, final: true}
transitions:
  - do: drop
    title: 撤销
    from: open
    to: done
    form: onsite_check
    then: [{set: {outcome: dropped, checked: false, fine: 0, small: = form.staff, k: x}}]
  - {do: finish, title: 办结, from: open, to: done, then: [{set: {outcome: visited, k: y}}]}
"""
SHARE = "measures: {share: {title: 率, part: %s, whole: %s}}"
DONE = "{where: case.outcome == 'visited'}"
ALL = "{cases: demo}"
TABLE = (
    "statistics: {all: {title: 件, cases: demo, groups: {section: {title: 股室, value: case.section}}, columns: "
    "{all: {title: 全%s}, good: {title: 好, where: case.outcome == 'visited'}, rate: {title: 率, part: good, whole: all}}}}"
)

#: What a bureau counts -> whether it is named.
COUNTS: dict[str, bool] = {
    SHARE % (DONE, ALL): False,
    SHARE % (DONE, "{cases: demo, where: filled(case.never)}"): True,
    SHARE % (DONE, "{cases: demo, where: case.never == 'x'}"): True,
    SHARE % (DONE, "{cases: demo, where: empty(case.never)}"): False,
    SHARE % (DONE, "{cases: demo, field: checked}"): True,
    SHARE % (DONE, "{cases: demo, where: case.k == 'z'}"): True,
    SHARE % (DONE, "{cases: demo, where: case.k == 'y'}"): False,
    SHARE % (ALL, "{cases: demo, sum: case.fine}"): True,
    SHARE % (ALL, "{cases: demo, sum: case.small}"): False,
    SHARE % (ALL, "{cases: demo, count: case.never}"): True,
    SHARE % (ALL, "{cases: demo, forms: [onsite_check]}"): False,
    SHARE % (ALL, "{cases: demo, where: case.outcome == 'visited' and case.outcome == 'dropped'}"): True,
    SHARE % (ALL, "{cases: demo, where: case.outcome == 'visited' or case.outcome == 'dropped'}"): False,
    SHARE % (ALL, "{cases: demo, where: case.fine > 10}"): True,
    SHARE % (ALL, "{cases: demo, where: case.small > 10}"): False,
    SHARE % (ALL, "{cases: demo, where: filled(forms.onsite_check.staff)}"): False,
    SHARE % ("{where: filled(case.never)}", ALL): True,
    SHARE % ("{publications: result}", ALL): True,
    SHARE % (ALL, "{register: objects}"): False,
    SHARE % (ALL, "{cases: any, where: filled(case.never)}"): False,
    "supervision: {few: {title: 少, cases: demo, where: filled(case.never)}}": True,
    "supervision: {few: {title: 少, cases: demo, where: empty(case.never)}}": False,
    TABLE % ", where: filled(case.never)": True,
    TABLE % "": False,
}


def _found(counted: str) -> list[str]:
    files = {FILE: workflow_text(CASE), **FILES, "bureau.yaml": f"{BUREAU}{counted}\n"}
    last = len(files["bureau.yaml"].splitlines())
    found = [one for one in load_files(files).problems if one.rule == RULE.id]
    assert [(one.file, one.line) for one in found] == [("bureau.yaml", last)] * len(found)
    return [str(one.message) for one in found]


@pytest.mark.parametrize("counted", COUNTS)
def test_what_counts_nothing_is_named(counted: str) -> None:
    assert len(_found(counted)) == COUNTS[counted]


def test_what_is_divided_by_is_said() -> None:
    (said,) = _found(SHARE % (DONE, "{cases: demo, where: filled(case.never)}"))
    assert "“率”的分母总是 0：没有哪一步记下“case.never”" in said


def test_what_is_told_otherwise_is_told_once() -> None:
    files = {FILE: workflow_text(CASE), **FILES, "forms/other.yaml": FORM.replace("onsite_check", "other")}
    for counted, rule in (
        (SHARE % (ALL, "{cases: demo, forms: [other]}"), "unknown-form"),
        (SHARE % ("{where: case.outcome == 'droped'}", ALL), "unknown-choice"),
    ):
        files["bureau.yaml"] = f"{BUREAU}{counted}\n"
        assert [one.rule for one in load_files(files).problems if one.file == "bureau.yaml"] == [rule]


def test_nothing_is_said_of_workflows_that_were_not_judged() -> None:
    assert list(never_counted((), {})) == []


def test_the_example_of_the_rule() -> None:
    assert [one.rule for one in load_example(RULE.wrong).problems if one.file == FILE] == [RULE.id]
    assert [one.rule for one in load_example(RULE.right).problems if one.file == FILE] == []
