"""Rehearsing a workflow before it goes live."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from engine.definition.library import load_paths
from engine.demo.rehearsal import Rehearsed, rehearse
from engine.lifecycle.ladder import Timekeeping
from engine.office.calendars import load_calendar
from engine.standard import forms_dir, workflows_dir


def rehearsal(workflow: str, seed: str = "1", cases: int = 20) -> Rehearsed:
    loaded = load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")])
    assert loaded.sound
    timekeeping = Timekeeping(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))
    return rehearse(loaded, workflow, cases, seed, timekeeping)


def test_a_rehearsal_tells_where_cases_go_and_what_nobody_took() -> None:
    found = rehearsal("referral")
    assert found.cases == 20
    assert found.closed == sum(found.ends.values()) == 20
    assert found.visits["drafting"] >= 20
    assert found.taken["approve"] > 0
    assert set(found.never_taken) <= {
        "refuse",
        "return_draft",
        "rejected_by_receiver",
        "close_unanswered",
        "close",
    }
    assert found.never_entered == ()


def test_waiting_shows_as_reminders_and_lateness() -> None:
    found = rehearsal("referral", cases=30)
    assert found.reminders > 0
    assert max(found.stays["received"]) > 0


def test_the_same_seed_gives_the_same_rehearsal_and_another_another() -> None:
    first = rehearsal("follow_up", cases=10).as_json()
    assert rehearsal("follow_up", cases=10).as_json() == first
    assert rehearsal("follow_up", seed="2", cases=10).as_json() != first
