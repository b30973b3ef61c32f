"""A penalty stands in its own case, the sanctions in the follow-up above it: the workbook has both on one line."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.app.exchange.rows import FormatRows, RowsWanted
from engine.app.queries.exchange.exchange import exchange_rows
from engine.authoring.stories.play import chain_of, opened, outcome_of
from engine.authoring.stories.stage import Stage
from engine.authoring.stories.story import read_stories
from engine.calendars.load import load_calendar
from engine.definition.file_discovery import surrounding_files
from engine.definition.library import load_paths
from engine.deployment.rendering import TemplateRenderer
from engine.exchange.format_file import read_format
from engine.language import in_language
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

ROOT = Path(__file__).parents[2]
#: The letter that asks other departments for sanctions.
SANCTIONS = "joint_sanction_letter"
STORIES = ROOT / "workflows" / "tests"
TIME = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))


def played(name: str) -> Stage:
    """Return the stage after a story of follow-up."""
    path = STORIES / "follow_up.yaml"
    file = read_stories(path.name, path.read_bytes())
    story = file.story(name)
    assert story is not None
    stage = opened(
        load_paths(surrounding_files([STORIES])), file.workflow, TIME, chain_of(file, story)[0].given
    )
    stage.application.renderer = TemplateRenderer([ROOT / "forms" / "templates"])
    for part in chain_of(file, story):
        for step in part.steps:
            assert list(outcome_of(stage, step)) == []
    return stage


def cells(stage: Stage, name: str) -> list[dict[str, str]]:
    found = read_format(name, (ROOT / "exchange" / f"{name}.yaml").read_bytes())
    assert found.format is not None, found.problems
    rows = exchange_rows(stage.application, "leading_office", found.format, RowsWanted())
    assert isinstance(rows, FormatRows), str(rows)
    return [dict(row.cells) for row in rows.rows.rows]


def test_a_penalty_and_its_sanctions_are_one_line() -> None:
    with in_language("zh_CN"):
        stage = played("联合惩戒，函告各部门")
        (row,) = cells(stage, "joint_sanctions")
        (penalty,) = cells(stage, "xinyong_penalty")
        (handled,) = cells(stage, "follow_up_results")
    assert (row["decision"], row["decided_on"], row["sanctions"]) == (
        "行政处罚",
        "2024-11-28",
        "抄告相关部门联合惩戒",
    )
    assert row["number"] == penalty["CF_WSH"] == "示人社监罚〔2024〕1号"
    with stage.application.store.read() as transaction:
        (letter,) = (one for one in transaction.records.documents("follow_up-1") if one.kind == SANCTIONS)
    said = "本局已于2024年11月28日作出行政处罚决定（示人社监罚〔2024〕1号）：罚款五千元。"
    assert said in letter.content.decode()
    assert handled["sanctions"] == "抄告相关部门联合惩戒"


def test_without_a_sanction_there_is_no_line() -> None:
    with in_language("zh_CN"):
        assert cells(played("处罚而不惩戒，只作提示"), "joint_sanctions") == []
