"""Tasks side by side: which are asked for, which are done in this stay, and what conditions see of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from walk_factories import Walk, process_of

from engine.lifecycle.forms.branches import answer, asked_branches, branch_values, is_answered, open_branches

FLOW = """
workflow: visit
title: 检查
about: object
initial: asking
fields: [big: {title: 大额, type: boolean}]
states:
  asking:
    title: 征求意见
    branches:
      law: {title: 法制意见, for: chief, form: sheet}
      money: {title: 财务意见, for: deputy, form: sheet, when: case.big}
  next: {title: 汇总, for: chief}
  done: {title: 办结, final: true}
transitions:
  - {do: enough, title: 够了, from: asking, to: next, automatic: true, when: branches.open == 0}
  - {do: finish, title: 办结, from: next, to: done}
"""
SHEET = """
form: sheet
title: 意见
fields: [cost: {title: 费用, type: decimal, optional: true}]
"""
PROCESS = process_of(FLOW, SHEET)


def names(found: object) -> list[str]:
    return [branch.id for branch in found]  # type: ignore[attr-defined]  # transitions


def test_only_what_concerns_the_case_is_asked_and_what_nobody_can_tell_is_asked_too() -> None:
    case = Walk("", process=PROCESS).case
    assert names(asked_branches(PROCESS, replace(case, fields={"big": False}))) == ["law"]
    assert names(asked_branches(PROCESS, replace(case, fields={"big": True}))) == ["law", "money"]
    assert names(asked_branches(PROCESS, case)) == ["law", "money"]
    # What is asked for can be answered: else a case that waits for all of them would stand for ever.
    scope = {"case": {"big": None}}
    assert PROCESS.machine.take("money", "asking", scope)[0] in PROCESS.branches
    assert PROCESS.machine.take("money", "asking", {"case": {"big": False}}) == (None, "asking")


def test_an_answer_counts_in_the_stay_in_which_it_was_given_and_is_read_after_it() -> None:
    walk = Walk("", process=PROCESS)
    case = replace(walk.case, fields={"big": False})
    said = answer("carl", "dora", walk.now, PROCESS.time.zone, {"cost": "2.50"})
    assert (said["by"], said["for"]) == ("carl", "dora")
    case = replace(case, branches={"law": said})
    assert is_answered(PROCESS, case, "law")
    assert open_branches(PROCESS, case) == ()
    seen = branch_values(PROCESS, case)
    assert (seen["total"], seen["open"], seen["done"]) == (1, 0, 1)
    assert seen["law"]["answers"] == {"cost": Fraction(5, 2)}
    assert seen["money"] == {"name": "money", "title": "财务意见", "done": False}
    assert [row["name"] for row in seen["each"]] == ["law"]
    later = replace(case, entered_at=walk.now + timedelta(days=1))
    assert names(open_branches(PROCESS, later)) == ["law"]
    behind = replace(later, state="next")
    assert is_answered(PROCESS, behind, "law")
    assert [row["name"] for row in branch_values(PROCESS, behind)["each"]] == ["law"]


def test_a_branch_may_ask_for_anything_of_the_case() -> None:
    flow = FLOW.replace(
        "when: case.big", "when: \"case.opened_on >= '2000-01-01' and case.state == 'asking'\""
    )
    process = process_of(flow, SHEET)
    assert names(asked_branches(process, Walk("", process=process).case)) == ["law", "money"]
    early = process_of(flow.replace("2000", "2100"), SHEET)
    assert names(asked_branches(early, Walk("", process=early).case)) == ["law"]
