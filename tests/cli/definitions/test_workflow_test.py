"""``ssj workflow test`` and ``explore``: exit codes, formats, and what is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli.definitions.workflow_test import explore
from engine.cli.definitions.workflow_test import test as command

STORY = "test: callback\nstories:\n  - story: 登记\n    when: [{do: record_call, then: {state: done}}]\n"


def test_rc_and_formats(tmp_path: Path) -> None:
    file = tmp_path / "tests" / "callback.yaml"
    file.parent.mkdir()
    file.write_text(STORY, encoding="utf-8")
    result = CliRunner().invoke(command, [str(tmp_path), "--format", "json"])
    assert result.exit_code == 0, result.output
    (report,) = json.loads(result.stdout)
    assert (report["workflow"], report["passed"], report["failures"]) == ("callback", 1, [])
    assert CliRunner().invoke(command, [str(file), "--complete"]).exit_code == 1
    file.write_text(STORY.replace("done", "calling"), encoding="utf-8")
    assert CliRunner().invoke(command, [str(file)]).exit_code == 1
    file.write_text(STORY.replace("test: callback", "test: call"), encoding="utf-8")
    assert CliRunner().invoke(command, [str(file)]).exit_code == 1
    empty = tmp_path / "empty"
    empty.mkdir()
    assert CliRunner().invoke(command, [str(empty)]).exit_code == 2


def test_explore_tells_a_counter_example_and_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    file, kept = tmp_path / "note.yaml", tmp_path / "tests" / "stuck.yaml"
    file.write_text(
        "workflow: note\ntitle: 记\nabout: none\ninitial: open\nstart: {by: section_chief}\n"
        "states:\n  open: {title: 待记, for: section_chief, deadline: {3 days: suggested}}\n"
        "  waiting: {title: 等着}\n  done: {title: 办结, final: true}\n"
        "transitions:\n  - {do: go, title: 记, from: open, to: waiting}\n"
        "  - {do: end, title: 完, from: waiting, to: done, automatic: true, when: \"case.title == '别的'\"}\n",
        encoding="utf-8",
    )
    result = CliRunner().invoke(explore, [str(file), "--save", str(kept)])
    assert result.exit_code == 1, result.output
    assert "等着" in result.stdout
    assert "goes_on: true" in kept.read_text(encoding="utf-8")
    file.write_text(file.read_text(encoding="utf-8").replace(", when: \"case.title == '别的'\"", ""), "utf-8")
    assert CliRunner().invoke(explore, [str(file)]).exit_code == 0
    assert CliRunner().invoke(command, [str(kept)]).exit_code == 0
    (tmp_path / "other.yaml").write_text("form: x\n", encoding="utf-8")
    assert CliRunner().invoke(explore, [str(tmp_path / "other.yaml")]).exit_code == 1


ROOT = Path(__file__).parents[3]
SHIPPED = [path.stem for path in sorted((ROOT / "workflows" / "tests").glob("*.yaml"))]
#: Situations looked at in every run, and with ``--soak``: as many as the command looks at by itself.
FEW, MANY = 50, 200


@pytest.mark.parametrize("name", SHIPPED)
def test_no_shipped_process_is_stuck_anywhere(name: str, soak: bool) -> None:
    path = ROOT / "workflows" / f"{name}.yaml"
    result = CliRunner().invoke(explore, [str(path), "--most", str(MANY if soak else FEW)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert (result.exit_code, "停在" in result.output) == (0, False), result.output


def test_a_file_with_an_error_is_not_explored(tmp_path: Path) -> None:
    file = tmp_path / "note.yaml"
    file.write_text(
        "workflow: note\ntitle: 记\nabout: none\ninitial: open\nstart: {by: section_chief}\n"
        "states:\n  open: {title: 待记, for: section_chief, deadline: {3 days: suggested}}\n"
        "  lost: {title: 到不了, for: section_chief}\n  done: {title: 办结, final: true}\n"
        "transitions:\n  - {do: end, title: 完, from: open, to: done}\n",
        encoding="utf-8",
    )
    result = CliRunner().invoke(explore, [str(file)])
    assert result.exit_code == 1, result.output
    assert "note.yaml:8" in result.output


def test_a_beginning_nobody_can_read_is_said(tmp_path: Path) -> None:
    file, stories = tmp_path / "note.yaml", tmp_path / "tests" / "note.yaml"
    stories.parent.mkdir()
    file.write_text(
        "workflow: note\ntitle: 记\nabout: none\ninitial: open\nstart: {by: section_chief}\n"
        "states:\n  open: {title: 待记, for: section_chief, deadline: {3 days: suggested}}\n  done: {title: 办结, final: true}\n"
        "transitions:\n  - {do: end, title: 完, from: open, to: done}\n",
        encoding="utf-8",
    )
    stories.write_text("test: note\nstorys: []\n", encoding="utf-8")
    result = CliRunner().invoke(explore, [str(file)])
    assert result.exit_code == 1, result.output
    assert "storys" in result.output
