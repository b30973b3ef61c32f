from __future__ import annotations

from pathlib import Path

from command_fixtures import called

from engine.cli.definitions.workflow import group
from engine.cli.definitions.workflow_new import new


def test_five_answers_make_a_process(tmp_path: Path) -> None:
    assert new in group.commands.values()
    (tmp_path / "workflows").mkdir()
    asked = "gift\n礼品登记\nsection_chief\n\n3 months\n".encode()
    said = called(group, "new", tmp_path, typed=asked)
    assert said.code == 0, said.err
    assert said.out.split() == [
        str(tmp_path / "forms/gift_report.yaml"),
        str(tmp_path / "workflows/gift.yaml"),
        str(tmp_path / "workflows/tests/gift.yaml"),
    ]
    assert called(group, "check", tmp_path / "workflows/gift.yaml", "--strict").code == 0
    assert called(group, "test", tmp_path / "workflows", "--complete").code == 0
    words = ("--workflow", "gift", "--title", "x", "--approver", "", "--deadline", "3 days")
    assert called(group, "new", tmp_path, *words, "--handler", "section_chief").code == 2
    other = ("--workflow", "other", *words[2:])
    unknown = called(group, "new", tmp_path, *other, "--handler", "section_chef")
    assert unknown.code == 1
    assert "section_chief" in unknown.err
    assert called(group, "new", tmp_path, *other, "--handler", "甲").code == 2
