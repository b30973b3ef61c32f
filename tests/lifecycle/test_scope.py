"""What an expression may look at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from walk_factories import ANNA, ZONE, Walk, process_of, shanghai

from engine.lifecycle.scope import clock_readings, local_day, make_scope

FLOW = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
parties: {team: 检查组, experts: 专家}
states:
  open: {title: 待检查, for: team, deadline: 3 days}
  done: {title: 办结, final: true}
clocks: {other: {title: 另一时限, during: open, deadline: 3 days}}
transitions: [{do: finish, title: 完成, from: open, to: done}]
"""
PROCESS = process_of(FLOW)


def walk() -> Walk:
    return Walk(
        "",
        process=PROCESS,
        # Half past midnight in Shanghai is the day before in UTC.
        at="2024-09-03 00:30",
        parent="plan-1",
        subject={"id": "E1", "name": "甲厂"},
        fields={"risk": "low", "state": "a field does not hide the state"},
        forms={"sheet": {"n": 1}},
        parties={"team": ("anna", "emil")},
    )


def test_the_whole_scope() -> None:
    case = walk()
    facts = {"people": {"anna": {"id": "anna", "cert": "1"}}, "kpi": {"rate": "5%"}}
    scope = make_scope(PROCESS, case.case, ANNA, case.now, facts, "理由")
    assert scope["case"] == {
        "risk": "low",
        "id": "visit-1",
        "workflow": "visit",
        "state": "open",
        "section": "north",
        "title": "示例件",
        "opened_on": "2024-09-03",
        "opened_by": None,
        "subject": "E1",
        "parent": "plan-1",
    }
    assert scope["forms"] == {"sheet": {"n": 1}}
    assert scope["subject"] == {"id": "E1", "name": "甲厂"}
    assert scope["actor"] == {"id": "anna", "section": "north", "roles": ["clerk"], "name": "安娜"}
    assert (scope["today"], scope["reason"], scope["kpi"]) == ("2024-09-03", "理由", {"rate": "5%"})
    assert scope["targets"] == {"coverage": "5%"}
    # Whoever the register does not know has an id all the same; a party nobody is in is empty.
    assert scope["team"] == [{"id": "anna", "cert": "1"}, {"id": "emil"}]
    assert scope["experts"] == []
    assert "people" not in scope


def test_nothing_is_known_of_a_case_about_nothing() -> None:
    case = Walk("", process=PROCESS)
    scope = make_scope(PROCESS, case.case, ANNA, case.now, {})
    assert (scope["case"]["subject"], scope["case"]["parent"], scope["reason"]) == (None, None, None)


def test_clocks_say_whether_they_run_until_when_and_whether_they_are_late() -> None:
    case = walk()
    at_rest = {"running": False, "due_on": None, "late": False}
    running = {"running": True, "due_on": "2024-09-06", "late": False}
    assert clock_readings(PROCESS, case.case, case.now) == {"open": running, "other": running}
    late = clock_readings(PROCESS, case.case, case.now + timedelta(days=4))
    assert late["open"] == {**running, "late": True}
    case.take("finish", ANNA)
    assert clock_readings(PROCESS, case.case, case.now) == {"open": at_rest, "other": at_rest}


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (shanghai("2024-09-03 00:00"), "2024-09-03"),
        (shanghai("2024-09-02 23:59"), "2024-09-02"),
        (datetime(2024, 9, 2, 16, tzinfo=UTC), "2024-09-03"),
    ],
)
def test_the_day_is_that_of_the_zone(instant: datetime, day: str) -> None:
    assert local_day(instant, ZONE) == day
    assert local_day(instant, ZoneInfo("UTC")) == "2024-09-02"
