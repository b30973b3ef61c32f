"""What comes next for a case: who is offered what, what is asked of them, what the engine waits for, the days of its clocks."""

from __future__ import annotations

from datetime import date

from engine.authoring.stories.ahead import asked, awaited, offered, plain, schedule
from engine.authoring.stories.stage import Stage
from engine.authoring.stories.story import StoryStep
from engine.kernel.refusal import Refusal


def test_steps_are_offered_to_roles_and_ask_for_their_form(stage: Stage) -> None:
    case = stage.case()
    assert case is not None
    process = stage.process(case)
    assert offered(stage, process, case)["report"] == ("clerk",)
    assert asked(stage, process, case)["report"] == ("note",)
    assert awaited(stage, process, case) == {}


def test_a_clock_says_when_it_is_late(stage: Stage) -> None:
    case = stage.case()
    assert case is not None
    days = schedule(stage, stage.process(case), case)
    assert days["there"]["late"] == "2024-10-19"


def test_children_are_awaited(stage: Stage) -> None:
    for do in ("report", "accept"):
        case = stage.case()
        assert case is not None
        assert not isinstance(stage.take(case, StoryStep(line=1, do=do)), Refusal)
    case = stage.case()
    assert case is not None
    (waits,) = awaited(stage, stage.process(case), case).values()
    assert set(waits) == {"errand"}


def test_what_a_story_says_is_compared_as_text() -> None:
    said = {"there": {"late": date(2024, 10, 19), "remind": [date(2024, 10, 18)], "paused": True}}
    assert plain(said) == {"there": {"late": ["2024-10-19"], "remind": ["2024-10-18"], "paused": True}}
