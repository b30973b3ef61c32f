"""Several outcomes of one step."""

from __future__ import annotations

import pytest
from definition_examples import load_example

STATES = """\
states:
  open: {title: 待办, for: clerk}
  other: {title: 转办, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: close, title: 办结, from: other, to: done}
  - do: finish
    title: 办理
    from: open
"""


def problems(to: str) -> list[str]:
    return [
        f"{p.line}:{p.column} {p.rule}" for p in load_example(STATES + to).problems if p.severity == "error"
    ]


def test_each_outcome_is_a_step_with_a_condition_and_the_last_has_none() -> None:
    for written in (
        "    to: [{other: case.title == '甲'}, {else: done}]\n",
        "    to: [{other: case.title == '甲'}, {否则: done}]\n",
    ):
        steps = [t for t in load_example(STATES + written).workflows["demo"].transitions if t.id == "finish"]
        assert [step.target for step in steps] == ["other", "done"]
        assert steps[0].when is not None
        assert (steps[0].when.holds({"case": {"title": "甲"}}), steps[1].when) == (True, None)


def test_the_condition_of_the_step_holds_for_every_outcome() -> None:
    written = "    when: case.id != ''\n    to: [{other: case.title == '甲'}, {else: done}]\n"
    loaded = load_example(STATES + written)
    steps = [t for t in loaded.workflows["demo"].transitions if t.id == "finish"]
    for step in steps:
        assert step.when is not None
        assert step.when.holds({"case": {"title": "甲", "id": ""}}) is False


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("    to: [{other: case.title == '甲'}]\n", ["11:9 choice-without-else"]),
        ("    to: [{else: done}, {other: case.title == '甲'}]\n", ["11:25 choice-without-else"]),
        ("    to: [{oter: case.title == '甲'}, {else: done}]\n", ["11:11 unknown-state"]),
        ("    to: [done, {else: done}]\n", ["11:10 wrong-shape"]),
        ("    to: [{other: case.titel == '甲'}, {else: done}]\n", ["11:23 unknown-name"]),
    ],
)
def test_outcomes_that_cannot_be(to: str, told: list[str]) -> None:
    assert problems(to) == told
