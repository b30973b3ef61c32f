"""``ssj draw trial``: marked on every line, and nothing kept."""

from __future__ import annotations

from pathlib import Path

from command_fixtures import called, state_of
from draws_fixtures import BATCH, DICE, Desk

from engine.cli.draws.trial import trial

DIGITS = DICE.removeprefix("dice:")


def test_a_trial_is_marked_and_keeps_nothing(planned: Desk, tmp_path: Path) -> None:
    before = state_of(planned.home)
    kit = tmp_path / "kit"
    said = called(trial, BATCH, "--digits", DIGITS, "--kit", kit, home=planned.home)
    assert said.code == 0, said.err
    first, entropy, *rows, last = said.out.splitlines()
    assert (first, first.startswith("=== ")) == (last, True)
    mark = first.strip("= ")
    assert all(row.split("\t")[0] == mark for row in rows)
    assert [row.split("\t")[1] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    assert DIGITS in entropy
    assert "TEST-" in (kit / "commitment.json").read_text("utf-8")
    assert state_of(planned.home) == before
    assert called(trial, BATCH, "--digits", DIGITS, home=planned.home).out == said.out
    assert called(trial, BATCH, "--digits", DIGITS, "--kit", kit, home=planned.home).code == 2


def test_what_is_refused(planned: Desk) -> None:
    assert called(trial, BATCH, "--digits", "12", home=planned.home).code == 1
    assert called(trial, "batch-9", home=planned.home).code == 1
