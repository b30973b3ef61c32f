"""Whether a case on a stage can go on, and what people can try."""

from __future__ import annotations

from walk_factories import Walk, process_of

from engine.authoring.stories.going_on import _ways_to_answer, can_be_taken, goes_on, seen, steps_to_try
from engine.authoring.stories.stage import Stage
from engine.authoring.stories.story import StoryStep
from engine.kernel.refusal import Refusal


def test_a_case_somebody_can_go_on_with(stage: Stage) -> None:
    assert [step.do for step in steps_to_try(stage)] == ["report"]
    assert can_be_taken(stage, StoryStep(line=0, do="report"))
    assert goes_on(stage)


def test_children_are_called_by_their_number(stage: Stage) -> None:
    for do in ("report", "accept"):
        case = stage.case()
        assert case is not None
        assert not isinstance(stage.take(case, StoryStep(line=0, do=do)), Refusal)
    assert [(step.case, step.do) for step in steps_to_try(stage)] == [
        ("errand 1", "finish"),
        ("errand 2", "finish"),
    ]
    before = seen(stage)
    child = stage.case("errand 1")
    assert child is not None
    assert not isinstance(stage.take(child, StoryStep(line=0, do="finish")), Refusal)
    assert seen(stage) != before


DECISION = """\
form: decision
title: 决定
fields:
  - granted: {title: 同意, boolean}
  - ground: {title: 事由, choices: {asked: 申请, unable: 不能}}
  - acts: {title: 所作的, choices: {none: 没有, stand: 有效}, when: "form.granted and form.ground != 'unable'"}
"""


def test_what_is_not_asked_is_not_tried_as_an_answer() -> None:
    process = process_of(
        """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: decide, title: 决定, from: open, to: done, form: decision, when: form.acts != 'stand' and form.ground == 'asked'}
""",
        DECISION,
    )
    case = Walk("", process=process).case
    # Whether it is granted is no condition of a step: what is put for one of its answers may be asked.
    assert _ways_to_answer(process.form("decision"), process, case) == [
        {"ground": "asked", "acts": "none"},
        {"ground": "asked", "acts": "stand"},
        {"ground": "unable"},
    ]
