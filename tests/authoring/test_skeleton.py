from __future__ import annotations

from datetime import time
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytest
from workflow_mutations import texts

from engine.authoring.skeleton import QUESTIONS, ProcessSkeleton
from engine.authoring.stories.play import play
from engine.authoring.stories.story import read_stories
from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.lifecycle.deadlines.schedule import DeadlineCalculator


@lru_cache(maxsize=1)
def bureau() -> str:
    return texts()["workflows/bureau.yaml"]


@pytest.mark.parametrize(("approver", "deadline"), [("deputy_head", "20 working days"), ("", "3 months")])
def test_it_is_sound_runs_and_its_stories_reach_everything(approver: str, deadline: str) -> None:
    made = ProcessSkeleton(
        workflow="complaint", title="投诉办理", handler="section_chief", approver=approver, deadline=deadline
    )
    assert made.problems() == []
    loaded = load_files(
        {"bureau.yaml": bureau(), "complaint.yaml": made.process(), "report.yaml": made.form()}
    )
    assert [problem for problem in loaded.problems if problem.file != "bureau.yaml"] == []
    file = read_stories("tests.yaml", made.stories().encode())
    calculator = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))
    report = play(loaded, file, calculator)
    assert report.failures == []
    assert report.coverage.missing({}) == ()


def test_answers_that_cannot_be_written_into_a_file_are_said() -> None:
    wrong = ProcessSkeleton(workflow="Complaint", title="a: b", handler="", deadline="soon")
    assert len(wrong.problems()) == 4
    assert [name for name, _ in QUESTIONS] == ["workflow", "title", "handler", "approver", "deadline"]
