"""A fault of a policy is told once, where it is written, with those that use it."""

from __future__ import annotations

import pytest
from definition_examples import BUREAU, FILE, FILES, workflow_text

from engine.definition.library import load_files
from engine.definition.meaning.policy_problems import said_at_policies

POLICIES = """\
policies:
  usual:
    remind: 5 working days before
    overdue: {at once: [clerk], 3 working days: escalate leading_office}
"""
#: Three deadlines that take the policy: two of the workflow, and one that names it itself.
STEPS = """\
policy: usual
states:
  open: {title: 待办, for: clerk, deadline: 2 working days}
  review: {title: 待审, for: clerk, deadline: 3 working days}
  last: {title: 待核, for: clerk, deadline: 4 working days, remind: usual}
  done: {title: 办结, final: true}
transitions:
  - {do: submit, title: 提交, from: open, to: review}
  - {do: look, title: 核对, from: review, to: last}
  - {do: finish, title: 办结, from: last, to: done}
"""


def said(policies: str, *, bureau_alone: bool = False) -> list[str]:
    files = {**FILES, "bureau.yaml": BUREAU + policies, FILE: workflow_text(STEPS)}
    if bureau_alone:
        context = {name: text for name, text in files.items() if name != FILE}
        problems = load_files({FILE: files[FILE]}, context=context).problems
    else:
        problems = load_files(files).problems
    rules = ("reminder-later-than-deadline", "unknown-role")
    return [f"{one.file}:{one.line} {one.rule} {one.message}" for one in problems if one.rule in rules]


def line(text: str) -> int:
    return (BUREAU + POLICIES)[: (BUREAU + POLICIES).index(text)].count("\n") + 1


def test_a_reminder_too_early_is_told_at_the_policy_with_the_deadlines_it_is_too_early_for() -> None:
    (told,) = said(POLICIES)
    assert told.startswith(f"bureau.yaml:{line('remind:')} reminder-later-than-deadline ")
    assert told.endswith(
        "逾期办法“usual”：提醒早于时限的起点，不会发出；用它的：demo.open、demo.review、demo.last"
    )


@pytest.mark.parametrize("name", ["clerk", "leading_office"])
def test_a_role_there_is_not_is_told_at_its_name(name: str) -> None:
    found = said(POLICIES.replace(name, "nobody"))
    told = [one for one in found if "unknown-role" in one]
    assert told == [
        f"bureau.yaml:{line('overdue:')} unknown-role 逾期办法“usual”：没有角色或参与人“nobody”；用它的：demo"
    ]


def test_with_a_reason_on_its_line_it_is_allowed() -> None:
    allowed = "before  # ssj: allow reminder-later-than-deadline – 另有通知"
    assert said(POLICIES.replace("before", allowed)) == []


def test_where_the_bureau_is_only_referred_to_it_is_told_where_it_is_used() -> None:
    found = said(POLICIES, bureau_alone=True)
    assert {one.partition(":")[0] for one in found} == {FILE}
    assert said_at_policies((), ()) == ()
