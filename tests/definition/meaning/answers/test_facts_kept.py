"""What holds of days and numbers after the steps that wrote them."""

from __future__ import annotations

import pytest
from meaning_example import subject_of

from engine.definition.meaning.answers.facts_kept import facts_kept
from engine.lifecycle.expressions.source_text import source_text

WRITTEN = """\
fields:
  - day: {title: 日, type: date}
  - found: {title: 问题, type: integer}
states:
  open: {title: 待办, for: clerk}
  later: {title: 待核, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: visit, title: 走访, from: open, to: later, form: visit, then: [{set: {day: %s, found: %s}}]}
  - {do: finish, title: 办结, from: later, to: done, then: [{set: {found: 9}}]}
"""


@pytest.mark.parametrize(
    ("day", "found", "wanted"),
    [
        ("= today", "3", [["case.day <= today", "case.found == 3"], ["case.day <= today", "case.found == 9"]]),
        (
            "\"= add(today, '3 days')\"",
            "9",
            [["case.day <= add(today, '3 days')", "case.found == 9"]] * 2,
        ),
        ("'2024-01-02'", '"= form.staff + 1"', [["case.day == '2024-01-02'"], ["case.day == '2024-01-02'", "case.found == 9"]]),
    ],
)  # fmt: skip
def test_one_set_for_each_way(day: str, found: str, wanted: list[list[str]]) -> None:
    kept = facts_kept(subject_of(WRITTEN % (day, found)), [("case", "day"), ("case", "found")])
    assert [[source_text(one) for one in way] for way in kept.ways] == wanted
    assert [one.step.id for one in kept.written["case", "found"]] == ["visit", "finish"]


def test_of_what_nobody_declares_nothing_is_known() -> None:
    kept = facts_kept(subject_of(), [("today",), ("case", "state"), ("forms", "nothing", "x")])
    assert list(kept.ways) == [[]]
    assert not kept.written
