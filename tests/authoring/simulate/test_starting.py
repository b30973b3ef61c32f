"""How made-up cases begin: with what the start sets and assigns."""

from __future__ import annotations

from datetime import date, time

from small_bureau import BUREAU, SHANGHAI

from engine.app.commands.application import NewCase
from engine.app.session.unit_of_work import UnitOfWork
from engine.authoring.simulate.runner import simulate
from engine.authoring.simulate.starting import as_started, starter
from engine.authoring.stories.stage import Stage
from engine.calendars.load import load_calendar
from engine.definition.library import Loaded, load_files
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

FORM = """
form: request
title: 申请
fields:
  - days: {title: 天数, integer, min: 1, max: 9}
"""
FLOW = """
workflow: leave
title: 请假
about: none
start:
  by: clerk
  form: request
  then:
    - assign: {applicant: = actor.id}
    - set: {days: = form.days, twice: = form.days * 2}
parties: {applicant: 请假人}
fields:
  - days: {title: 天数, integer}
  - twice: {title: 两倍, integer}
states:
  filing:
    title: 待提交
    for: applicant
    steps:
      submit: {title: 提交, to: closed, require: [{that: case.twice == case.days * 2, else: 没有算, basis: 某办法}]}
  closed: {title: 已办结, final: true}
"""
TIME = DeadlineCalculator(load_calendar([]), SHANGHAI, time(9))


def _loaded() -> Loaded:
    found = load_files({"bureau.yaml": BUREAU, "request.yaml": FORM, "leave.yaml": FLOW})
    assert found.sound, found.problems
    return found


def test_a_story_begins_with_what_the_start_sets_and_whom_it_assigns() -> None:
    stage = Stage.of(_loaded(), "leave", TIME, date(2024, 9, 14))
    stage.begin({"title": "请假", "answers": {"days": 3}})
    case = stage.case()
    assert case is not None
    assert (dict(case.fields), case.parties) == ({"days": 3, "twice": 6}, {"applicant": ("clerk",)})


def test_what_the_story_says_itself_goes_first() -> None:
    stage = Stage.of(_loaded(), "leave", TIME, date(2024, 9, 14))
    stage.begin({"answers": {"days": 3}, "fields": {"twice": 7}, "parties": {"applicant": ["clerk_2"]}})
    case = stage.case()
    assert case is not None
    assert (dict(case.fields), case.parties) == ({"days": 3, "twice": 7}, {"applicant": ("clerk_2",)})


def test_the_first_person_who_may_starts_it() -> None:
    stage = Stage.of(_loaded(), "leave", TIME, date(2024, 9, 14))
    with stage.application.store.read() as transaction:
        uow = UnitOfWork(stage.application, transaction, stage.clock.now())
        process = stage.application.definitions.latest(transaction, "leave")
        assert process is not None
        assert starter(uow, process).id == "clerk"
        new = as_started(uow, process, NewCase(title="甲", answers={"days": 2}))
    assert dict(new.fields) == {"days": 2, "twice": 4}


def test_a_rehearsal_begins_so_too() -> None:
    assert simulate(_loaded(), "leave", 3, "start", TIME).ends == {"closed": 3}
