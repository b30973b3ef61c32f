from __future__ import annotations

from pathlib import Path

import pytest

from engine.cli.definitions.workflow_files import workflows_of
from engine.cli.exits import CommandError
from engine.definition.resources import forms_dir, workflows_dir


def test_a_file_gives_its_workflow_and_one_without_is_refused(tmp_path: Path) -> None:
    assert [one.id for one in workflows_of(workflows_dir() / "callback.yaml")] == ["callback"]
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("workflow: wrong\n", encoding="utf-8")
    with pytest.raises(CommandError):
        workflows_of(wrong)
    assert forms_dir().is_dir()
