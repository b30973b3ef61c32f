"""A trial run is the text of a story: gone on with step by step, taken back, and played as a story in the end."""

from __future__ import annotations

from datetime import time
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.authoring.stories.play import play
from engine.authoring.stories.story import StoryError, StoryStep, read_stories
from engine.authoring.stories.trial_run import (
    MAX_STEPS,
    begun,
    replay,
    take,
    with_made_up_days,
    with_states,
    with_step,
    without_last,
)
from engine.calendars.load import load_calendar
from engine.definition.file_discovery import surrounding_files
from engine.definition.library import Loaded, load_paths
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

SHIPPED = Path(__file__).resolve().parents[3] / "workflows" / "tests"
TIME = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))
GIVEN = {"on": "2024-09-20", "fields": {"department": "market_regulation", "matter": "无法联系"}}
BEGIN = begun("referral", "试一试", GIVEN)


@lru_cache(maxsize=1)
def loaded() -> Loaded:
    return load_paths(surrounding_files([SHIPPED]))


def first_step() -> StoryStep:
    """Return the first step of the shipped process, with answers made up."""
    run = replay(loaded(), BEGIN, TIME)
    case = run.stage.case()
    assert case is not None
    who = run.people(case)[0][0]
    step = StoryStep(line=0, do="draft", by=who)
    answers = run.stage.answers_of(run.stage.process(case), case, step, who)
    return StoryStep(line=0, do="draft", by=who, answers=answers or {})


def test_a_run_goes_on_and_is_taken_back() -> None:
    step = first_step()
    text = with_step(BEGIN, step)
    run = replay(loaded(), text, TIME)
    case = run.stage.case()
    assert run.stopped is None
    assert case is not None
    assert case.state == "approving"
    assert [one.do for one in run.steps] == ["draft"]
    assert run.cases()[0] == (None, case)
    waited = replay(loaded(), with_step(text, StoryStep(line=0, wait="3 working days")), TIME)
    assert waited.stage.clock.now() > run.stage.clock.now()
    assert without_last(text) == BEGIN


def test_what_is_not_answered_is_refused_and_not_answered_for_anybody() -> None:
    run = replay(loaded(), BEGIN, TIME)
    refusal = take(run, StoryStep(line=0, do="draft", by=first_step().by), dry_run=True)
    assert refusal is not None
    assert refusal.reasons
    case = run.stage.case()
    assert case is not None
    assert case.state != "approving"
    assert take(run, first_step()) is None
    with pytest.raises(StoryError, match="子案件"):
        take(run, StoryStep(line=0, do="draft", by="x", case="penalty"))


def test_a_run_is_a_story_that_passes() -> None:
    text = with_step(BEGIN, first_step())
    story = with_states(replay(loaded(), text, TIME), "referral")
    assert '{"state": "approving"}' in story
    report = play(loaded(), read_stories("trial.yaml", story.encode()), TIME)
    assert report.failures == []
    assert report.passed == 1


def test_a_step_the_changed_text_does_not_have_any_more_stops_the_run() -> None:
    text = with_step(with_step(BEGIN, StoryStep(line=0, do="gone", by="section_chief")), first_step())
    run = replay(loaded(), text, TIME)
    assert "第 1 步" in str(run.stopped)
    run = replay(loaded(), with_step(BEGIN, StoryStep(line=0, wait="99999 days")), TIME)
    assert "最多等" in str(run.stopped)
    run = replay(loaded(), with_step(BEGIN, StoryStep(line=0, wait="soon")), TIME)
    assert "看不懂" in str(run.stopped)


def test_what_is_no_run_is_refused() -> None:
    for text in ("", "test: referral\nstories: []\n", begun("nothing", "x", {})):
        with pytest.raises(StoryError):
            replay(loaded(), text, TIME)
    for given in ({"fields": 3}, {"parties": "x"}, {"about": 1}, {"closed_children": {"penalty": 10**9}}):
        with pytest.raises(StoryError):
            replay(loaded(), begun("referral", "x", given), TIME)
    long, waited = BEGIN, StoryStep(line=0, wait="1 day")
    for _ in range(MAX_STEPS):
        long = with_step(long, waited)
    with pytest.raises(StoryError, match="最多"):
        with_step(long, waited)


def test_days_a_case_needs_are_made_up() -> None:
    with pytest.raises(StoryError, match="到期日"):
        replay(loaded(), begun("inspection", "x", {"on": "2024-09-20"}), TIME)
    given = with_made_up_days(
        loaded(), "inspection", {"on": "2024-09-20", "fields": {"inspect_from": "2024-09-21"}}
    )
    assert given["fields"]["inspect_to"] == "2024-10-20"
    assert given["fields"]["inspect_from"] == "2024-09-21"
    assert replay(loaded(), begun("inspection", "x", given), TIME).stage.case() is not None
