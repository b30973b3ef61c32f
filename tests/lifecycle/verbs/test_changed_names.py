"""Which expressions read what is otherwise at a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from walk_factories import process_of

from engine.definition.expressions import parse_expression
from engine.lifecycle.verbs.correcting.changed_names import ChangedNames

PROCESS = process_of(
    """
    workflow: w
    title: 件
    about: none
    initial: s
    start: {by: clerk, form: note}
    fields: [x: {title: 一, type: integer}, y: {title: 二, type: integer}]
    clocks: {c: {title: 钟, deadline: 10 days, basis: 内部规定, during: [s], since: forms.note.on}}
    states:
      s: {title: 登记, for: clerk}
      views:
        title: 征求
        branches:
          law: {title: 法, for: clerk, form: note}
          money: {title: 财, for: clerk, form: note, when: case.x > 1}
      e: {title: 完, final: true}
    transitions:
      - {do: ask, title: 征求, from: s, to: views, then: [{set: {x: = forms.note.count}}, {set: {y: = case.x}}]}
      - {do: fin, title: 完, from: views, to: e, automatic: true, when: branches.open == 0}
    """,
    """
    form: note
    title: 记录
    fields:
      - count: {title: 数, type: integer, id: a}
      - on: {title: 日, type: date}
    """,
)
THEN: Mapping[str, Mapping[str, Any]] = {"note": {"a": 1, "on": "2024-09-02"}}


def changed(
    answers: Mapping[str, Any], *moved: str, state: str = "s", clocks: tuple[str, ...] = ("c",)
) -> ChangedNames:
    """Return what is otherwise where the form is answered so."""
    return ChangedNames(PROCESS, THEN, ({"note": answers},), "note", moved, state, clocks)


def reads(names: ChangedNames, text: str) -> bool:
    expression = parse_expression(text, None).expression
    assert expression is not None
    return names.any(expression)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("form.a", True),
        ("form.count", True),
        ("forms.note.a", True),
        ("forms.note.count", True),
        ("forms.note.on", False),
        ("case.x", False),
        ("clocks.c.late", False),
        ("today", False),
    ],
)
def test_an_answer_by_either_of_its_names(text: str, expected: bool) -> None:
    assert reads(changed({"a": 2, "on": "2024-09-02"}), text) is expected


def test_clocks_and_branches_read_what_they_are_counted_and_asked_by() -> None:
    later = changed({"a": 1, "on": "2024-09-03"})
    assert later.clocks == {"c"}
    assert reads(later, "clocks.c.due_on")
    assert changed({"a": 1, "on": "2024-09-03"}, clocks=()).clocks == frozenset()
    assert reads(changed(THEN["note"], "x", state="views"), "branches.open")
    assert not reads(changed(THEN["note"], "x"), "branches.open")
    assert not reads(changed(THEN["note"], "y", state="views"), "branches.open")


def test_facts_set_from_facts_are_otherwise_with_them() -> None:
    names = changed({"a": 2, "on": "2024-09-02"})
    assert names.of_effects(PROCESS.workflow.transitions[-1].then) == set()
    step = next(one for one in PROCESS.workflow.transitions if one.id == "ask")
    assert names.of_effects(step.then) == {"x", "y"}
    assert reads(names, "case.y")


def test_nothing_is_otherwise() -> None:
    names = changed(THEN["note"])
    assert names.is_none
    assert not reads(names, "form.a")
