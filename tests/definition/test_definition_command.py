"""``check`` as people run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from definition_examples import BUREAU, FOLLOW_UP, FORM, PARENT, workflow_text

from engine.cli.definitions.workflow_check import check
from engine.definition.file_discovery import definition_files, surrounding_files
from engine.definition.resources import forms_dir, workflows_dir

BROKEN = workflow_text(
    "states:\n  open: {title: 待办, for: clrek, no deadline: 示例}\n  done: {title: 办结, final: true}\n"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for folder in ("workflows", "forms", ".hidden"):
        (tmp_path / folder).mkdir()
    (tmp_path / "bureau.yaml").write_text(BUREAU, encoding="utf-8")
    (tmp_path / "settings.yaml").write_text("port: 80\n", encoding="utf-8")
    (tmp_path / "workflows" / "parent.yaml").write_text(
        PARENT.replace("{title: 待办, for: clerk}", "{title: 待办, for: clerk, no deadline: 示例}"),
        encoding="utf-8",
    )
    (tmp_path / "workflows" / "follow_up.yaml").write_text(FOLLOW_UP, encoding="utf-8")
    (tmp_path / "forms" / "onsite_check.yaml").write_text(FORM, encoding="utf-8")
    return tmp_path


def run(*arguments: object, stdin: str | None = None):
    return CliRunner().invoke(check, [str(argument) for argument in arguments], input=stdin)


def test_a_sound_deployment(home):
    result = run(home)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "4 个文件" in result.stderr


def test_a_single_file_finds_its_neighbours(home):
    assert run(home / "workflows" / "parent.yaml").exit_code == 0
    assert run(home / "forms" / "onsite_check.yaml").exit_code == 0


def test_problems_are_told_on_stdout_and_by_exit_code(home):
    file = home / "workflows" / "demo.yaml"
    file.write_text(BROKEN, encoding="utf-8")
    result = run(file)
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{file}:3:26: ")
    rows = json.loads(run(file, "--format", "json").stdout)
    assert [(row["line"], row["column"], row["rule"]) for row in rows] == [(3, 26, "unknown-role")]
    assert run(file, "--format", "github").stdout.startswith("::error file=")


def test_json_of_no_problems_is_an_empty_array(home):
    assert json.loads(run(home, "--format", "json").stdout) == []


def test_standard_input(home, monkeypatch):
    monkeypatch.chdir(home)
    result = run("-", stdin=BROKEN)
    assert result.exit_code == 1
    assert result.stdout.startswith("<stdin>:3:26: ")


def test_warnings_matter_only_when_strict(tmp_path):
    for folder in ("workflows", "forms"):
        (tmp_path / folder).mkdir()
    (tmp_path / "settings.yaml").write_text("site: public\n", encoding="utf-8")
    file = tmp_path / "workflows" / "demo.yaml"
    file.write_text(workflow_text(), encoding="utf-8")
    assert run(file).exit_code == 0
    assert "unknown-role" in run(file).stdout
    assert run(file, "--strict").exit_code == 1


def test_wrong_usage(tmp_path):
    assert run().exit_code == 2
    assert run(tmp_path / "nothing.yaml").exit_code == 2
    assert run(tmp_path).exit_code == 2
    assert run("-", "--format", "xml").exit_code == 2


def test_a_file_alone_is_looked_at_among_the_standard_ones(tmp_path):
    file = tmp_path / "demo.yaml"
    file.write_text(workflow_text(), encoding="utf-8")
    around = surrounding_files([file])
    assert set(around) >= set(workflows_dir().glob("*.yaml")) | set(forms_dir().glob("*.yaml"))
    assert definition_files(tmp_path) == [file]


def test_a_deployment_is_its_definitions_only(home):
    names = [path.name for path in definition_files(home)]
    assert names == ["bureau.yaml", "follow_up.yaml", "parent.yaml", "onsite_check.yaml"]


def test_the_standard_processes_are_sound():
    result = run(workflows_dir(), forms_dir())
    assert result.exit_code == 0, result.stdout
