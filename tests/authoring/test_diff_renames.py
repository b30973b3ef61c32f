"""A renamed state or clock is recognised though verbs, conditions and steps name it, and is said once."""

from __future__ import annotations

import pytest
from walk_factories import process_of

from engine.authoring.diff import compare
from engine.authoring.diff_renames import NewNames, new_names, renamed, with_new_names
from engine.lifecycle.model.workflow import Workflow

FLOW = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
states:
  open:
    title: 待检查
    for: clerk
    deadline: 5 days
    verbs:
      - extend: {by: chief, clock: open, max: 10 days, times: 1}
      - suspend: {by: chief, pauses: [open, whole]}
  review:
    title: 待审核
    for: chief
    verbs:
      - return: {by: chief, to: [open]}
  done: {title: 办结, final: true}
clocks:
  whole: {title: 全程, during: [open, review], deadline: 30 days}
transitions:
  - {do: report, title: 上报, from: open, to: review, require: [{that: not clocks.open.late, else: 已逾期}]}
  - {do: close, title: 办结, from: [open, review], to: done, when: case.state == 'open'}
  - {do: close, title: 移送, from: [open, review], to: done}
  - {do: lapse, title: 到期, from: review, to: done, on_expiry: whole}
"""


def version(*words: tuple[str, str]) -> Workflow:
    text = FLOW
    for old, new in words:
        assert old in text
        text = text.replace(old, new)
    return process_of(text).workflow


def said(*words: tuple[str, str]) -> list[str]:
    return [str(change.sentence) for change in compare(version(), version(*words))]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([("open", "handling")], "环节“open”改名为“handling”"),
        ([("review", "checking")], "环节“review”改名为“checking”"),
        ([("whole", "in_all")], "时限“whole”改名为“in_all”"),
    ],
)
def test_one_id_changed_everywhere_is_one_difference(words: list[tuple[str, str]], sentence: str) -> None:
    assert said(*words) == [sentence]


def test_two_that_name_each_other_are_both_recognised() -> None:
    assert said(("open", "handling"), ("review", "checking")) == [
        "环节“open”改名为“handling”",
        "环节“review”改名为“checking”",
    ]


def test_what_changed_besides_is_said_too() -> None:
    changes = said(("open", "handling"), ("30 days", "40 days"))
    assert changes[0] == "环节“open”改名为“handling”"
    assert len(changes) == 2
    assert "全程" in changes[1] or "whole" in changes[1]


def test_a_state_that_is_another_is_no_rename() -> None:
    changes = said(("open", "handling"), ("times: 1", "times: 2"))
    assert not any("改名" in one for one in changes)


def test_names_are_put_in_place_and_nothing_else() -> None:
    old, new = version(), version(("open", "handling"))
    names = new_names(old, new)
    assert (names.states, names.clocks) == ({"open": "handling"}, {"open": "handling"})
    called = with_new_names(old, names)
    assert called.states.keys() == new.states.keys()
    assert called.initial == "handling"
    assert with_new_names(old, NewNames()) is old
    assert renamed("open", names) == "open"
    assert renamed(old.transitions, NewNames({"nothing": "x"})) is old.transitions
