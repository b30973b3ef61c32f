"""Whether a clock runs in a state, on all ways or on some."""

from __future__ import annotations

import pytest
from meaning_example import subject_of

from engine.definition.meaning.waits.clock_runs import Runs, runs_in

WORDS = """\
start: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  later: {title: 待核, for: clerk}
  done: {title: 办结, final: true}
clocks:
  c: {title: 期, deadline: suggested 3 days, KEYS}
transitions:
  - {do: visit, title: 走访, from: open, to: later}
  - {do: skip, title: 免访, from: open, to: later}
  - {do: note, title: 登记, from: open}
  - {do: back, title: 退回, from: later, to: open}
  - {do: finish, title: 办结, from: later, to: done, on_expiry: c}
"""


@pytest.mark.parametrize(
    ("keys", "runs"),
    [
        ("during: [open, later]", Runs.ALWAYS),
        ("during: [later]", Runs.ALWAYS),
        ("during: [open, later], pauses_in: [later]", Runs.PAUSED),
        ("during: [open, later], pauses_in: [open]", Runs.ALWAYS),
        ("during: [open, later], starts_on: note", Runs.SOMETIMES),
        ("during: [later], starts_on: [visit, skip]", Runs.ALWAYS),
        ("during: [later], starts_on: visit", Runs.SOMETIMES),
        ("during: [open, later], stops_on: [visit, skip]", Runs.NEVER),
        ("during: [open, later], stops_on: visit", Runs.SOMETIMES),
        # Started anew by a step that stays.
        ("during: [open, later], starts_on: [visit, skip], stops_on: note", Runs.ALWAYS),
    ],
)
def test_how_a_clock_is_found(keys: str, runs: Runs) -> None:
    subject = subject_of(WORDS.replace("KEYS", keys))
    assert runs_in(subject.ways, subject.workflow.clocks["c"], "later") is runs
