"""Facts that follow an answer that was put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from walk_factories import Walk, process_of, shanghai

from engine.lifecycle.case import Case
from engine.lifecycle.command import TakenStep
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.verbs.correcting.facts_corrected import Followed, PutRight, follow_correction

NOTE = """
form: note
title: 记录
fields:
  - a: {title: 数, type: integer}
  - b: {title: 除, type: integer}
"""
PROCESS = process_of(
    """
    workflow: w
    title: 件
    about: none
    initial: s
    start: {by: clerk, form: note, then: [{set: {first: = form.a}}]}
    fields:
      - first: {title: 一, type: integer}
      - x: {title: 二, type: integer}
      - z: {title: 三, type: integer}
      - size: {title: 大小, type: text}
      - on: {title: 日, type: date}
      - who: {title: 谁, type: text}
      - share: {title: 商, type: integer}
    states:
      s: {title: 登记, for: clerk, no deadline: 无}
      t: {title: 办理, for: clerk, no deadline: 无}
      u: {title: 后, for: clerk, no deadline: 无}
      e: {title: 完, final: true}
    transitions:
      - do: fill
        title: 登记
        from: s
        to: t
        then:
          - set: {x: = forms.note.a}
          - {set: {size: 大件}, when: forms.note.a > 10}
          - {set: {size: 小件}, when: forms.note.a <= 10}
      - do: next
        title: 后
        from: t
        to: u
        then: [{set: {z: = case.x * 2, on: "= days_after(today, forms.note.a)", who: = actor.id}}]
      - {do: more, title: 再, from: u, then: [{set: {x: = case.x + 1}}]}
      - {do: part, title: 分, from: u, then: [{set: {share: "= round(100 / forms.note.b, 0)"}}]}
      - {do: fin, title: 完, from: u, to: e}
    """,
    NOTE,
)
DAY = shanghai("2024-09-02 10:00")
#: step -> the state it was taken in, and where it led.
WAYS = {
    None: ("", "s"),
    "fill": ("s", "t"),
    "next": ("t", "u"),
    "more": ("u", None),
    "part": ("u", None),
    "": ("s", None),
}


def taken(step: str | None, at: str = "2024-09-02 10:00", *, latest: bool = True, **fields: Any) -> TakenStep:
    """Return a step with the facts it has set; with `latest` the answers are those it saw."""
    source, target = WAYS[step]
    before = Walk("", process=PROCESS, state=source or "s", at=at, forms={"note": {"a": 5, "b": 4}})
    return TakenStep(
        step=step,
        source=source,
        target=target,
        at=shanghai(at),
        before=before.case,
        fields=fields,
        given={"a": 5, "b": 4} if step is None else {},
        latest=frozenset({"note"}) if latest else frozenset(),
    )


STARTED = taken(None, first=5)
FILLED = taken("fill", x=5, size="小件")
NEXT = taken("next", "2024-09-03 10:00", z=10, on="2024-09-08", who="carl")


def followed(*steps: TakenStep, to: Mapping[str, Any], more: Mapping[str, Any] | None = None) -> Followed:
    """Return what follows when the answers, once 5 and 4, are put right."""
    facts: dict[str, Any] = {}
    walked = []
    for one in steps:
        walked.append(replace(one, before=replace(one.before, fields=dict(facts))))
        facts |= one.fields
    facts |= more or {}
    answers = {"a": 5, "b": 4}
    put = PutRight({"note": answers}, {"note": {**answers, **to}})
    return follow_correction(PROCESS, facts, walked, put)


def moved(
    *steps: TakenStep, to: Mapping[str, Any], more: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """Return the facts that follow."""
    found = followed(*steps, to=to, more=more)
    assert (found.elsewhere, found.unknown) == (None, None)
    return found.facts


def test_every_fact_follows_one_from_another_by_the_day_of_its_step() -> None:
    assert moved(STARTED, FILLED, NEXT, to={"a": 50}) == {
        "first": 50,
        "x": 50,
        "size": "大件",
        "z": 100,
        "on": "2024-10-23",
    }
    assert moved(STARTED, FILLED, NEXT, to={"a": 5}) == {}


def test_a_step_that_was_not_taken_sets_nothing() -> None:
    assert moved(STARTED, to={"a": 50}) == {"first": 50}
    # What somebody else has set since, and what it was not worked out to, stays.
    assert moved(STARTED, FILLED, to={"a": 50}, more={"x": 7}) == {"first": 50, "size": "大件"}
    other = taken("fill", x=6, size="小件")
    # It came to something else then: by what nobody knows any more.
    found = followed(other, to={"a": 7})
    assert (found.facts, found.unknown) == ({}, PROCESS.workflow.transitions[0])
    # An earlier handing in of the form is not put right.
    assert moved(taken("fill", latest=False, x=5, size="小件"), to={"a": 50}) == {}


def test_a_fact_that_was_changed_again_is_worked_out_again_from_there() -> None:
    once = taken("more", x=6)
    assert moved(FILLED, NEXT, once, to={"a": 8}) == {"x": 9, "z": 16, "on": "2024-09-11"}


def test_what_others_than_steps_have_set_is_no_answer_s() -> None:
    drawn = taken("", x=5)
    assert moved(drawn, to={"a": 50}) == {}


def test_a_fact_that_cannot_be_worked_out_any_more_is_said() -> None:
    part = taken("part", share=25)
    assert moved(part, to={"b": 5}) == {"share": 20}
    with pytest.raises(EvaluationError):
        moved(part, to={"b": 0})


JUDGED = process_of(
    """
    workflow: judged
    title: 件
    about: none
    initial: s
    start: {by: clerk}
    fields: [x: {title: 二, type: integer}]
    states:
      s: {title: 登记, for: clerk, no deadline: 无}
      t: {title: 改正, for: clerk, no deadline: 无}
      u: {title: 立案, for: clerk, no deadline: 无}
      e: {title: 完, final: true}
    transitions:
      - {do: judge, title: 判, from: s, form: note, to: [t: form.a < 10, else: u], then: [{set: {x: = form.a}}]}
      - {do: big, title: 大, from: t, to: u, automatic: true, when: case.x > 5}
      - {do: fin, title: 完, from: [t, u], to: e}
    """,
    NOTE,
)


@pytest.mark.parametrize(
    ("steps_taken", "to", "leads"),
    [
        ([("judge", "s", "t")], 12, ("判", "u")),
        ([("judge", "s", "t")], 6, None),
        # It would not have been taken: by the fact that follows.
        ([("judge", "s", "t"), ("big", "t", "u")], 5, ("大", None)),
        ([("judge", "s", "t"), ("big", "t", "u")], 9, None),
        # It did not come of the answers as they stand.
        ([("judge", "s", "u")], 12, None),
        # The case went back to before it.
        ([("judge", "s", "t!")], 12, None),
    ],
)
def test_a_way_that_would_have_been_another_is_named(
    steps_taken: list[tuple[str, str, str]], to: int, leads: tuple[str, str | None] | None
) -> None:
    def before(state: str, fields: Mapping[str, Any]) -> Case:
        walk = Walk("", process=JUDGED, state=state, at="2024-09-20", fields=fields)
        return replace(walk.case, forms={"note": {"a": 6, "b": 4}})

    steps = [
        TakenStep(
            step=step,
            source=source,
            target=target.rstrip("!"),
            at=DAY,
            before=before(source, {} if step == "judge" else {"x": 6}),
            fields={"x": 6} if step == "judge" else {},
            given={"a": 6, "b": 4} if step == "judge" else {},
            latest=frozenset({"note"}),
            undone=target.endswith("!"),
        )
        for step, source, target in steps_taken
    ]
    answers = {"a": 6, "b": 4}
    put = PutRight({"note": answers}, {"note": {"a": to, "b": 4}})
    found = follow_correction(JUDGED, {"x": 6}, steps, put)
    assert (found.elsewhere and (found.elsewhere[0].title, found.elsewhere[1])) == leads
    assert (found.unknown is not None) == (steps_taken == [("judge", "s", "u")])
