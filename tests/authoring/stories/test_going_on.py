"""Whether a case on a stage can go on, and what people can try."""

from __future__ import annotations

from engine.authoring.stories.going_on import can_be_taken, goes_on, seen, steps_to_try
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
