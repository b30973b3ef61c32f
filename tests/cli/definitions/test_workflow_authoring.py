"""``fmt``, ``explain`` and ``impact`` on the command line."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from engine.cli.definitions.workflow_authoring import explain, fmt


def test_fmt_checks_and_writes(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("form: a   # 一\ntitle:  甲\n", encoding="utf-8")
    result = CliRunner().invoke(fmt, ["--check", str(file)])
    assert (result.exit_code, result.output.strip()) == (1, str(file))
    assert CliRunner().invoke(fmt, [str(file)]).exit_code == 0
    assert file.read_text(encoding="utf-8") == "form: a   # 一\ntitle: 甲\n"
    assert CliRunner().invoke(fmt, ["--check", str(file)]).exit_code == 0


def test_explain() -> None:
    assert "后续处置" in CliRunner().invoke(explain, ["follow_up.rectify_due"]).output
    missing = CliRunner().invoke(explain, ["read-before-writen"])
    assert missing.exit_code == 1
    assert "read-before-written" in missing.output
