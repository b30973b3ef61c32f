"""Many processes advance one case at once: one wins, and the others are told who was first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from crash_factories import ROOT, check_whole
from watched_deployment import HERE, LEADERS, start_case, watched

from engine.app.commands.application import Application
from engine.app.timers.fire_due import fire_due
from engine.deployment.clocks import VirtualClock
from engine.deployment.home import Home
from engine.deployment.open import open_deployment_store
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import EventKind
from tests.hung_run import HUNG

#: Racers in a normal run and in a long one.
RACERS, MANY_RACERS = 12, 64


@pytest.fixture(params=["sqlite", "postgresql"])
def deployment(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Home, str]:
    database = {}
    if request.param == "postgresql":
        database = {"database": request.getfixturevalue("postgres_database")}
    home, application = watched(tmp_path / "home", VirtualClock(datetime.now(UTC)), database)
    with closing(application.store):
        return home, start_case(application, "值守")


def race(home: Home, case: str, step: str, people: list[str], request: str = "-") -> list[dict[str, Any]]:
    """Let one process for each of `people` take a step at the same moment; return what came of each."""
    done = subprocess.run(
        [sys.executable, str(HERE / "many_racers.py"), str(home.path), case, step, request, *people],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=HUNG,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_one_wins_and_the_others_are_told_who_was_first(deployment: tuple[Home, str], soak: bool) -> None:
    home, case = deployment
    people = list(islice(cycle(LEADERS), MANY_RACERS if soak else RACERS))
    outcomes = race(home, case, "hand_over", people)
    (winner,) = [person for person, outcome in zip(people, outcomes, strict=True) if not outcome["refused"]]
    for person, outcome in zip(people, outcomes, strict=True):
        if outcome["refused"]:
            assert [reason["code"] for reason in outcome["reasons"]] == ["conflict", "state"]
            who = "已由您本人于" if person == winner else f"已先由“{winner}”于"
            assert who in outcome["text"]
            assert "办理（交班），现处“已交班”" in outcome["text"]
        else:
            assert outcome["state"] == "handed_over"
    with closing(open_deployment_store(home)) as store, store.read() as transaction:
        kinds = [event.kind for event in transaction.events.of(case)]
    assert kinds == ["started", "advanced", *["refused"] * (len(people) - 1)]
    check_whole(home.path)


def test_one_request_sent_by_many_acts_once_and_answers_all(deployment: tuple[Home, str], soak: bool) -> None:
    home, case = deployment
    people = ["leading"] * (MANY_RACERS if soak else RACERS)
    outcomes = race(home, case, "hand_over", people, "one-request")
    assert sorted(outcome["repeated"] for outcome in outcomes) == [False, *[True] * (len(people) - 1)]
    assert len({(outcome["state"], outcome["rev"]) for outcome in outcomes}) == 1
    with closing(open_deployment_store(home)) as store, store.read() as transaction:
        assert [event.kind for event in transaction.events.of(case)] == ["started", "advanced"]


class TestSentences:
    """What those are told who come too late, word by word."""

    @pytest.fixture
    def application(self, tmp_path: Path) -> Any:
        _, application = watched(tmp_path / "home", VirtualClock(datetime(2024, 9, 14, 1, 30, tzinfo=UTC)))
        with closing(application.store):
            yield application

    def refused(self, application: Application, case: str, step: str, person: str) -> list[str]:
        outcome = application.advance(case, step, person)
        assert isinstance(outcome, Refusal)
        return [str(reason) for reason in outcome.reasons]

    def test_another_person(self, application: Application) -> None:
        case = start_case(application, "值守")
        application.advance(case, "hand_over", "leading")
        assert self.refused(application, case, "hand_over", "leading2") == [
            f"案件“{case}”已先由“leading”于 2024-09-14 09:30:00 办理（交班），现处“已交班”，请先查看再办",
            "环节“已交班”没有“hand_over”；现在可办：结束（close）",
        ]

    def test_the_refused_attempt_in_between_is_not_the_first(self, application: Application) -> None:
        case = start_case(application, "值守")
        application.advance(case, "hand_over", "leading")
        first = self.refused(application, case, "hand_over", "leading2")
        assert self.refused(application, case, "hand_over", "leading2") == first

    def test_the_system(self, application: Application) -> None:
        case = start_case(application, "值守")
        assert isinstance(application.clock, VirtualClock)
        application.clock.advance(timedelta(hours=6))
        fire_due(application)
        assert self.refused(application, case, "hand_over", "leading") == [
            f"案件“{case}”已先由系统于 2024-09-14 15:30:00 自动办理（逾期自动结束），现处“已结束”",
            "案件已办结（已结束）",
        ]

    def test_a_step_that_was_never_possible(self, application: Application) -> None:
        case = start_case(application, "值守")
        application.advance(case, "hand_over", "leading")
        assert self.refused(application, case, "teleport", "leading") == [
            "环节“已交班”没有“teleport”；现在可办：结束（close）"
        ]

    def test_a_person_who_may_not_is_told_that(self, application: Application) -> None:
        case = start_case(application, "值守")
        outcome = application.advance(case, "hand_over", "head")
        assert isinstance(outcome, Refusal)
        assert [reason.code for reason in outcome.reasons] == ["not-allowed"]
        with application.store.read() as transaction:
            last = transaction.events.last(case)
        assert last is not None
        assert last.kind == EventKind.REFUSED.value
