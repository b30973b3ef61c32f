"""The shortest way to where a case stands, told as a story and kept as a test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from small_bureau import BUREAU, SHANGHAI

from engine.app.commands.application import Application
from engine.authoring.simulate.search import Memory, Search
from engine.authoring.stories import counter_example
from engine.authoring.stories.answering import Remembered
from engine.authoring.stories.counter_example import Exploration, explore
from engine.authoring.stories.play import play
from engine.authoring.stories.stage import Stage
from engine.authoring.stories.story import StoryFile, StoryStep, read_stories
from engine.calendars.load import load_calendar
from engine.definition.file_discovery import definition_files, surrounding_files
from engine.definition.library import Loaded, load_files, load_paths
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

ROOT = Path(__file__).parents[3]
FORM = """\
form: seen
title: 所见
fields:
  - found: {title: 有问题, type: boolean}
"""
LOOK = """\
workflow: look
title: 查看
about: object
initial: there
start: {by: clerk}
fields:
  - found: {title: 有问题, type: boolean}
states:
  there: {title: 待查看, for: clerk, deadline: {3 days: suggested}}
  judged: {title: 已判断}
  done: {title: 办结, final: true}
transitions:
  - {do: look, title: 查看, from: there, to: judged, form: seen, then: [{set: {found: = form.found}}]}
  - {do: close, title: 办结, from: judged, to: done, automatic: true, when: case.found == false}
"""
#: The case ends after three days whatever was found.
AFTER_DAYS = "  - {do: late, title: 到期办结, from: judged, to: done, after: 3 days}\n"
#: A child that can be answered so that it stands, and its parent with it.
PARENT = """\
workflow: parent
title: 上级件
about: object
initial: begun
start: {by: clerk}
states:
  begun: {title: 待发起, for: clerk, deadline: {3 days: suggested}}
  waiting: {title: 等待查看}
  done: {title: 办结, final: true}
transitions:
  - {do: begin, title: 发起, from: begun, to: waiting, then: [{start: look, title: 查看}]}
  - {do: joined, title: 汇合, from: waiting, to: done, join: {workflow: look, reached: [done]}}
"""
TIME = DeadlineCalculator(load_calendar([]), SHANGHAI, time(9))


def loaded(look: str = LOOK, parent: str = PARENT) -> Loaded:
    texts = {"bureau.yaml": BUREAU, "seen.yaml": FORM, "look.yaml": look, "parent.yaml": parent}
    return load_files(texts, partial=True)


@pytest.fixture(scope="module")
def stands() -> Exploration:
    return explore(loaded(), "look", TIME)


def test_the_story_says_who_did_what_on_which_day_and_where_it_stands(stands: Exploration) -> None:
    assert stands.found is not None
    assert [line.render("zh_CN") for line in stands.found.lines()] == [
        "2024-09-20：经办人办理“查看”（found = true），案件在环节“已判断”",
        "案件停在环节“已判断”：没有人能办下去，过 60 天也没有变化",
    ]
    assert (stands.found.state, stands.situations, stands.cut) == ("judged", 2, False)


def test_the_story_is_a_test_that_passes_once_the_case_goes_on(stands: Exploration) -> None:
    assert stands.found is not None
    story = read_stories("stuck.yaml", stands.found.as_story().encode())
    (failure,) = play(loaded(), story, TIME).failures
    assert "没有人能办下去" in str(failure.message)
    assert play(loaded(LOOK.replace(", when: case.found == false", "")), story, TIME).failures == []


@pytest.mark.parametrize("look", [LOOK.replace(", when: case.found == false", ""), LOOK + AFTER_DAYS])
def test_where_nothing_stands_nothing_is_found(look: str) -> None:
    outcome = explore(loaded(look), "look", TIME)
    assert (outcome.found, outcome.cut) == (None, False)


def test_children_are_explored_too() -> None:
    outcome = explore(loaded(), "parent", TIME)
    assert outcome.found is not None
    assert outcome.found.state == "waiting"
    assert [moment.step.case for moment in outcome.found.moments] == [None, "look 1"]
    story = read_stories("stuck.yaml", outcome.found.as_story().encode())
    assert len(play(loaded(), story, TIME).failures) == 1


def test_the_bound_is_kept_and_said() -> None:
    outcome = explore(loaded(), "parent", TIME, most=1)
    assert (outcome.found, outcome.situations, outcome.cut) == (None, 1, True)


def _shipped(name: str) -> tuple[Loaded, StoryFile]:
    path = ROOT / "workflows" / f"{name}.yaml"
    stories = read_stories("", (path.parent / "tests" / path.name).read_bytes())
    return load_paths(definition_files(path.parent), context=surrounding_files([path]), partial=True), stories


#: Trials of answers for each situation, where a process is explored to 60. Where no answers can pass, a search ends after 160
#: trials; so many such searches are there that do not rest on the same as another.
TRIALS = {"enforcement": 32, "inspection": 18}


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "workflows" / "tests").glob("*.yaml")))
def test_a_situation_costs_a_few_tries_and_each_office_is_opened_once(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each way goes on from where the one before led, and no question is asked twice."""
    counted: Counter[str] = Counter()
    for owner, called in ((Stage, "begin"), (Application, "advance"), (Search, "_ask")):
        monkeypatch.setattr(owner, called, _counting(counted, called, getattr(owner, called)))
    shipped, stories = _shipped(name)
    outcome = explore(shipped, name, TIME, 60, stories)
    assert outcome.found is None
    assert counted["begin"] <= len(stories.stories)
    assert counted["advance"] <= 4 * outcome.situations
    assert counted["_ask"] <= TRIALS.get(name, 6) * outcome.situations


def test_what_is_not_asked_twice_changes_no_situation(monkeypatch: pytest.MonkeyPatch) -> None:
    """The searches that are not made again would have come to the same: same situations, same order, same answers."""
    for name in ("inspection", "enforcement"):
        shipped, stories = _shipped(name)
        explored = {}
        for kept in (True, False):
            reached: list[object] = []
            with monkeypatch.context() as patched:
                patched.setattr(
                    counter_example, "_next_unknown", _noting(reached, counter_example._next_unknown)
                )
                if not kept:
                    patched.setattr(Remembered, "of", _without_climbs)
                explore(shipped, name, TIME, 60, stories)
            explored[kept] = reached
        assert len(explored[True]) > 50
        assert explored[True] == explored[False]


def _without_climbs(remembered: Remembered, step: StoryStep) -> Memory:
    return Memory(remembered.passed.setdefault(str(sorted(step.answers.items())), {}))


def _noting(reached: list[object], plain: Callable[..., Any]) -> Callable[..., Any]:
    def call(*given: Any) -> Any:
        found = plain(*given)
        if found is not None:
            reached.append((found.seen, found.moments))
        return found

    return call


def _counting(counted: Counter[str], name: str, plain: Callable[..., Any]) -> Callable[..., Any]:
    def call(*given: Any, **named: Any) -> Any:
        counted[name] += 1
        return plain(*given, **named)

    return call


def test_why_a_case_is_stuck_is_told() -> None:
    guarded = LOOK.replace(
        "from: judged, to: done, automatic: true, when: case.found == false",
        "from: judged, to: done, by: clerk, require: [{that: case.found == false, else: 有问题的不能办结, basis: 规程}]",
    ).replace("{title: 已判断}", "{title: 已判断, for: clerk, deadline: {3 days: suggested}}")
    outcome = explore(loaded(guarded), "look", TIME)
    assert outcome.found is not None
    assert [line.render("zh_CN") for line in outcome.found.lines()][1] == "“办结”办不成：有问题的不能办结"


def test_the_case_begins_as_the_stories_beside_it_do_and_what_is_kept_begins_so_too() -> None:
    given = "test: look\nstories:\n  - story: 甲\n    given: {on: 2024-10-08, fields: {found: true}}\n    when: []\n"
    look = LOOK.replace("then: [{set: {found: = form.found}}]", "when: case.found == true")
    outcome = explore(loaded(look), "look", TIME, stories=read_stories("", given.encode()))
    assert outcome.found is not None
    assert (outcome.found.moments[0].day, outcome.found.given["on"]) == ("2024-10-08", "2024-10-08")
    kept = read_stories("stuck.yaml", outcome.found.as_story().encode())
    assert kept.stories[0].given == {"on": "2024-10-08", "fields": {"found": True}}
    assert len(play(loaded(look), kept, TIME).failures) == 1
