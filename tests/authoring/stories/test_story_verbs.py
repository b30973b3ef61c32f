"""Steps of a story that are verbs of the task."""

from __future__ import annotations

import pytest

from engine.authoring.stories.stage import Stage
from engine.authoring.stories.story import StoryStep
from engine.authoring.stories.story_verbs import verb_called
from engine.kernel.refusal import Refusal


def take(stage: Stage, step: StoryStep) -> object:
    case = stage.case()
    assert case is not None
    return stage.take(case, step)


@pytest.mark.parametrize(("name", "word"), [("extend", "extend"), ("延期", "extend"), ("report", None)])
def test_a_verb_is_called_by_word_or_title(name: str, word: str | None) -> None:
    assert verb_called(name) == word


def test_a_verb_is_done_with_its_arguments(stage: Stage) -> None:
    case = stage.case()
    assert case is not None
    due = case.clocks["there"].due_on
    done = take(stage, StoryStep(line=1, do="extend", by="股长", answers={"count": 5}))
    assert not isinstance(done, Refusal)
    after = stage.case()
    assert after is not None
    assert after.clocks["there"].due_on > due


def test_whoever_an_argument_names_may_be_a_role(stage: Stage) -> None:
    done = take(stage, StoryStep(line=1, do="reassign", by="chief", answers={"to": "股长"}, reason="外出"))
    assert not isinstance(done, Refusal)
    after = stage.case()
    assert after is not None
    assert after.assignee == "chief"


def test_what_is_refused_is_an_answer_too(stage: Stage) -> None:
    missing = take(stage, StoryStep(line=1, do="extend", by="chief"))
    assert isinstance(missing, Refusal)
    assert "answers：count" in str(missing)
    denied = take(stage, StoryStep(line=1, do="extend", by="clerk", answers={"count": 5}))
    assert isinstance(denied, Refusal)
