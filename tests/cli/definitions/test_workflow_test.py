"""``ssj workflow test``: exit codes and both formats."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

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
