"""Stories: what passes, what does not and where, what was reached; and those of the shipped workflows."""

from __future__ import annotations

from datetime import time
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.authoring.stories.coverage import StoryCoverage
from engine.authoring.stories.expectations import differences
from engine.authoring.stories.play import StoryReport, play
from engine.authoring.stories.report_text import as_text
from engine.authoring.stories.stage import BEGIN, Stage
from engine.authoring.stories.story import StoryError, read_stories
from engine.calendars.load import load_calendar
from engine.definition.file_discovery import story_files, surrounding_files
from engine.definition.library import Loaded, load_paths
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

SHIPPED = Path(__file__).resolve().parents[3] / "workflows" / "tests"
TIME = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))

GOOD = """\
test: referral
stories:
  - story: 拟函
    given: {on: 2024-09-20, fields: {department: market_regulation, matter: 无法联系}}
    when:
      - {do: draft, then: {state: 移送待审批, task: 股室负责人}}
  - story: 批准
    begins_with: 拟函
    when:
      - {do: approve, by: 股室负责人, then: {state: sending, task: 检查人员, deadline: {sent: 无}}}
"""


@lru_cache(maxsize=1)
def loaded() -> Loaded:
    return load_paths(surrounding_files([SHIPPED]))


def played(text: str) -> StoryReport:
    return play(loaded(), read_stories("a.yaml", text.encode()), TIME)


def test_a_story_that_goes_as_expected() -> None:
    report = played(GOOD)
    assert (report.passed, report.failures) == (2, [])
    assert {"state.approving", "step.draft", "step.approve"} <= report.coverage.reached
    assert report.as_json()["coverage"]["state"] == {"all": 8, "reached": 3, "excused": 0}
    assert "没有走到" in as_text([report])


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("state: sending", "state: sent", 10, "应在环节“sent”"),
        ("task: 检查人员", "task: 局长", 10, "待办应在"),
        ("{sent: 无}", "{sent: 2024-10-10}", 10, "应到2024-10-10"),
        ("do: approve", "do: close", 10, "被退回"),
        ("task: 股室负责人}", "paper: notice}", 6, "应有文书"),
        ("task: 股室负责人}", "published: result}", 6, "应已公示"),
        ("task: 股室负责人}", "message: 甲乙丙}", 6, "应有消息"),
        ("task: 股室负责人}", "children: {referral: 1}}", 6, "应有 1 件"),
        ("do: draft, then", "do: draft, refused: 甲, then", 6, "却办成了"),
        ("do: approve, by: 股室负责人", "wait: 不久", 10, "看不懂等多久"),
        ("do: approve,", "do: approve, case: callback,", 10, "没有在办的"),
    ],
)
def test_what_is_otherwise_is_said_with_its_line(before: str, after: str, line: int, words: str) -> None:
    (failure, *_) = played(GOOD.replace(before, after)).failures
    assert failure.line == line
    assert words in str(failure.message)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("stories:", "storys:"),
        ("begins_with: 拟函", "begins_with: 拟"),
        ("do: draft,", "do: draft, wait: 1 day,"),
        ("by: 股室负责人", "who: 股室负责人"),
        ("test: referral", "test: [referral"),
    ],
)
def test_a_file_that_cannot_be_read(before: str, after: str) -> None:
    with pytest.raises(StoryError, match=r"a\.yaml"):
        read_stories("a.yaml", GOOD.replace(before, after).encode())


def test_the_words_may_be_chinese() -> None:
    text = "测试: referral\n故事:\n  - 名称: 拟函\n    给定: {字段: {matter: 甲}}\n    当: [{办理: draft, 则: {环节: approving}}]\n"
    assert played(text).failures == []


def test_a_stage_compares_a_case_with_what_is_expected() -> None:
    stage = Stage.of(loaded(), "callback", TIME, BEGIN)
    stage.begin({})
    case = stage.case()
    assert case is not None
    assert list(differences(stage, case, {"state": "calling"})) == []
    assert len(list(differences(stage, case, {"state": "done", "task": []}))) == 2
    assert StoryCoverage(stage.process(case).workflow).missing({}) != ()


@pytest.mark.parametrize("file", story_files(SHIPPED), ids=lambda file: file.stem)
def test_the_shipped_stories_pass_and_reach_everything_that_is_not_excused(file: Path) -> None:
    stories = read_stories(str(file), file.read_bytes())
    report = play(loaded(), stories, TIME)
    assert report.failures == []
    assert report.coverage.missing(stories.excused) == ()
    assert set(stories.excused) <= set(report.coverage.every())
