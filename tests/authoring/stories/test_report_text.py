"""What came of stories as text: failures first, then what was reached and what was not."""

from __future__ import annotations

from engine.authoring.stories.coverage import StoryCoverage
from engine.authoring.stories.play import StoryFailure, StoryReport
from engine.authoring.stories.report_text import as_text
from engine.authoring.stories.story import Story, StoryFile
from engine.definition.library import Loaded
from engine.language import say


def report(small: Loaded, *failures: StoryFailure, reached: str = "") -> StoryReport:
    """Return the report of two stories."""
    workflow = small.workflows["visit"]
    stories = (Story("甲", 3, {}, ()), Story("乙", 9, {}, ()))
    file = StoryFile("a.yaml", "visit", stories, {"state.done": "别处办"})
    coverage = StoryCoverage(workflow)
    coverage.reached.update(reached.split())
    return StoryReport(file, coverage, 2 - len(failures), list(failures))


def test_failures_come_first_with_their_place(small: Loaded) -> None:
    failure = StoryFailure("a.yaml", "乙", 11, say("没有"))
    first, second, third = as_text([report(small, failure)]).splitlines()
    assert first == "a.yaml:11：“乙”：没有"
    assert second == "visit：1/2 个故事通过；走到的：环节 0/4（另有 1 处写明不测）、办理 0/4、逾期办法 0/1"
    assert third.startswith("    没有走到：state.there、state.checking")
    assert "state.done" not in third


def test_where_everything_was_reached_nothing_is_listed(small: Loaded) -> None:
    every = " ".join(StoryCoverage(small.workflows["visit"]).every())
    assert as_text([report(small, reached=every)]) == (
        "visit：2/2 个故事通过；走到的：环节 4/4、办理 4/4、逾期办法 1/1"
    )


def test_reports_follow_each_other_and_none_is_no_text(small: Loaded) -> None:
    assert len(as_text([report(small), report(small)]).splitlines()) == 4
    assert as_text([]) == ""
