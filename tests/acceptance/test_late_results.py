"""The late results of the demonstration's year are those its script makes late, and the clock that says so is right."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from acceptance_fixtures import run

from engine.calendars.load import load_calendar
from engine.synthetic.scenario import shipped
from engine.worktime.arithmetic import add_working_days
from tests.demonstration import demonstration

ZONE = ZoneInfo("Asia/Shanghai")
CHIEF = ("--as", "chief-labour_inspection")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demonstration(tmp_path_factory) / "demo"


def said(home: Path, *words: str) -> str:
    answer = run("--home", str(home), *words)
    assert answer.code == 0, answer.err
    return answer.out


def test_only_results_the_script_delays_are_late_and_each_says_why(home: Path) -> None:
    findings = json.loads(said(home, "report", "supervision", "--year", "2024", "--json"))["findings"]
    (late,) = [one["cases"] for one in findings if one["id"] == "published_late"]
    habit = shipped().habits["inspection.to_enter"].late
    assert habit is not None
    assert late
    calendar = load_calendar([])
    for case in late:
        assert habit.come(int(case.rpartition("-")[2])), case
        shown = said(home, "case", "show", case, *CHIEF)
        assert "逾期公示的理由" in shown
        finished = re.search(r"检查完成日期：(\d+)年(\d+)月(\d+)日", shown)
        assert finished is not None
        due = add_working_days(calendar, date(*map(int, finished.groups())), 20)
        events = json.loads(said(home, "case", "history", case, *CHIEF, "--json"))
        published = next(one for one in events if one["body"].get("step") == "publish_result")
        assert date.fromisoformat(published["at"][:10]) > due, (case, due)
