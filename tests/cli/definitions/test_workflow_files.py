from __future__ import annotations

from pathlib import Path

import pytest
from command_fixtures import called

from engine.cli.definitions.workflow import group
from engine.cli.definitions.workflow_files import files_beside, workflows_of
from engine.cli.exits import CommandError
from engine.definition.resources import forms_dir, workflows_dir


def test_a_file_gives_its_workflow_and_one_without_is_refused(tmp_path: Path) -> None:
    assert [one.id for one in workflows_of(workflows_dir() / "callback.yaml")] == ["callback"]
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("workflow: wrong\n", encoding="utf-8")
    with pytest.raises(CommandError):
        workflows_of(wrong)
    assert forms_dir().is_dir()


FORM = "form: given\ntitle: 给出\nfields:\n  - note: {title: 说明}\n"
FLOW = """workflow: alone
title: 单独
about: none
initial: open
start: {by: section_chief}
states:
  open: {title: 待办, for: section_chief, deadline: {3 days: suggested}}
  closed: {title: 办结, final: true}
transitions:
  - {do: give, title: 给出, from: open, to: closed, form: given}
"""


def test_a_file_of_no_deployment_is_read_with_those_beside_it(tmp_path: Path) -> None:
    flow, form = tmp_path / "alone.yaml", tmp_path / "given.yaml"
    flow.write_text(FLOW, encoding="utf-8")
    with pytest.raises(CommandError, match="given"):
        workflows_of(flow)
    form.write_text(FORM, encoding="utf-8")
    # What is wrong with others beside it is not said of this one.
    (tmp_path / "other.yaml").write_text("workflow: other\n", encoding="utf-8")
    assert [one.id for one in workflows_of(flow)] == ["alone"]
    assert [one.name for one in files_beside(flow)] == ["given.yaml", "other.yaml"]
    assert "办结 1 件" in called(group, "simulate", flow, "--cases", "1").out
    assert files_beside(workflows_dir() / "callback.yaml") == []
    assert files_beside(tmp_path) == []
