"""How the case begins where all ways are tried."""

from __future__ import annotations

from datetime import time
from typing import NoReturn

import pytest
from small_bureau import BUREAU, SHANGHAI

from engine.app.commands.application import CommandRefused
from engine.authoring.stories import beginnings as module
from engine.authoring.stories.beginnings import beginnings
from engine.authoring.stories.story import StoryError, read_stories
from engine.calendars.load import load_calendar
from engine.definition.library import Loaded, load_files
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

TIME = DeadlineCalculator(load_calendar([]), SHANGHAI, time(9))
UNTIL = """\
workflow: until
title: 限期
about: object
initial: open
start: {by: clerk}
fields:
  - last_day: {title: 到期日, type: date}
states:
  open: {title: 在办, for: clerk, deadline: on case.last_day}
  done: {title: 办结, final: true}
transitions:
  - {do: end, title: 办结, from: open, to: done}
"""
STORIES = """\
test: until
stories:
  - story: 甲
    given: {on: 2024-09-02, fields: {last_day: 2024-09-20}}
    when: [{do: end}]
  - story: 乙
    given: {on: 2024-09-03, fields: {last_day: 2024-10-20}}
    when: [{do: end}]
  - story: 丙
    given: {on: 2024-09-04, fields: {last_day: 2024-10-20}}
    when: [{do: end}]
  - story: 丁
    begins_with: 甲
    when: [{wait: 1 day}]
  - story: 开不了头
    given: {on: 2024-09-04}
    when: [{do: end}]
"""


def loaded(text: str = UNTIL) -> Loaded:
    found = load_files({"bureau.yaml": BUREAU, "until.yaml": text}, partial=True)
    assert "until" in found.workflows, found.problems
    return found


def test_each_beginning_of_the_stories_is_taken_once_and_the_commonest_first() -> None:
    stories = read_stories("until.yaml", STORIES.encode())
    given = [given for given, _ in beginnings(loaded(), "until", TIME, stories)]
    assert given == [
        {"on": "2024-09-03", "fields": {"last_day": "2024-10-20"}},
        {"on": "2024-09-02", "fields": {"last_day": "2024-09-20"}},
    ]


def test_without_stories_days_are_made_up_where_the_case_cannot_begin_without() -> None:
    ((given, stage),) = beginnings(loaded(), "until", TIME)
    assert given == {"fields": {"last_day": "2024-10-20"}}
    case = stage.case()
    assert case is not None
    assert case.state == "open"
    plain = UNTIL.replace("on case.last_day", "{3 days: suggested}")
    ((given, _),) = beginnings(loaded(plain), "until", TIME)
    assert given == {}


def test_a_case_that_cannot_begin_says_what_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> NoReturn:
        raise CommandRefused(Refusal(None, "", (RefusalReason("start", say("没有到期日")),)))

    monkeypatch.setattr(module, "opened", refused)
    with pytest.raises(StoryError, match=r"没有到期日.*tests/until\.yaml"):
        list(beginnings(loaded(), "until", TIME))
    stories = read_stories("until.yaml", STORIES.encode())
    assert list(beginnings(loaded(), "until", TIME, stories)) == []
