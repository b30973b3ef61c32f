"""``check``: every problem at once, in the shape that is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_fixtures import called

from engine.cli.definitions.workflow_check import check

GOOD = """\
workflow: errand
title: 差事
about: none
initial: open
start: {by: leading_office}
states:
  open: {title: 待办, for: leading_office}
  closed: {title: 办结, final: true}
transitions:
  - {do: finish, title: 完成, from: open, to: closed}
"""
BAD = GOOD.replace("to: closed", "to: clsoed")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "errand.yaml").write_text(GOOD, encoding="utf-8")
    return tmp_path / "errand.yaml"


def test_a_sound_file(file: Path) -> None:
    said = called(check, file)
    assert (said.code, said.err.startswith("查了 1 个文件：0 个错误")) == (0, True)


def test_a_wrong_file_in_each_shape(file: Path) -> None:
    file.write_text(BAD, encoding="utf-8")
    text = called(check, file)
    assert (text.code, "clsoed" in text.out, "1 个错误" in text.err) == (1, True, True)
    found = called(check, file, "--format", "json")
    (problem,) = [one for one in found.json() if one["severity"] == "error"]
    assert (found.code, found.err, problem["line"]) == (1, "", 10)
    assert called(check, file, "--format", "github").out.startswith("::")


def test_standard_input_is_a_file_too() -> None:
    assert called(check, "-", typed=GOOD.encode()).code == 0
    wrong = called(check, "-", "--format", "json", typed=BAD.encode())
    assert wrong.code == 1
    assert {one["file"] for one in json.loads(wrong.out)} == {"<stdin>"}


def test_wrong_usage(tmp_path: Path) -> None:
    assert called(check).code == 2
    assert "没有这个文件或目录：" in called(check, tmp_path / "absent").err
    (tmp_path / "empty").mkdir()
    empty = called(check, tmp_path / "empty")
    assert (empty.code, "里没有 YAML 文件" in empty.err) == (2, True)


def test_a_warning_fails_only_when_strict(file: Path) -> None:
    file.write_text(GOOD.replace("about: none", "about: none\nx-own: 1"), encoding="utf-8")
    loose, strict = called(check, file, "--format", "json"), called(check, file, "--strict")
    warned = any(one["severity"] == "warning" for one in loose.json())
    wrong = any(one["severity"] == "error" for one in loose.json())
    assert loose.code == int(wrong)
    assert strict.code == int(wrong or warned)
