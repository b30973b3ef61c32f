"""What the bench prints and writes: one line, its goal, whether it is met."""

from __future__ import annotations

import json
import os
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as bench
from benchmarks.lines import LINES
from benchmarks.slices import Meter, family, minima, rates

FIGURES: dict[str, dict[str, Any]] = {
    "advance": {
        "sqlite": {"ours_per_s": 300.0, "by_hand_per_s": 1000.0, "ratio": 0.3},
        "dbos": {"ours_per_s": 300.0, "peer_per_s": 50.0, "ratio": 6.0},
    }
}


def test_a_line_says_its_goal_and_whether_it_is_met() -> None:
    missed, kept = bench.summary(FIGURES)
    assert missed == {
        "line": "one durable advance, SQLite /s",
        "ours": 300.0,
        "other": 1000.0,
        "name_of_other": "by hand",
        "ratio": 0.3,
        "goal": ">= 0.6",
        "met": False,
    }
    assert (kept["name_of_other"], kept["goal"], kept["met"]) == ("one step of DBOS", ">= 5", True)


def test_one_line_is_run_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def run(name: str, parts: list[str]) -> dict[str, Any]:
        asked.append((name, parts))
        return {"sqlite": FIGURES["advance"]["sqlite"]}

    monkeypatch.setattr(bench, "run", run)
    monkeypatch.setattr(bench, "RESULTS", tmp_path)
    assert bench.main(["advance.sqlite"]) == 1
    assert asked == [("advance", ["sqlite"])]
    (line,) = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert not line["met"]
    assert "NO" in capsys.readouterr().out


def test_a_benchmark_that_hangs_is_one_that_failed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "_RUN", "import time\ntime.sleep(600)")
    monkeypatch.setattr(bench, "MAX_SECONDS", 0.2)
    monkeypatch.setattr(bench, "RESULTS", tmp_path)
    assert bench.main(["worktime"]) == 1
    assert "worktime" in capsys.readouterr().err


def test_the_table_of_the_readme_says_when_each_line_was_measured(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    body = {"at": "2026-11-28T20:00:00+00:00", "commit": "abc1234", "figures": FIGURES}
    file.write_text(json.dumps(body), encoding="utf-8")
    for chinese, head in ((False, "measured"), (True, "量于")):
        first, _, *lines = bench.again([str(file)], chinese=chinese).splitlines()
        assert first.endswith(f"| {head} |")
        assert len(lines) == 2
        assert all(line.endswith("| 2026-11-28 abc1234 |") for line in lines)
        assert all(line.count("|") == first.count("|") for line in lines)


def test_a_name_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["advance.nothing"]) == 2
    assert "advance.sqlite" in capsys.readouterr().err


def test_a_benchmark_asked_for_as_a_whole_is_run_as_a_whole() -> None:
    assert bench.chosen(["advance.sqlite", "advance", "application.log", "application.spawn"]) == {
        "advance": [],
        "application": ["log", "spawn"],
    }


def test_every_line_of_a_benchmark_with_parts_is_one_of_them() -> None:
    absent = {
        "viewflow",
        "procrastinate",
        "one",
        "eight",
        "postgresql",
        "spiff",
        "spiff_bare",
        "spiff_timers",
        "dbos",
    }
    for line in LINES:
        parts = getattr(import_module(f"benchmarks.{line.benchmark}"), "PARTS", None)
        part = line.name.partition(".")[2]
        assert parts is None or part in parts or part in absent, line.name


def test_goals_are_texts_that_can_be_read() -> None:
    for line in LINES:
        assert bench.met(1.0, line.target) in (True, False, None)
        assert line.other
    assert bench.met(1.2, "<= 1.2")
    assert not bench.met(0.5, ">= 0.6")


def test_the_least_of_the_slices_counts() -> None:
    first, second = minima([lambda: None, lambda: sum(range(20_000))], 5)
    assert first < second
    assert rates(2.0, 1.0, 10) == {"ours_per_s": 5.0, "by_hand_per_s": 10.0, "ratio": 0.5}


def test_the_time_of_processes_grows_and_outlives_them() -> None:
    own = os.getpid()
    assert own in family(own)
    meter = Meter(lambda: [own, 2**22 + 1])
    first = meter()
    assert sum(range(300_000))
    assert meter() > first > 0
