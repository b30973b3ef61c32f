"""What people of a story answer, and what is known of it beforehand."""

from __future__ import annotations

from datetime import time

import pytest
from small_bureau import BUREAU, SHANGHAI

from engine.authoring.simulate.search import Search
from engine.authoring.stories.answering import Answering, Remembered
from engine.authoring.stories.play import opened
from engine.authoring.stories.stage import Stage
from engine.authoring.stories.story import StoryStep
from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.kernel.refusal import Refusal
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

FORM = "form: seen\ntitle: 所见\nfields:\n  - amount: {title: 数额, type: integer}\n  - word: {title: 词}\n"
LOOK = """\
workflow: look
title: 查看
about: object
initial: there
start: {by: clerk}
fields:
  - least: {title: 至少, type: integer}
states:
  there: {title: 待查看, for: clerk, deadline: {3 days: suggested}}
  done: {title: 办结, final: true}
transitions:
  - {do: look, title: 查看, from: there, to: done, form: seen, require: [{that: form.amount >= 4321, else: 太少}]}
  - do: never
    title: 办不成
    from: there
    to: done
    form: seen
    require: [{that: "form.word == 'x' and form.word == 'y'", else: 两头矛盾}]
"""
TIME = DeadlineCalculator(load_calendar([]), SHANGHAI, time(9))


@pytest.fixture
def stage() -> Stage:
    loaded = load_files({"bureau.yaml": BUREAU, "seen.yaml": FORM, "look.yaml": LOOK}, partial=True)
    assert loaded.sound, loaded.problems
    return opened(loaded, "look", TIME, {})


def answers(stage: Stage, answering: Answering, step: StoryStep) -> tuple[object, bool]:
    case = stage.case()
    assert case is not None
    return answering.answers(stage.application, stage.process(case), case, step, "clerk")


def test_what_passes_is_found_and_what_the_story_says_is_kept(stage: Stage) -> None:
    found, refused = answers(stage, Answering(), StoryStep(line=1, do="look", answers={"word": "甲"}))
    assert isinstance(found, dict)
    assert (found["word"], found["amount"] >= 4321, refused) == ("甲", True, False)


def test_it_is_known_that_a_step_is_refused_and_so_it_is(stage: Stage) -> None:
    step = StoryStep(line=1, do="never")
    found, refused = answers(stage, Answering(), step)
    assert isinstance(found, dict)
    assert refused
    case = stage.case()
    assert case is not None
    assert stage.accepted(case, step) is None
    outcome = stage.take(case, step)
    assert isinstance(outcome, Refusal)
    assert [str(reason.message) for reason in outcome.reasons] == ["两头矛盾"]


def test_a_search_that_was_made_is_not_made_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    plain = Search.passes

    def passes(search: Search, given: dict[str, object]) -> bool:
        asked.append(given)
        return plain(search, given)

    monkeypatch.setattr(Search, "passes", passes)
    answering = Answering(Remembered.nothing())
    step = StoryStep(line=1, do="never")
    first = answers(stage, answering, step)
    many = len(asked)
    assert many > 100
    asked.clear()
    stage.clock.set(stage.clock.now().replace(minute=30))
    assert answers(stage, answering, step) == first
    # Once as it was answered first, once as it is handed in.
    assert len(asked) == 2
