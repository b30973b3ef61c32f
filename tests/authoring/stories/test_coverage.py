"""What stories reached of a workflow, kind by kind, and what is excused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from engine.authoring.stories.coverage import KINDS, StoryCoverage
from engine.definition.library import Loaded
from engine.lifecycle.case import EventKind
from engine.lifecycle.chain import GENESIS, Event, follow

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def history(*entries: tuple[EventKind, dict[str, Any]]) -> list[Event]:
    """Return the history of a case."""
    found: list[Event] = []
    previous = GENESIS
    for seq, (kind, body) in enumerate(entries, 1):
        found.append(follow("visit-1", seq, NOON, "a", kind, body, previous))
        previous = found[-1].hash
    return found


def test_everything_there_is_stands_in_the_order_of_the_definition(small: Loaded) -> None:
    assert StoryCoverage(small.workflows["visit"]).every() == (
        *(f"state.{name}" for name in ("there", "checking", "waiting", "done")),
        *(f"step.{name}" for name in ("report", "send_back", "accept", "all_done")),
        "overdue.there",
    )


def test_what_a_history_reached(small: Loaded) -> None:
    coverage = StoryCoverage(small.workflows["visit"])
    coverage.read(
        history(
            (EventKind.STARTED, {"state": "there"}),
            (EventKind.OVERDUE, {"step": "there"}),
            (EventKind.ADVANCED, {"step": "report", "state": "checking"}),
            (EventKind.CLAIMED, {}),
        )
    )
    assert coverage.reached >= {"state.there", "state.checking", "step.report", "overdue.there"}
    assert coverage.missing({}) == (
        "state.waiting",
        "state.done",
        "step.send_back",
        "step.accept",
        "step.all_done",
    )


def test_what_is_excused_is_not_missing_and_counted_apart(small: Loaded) -> None:
    coverage = StoryCoverage(small.workflows["visit"])
    coverage.read(history((EventKind.STARTED, {"state": "there"})))
    excused = {"state.done": "别处办", "state.there": "走到的不算免"}
    assert "state.done" not in coverage.missing(excused)
    assert tuple(coverage.figures(excused)) == KINDS
    assert coverage.figures(excused)["state"] == (4, 1, 1)
    assert coverage.figures(excused)["outcome"] == (0, 0, 0)


def test_each_outcome_of_a_step_with_several_is_to_be_reached(small: Loaded) -> None:
    workflow = small.workflows["visit"]
    first = workflow.transitions[0]
    both = replace(workflow, transitions=(first, replace(first, target="done"), replace(first, target=None)))
    coverage = StoryCoverage(both)
    outcomes = [name for name in coverage.every() if name.startswith("outcome.")]
    assert outcomes == ["outcome.report>checking", "outcome.report>done", "outcome.report>"]
    coverage.read(
        history(
            (EventKind.STARTED, {"state": "there"}),
            (EventKind.ADVANCED, {"step": "report", "state": "there"}),
            (EventKind.ADVANCED, {"step": "report", "state": "done"}),
        )
    )
    assert coverage.figures({})["outcome"] == (3, 2, 0)
