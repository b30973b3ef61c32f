"""``ssj workflow``: listed, shown, drawn, compared, tried, published."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_fixtures import called

from engine.cli.definitions.workflow import group
from engine.definition.resources import workflows_dir

AS = ("--as", "leading")
OLD = """\
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
NEW = OLD.replace("title: 完成", "title: 办完")


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    for name, text in (("old", OLD), ("new", NEW)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "errand.yaml").write_text(text, encoding="utf-8")
    return tmp_path / "old" / "errand.yaml", tmp_path / "new" / "errand.yaml"


def test_what_is_published_is_listed_and_shown(home: Path) -> None:
    rows = called(group, "list", "--json", home=home).json()
    assert "inspection" in {row["workflow"] for row in rows}
    assert {row["version"] for row in rows} == {1}
    lines = called(group, "list", home=home).out.splitlines()
    assert [line.split("\t")[0] for line in lines] == [row["workflow"] for row in rows]
    assert called(group, "show", "inspection", home=home).out != ""
    absent = called(group, "show", "no_such", home=home)
    assert (absent.code, absent.out) == (1, "")


def test_publishing_is_tried_refused_and_done(home: Path) -> None:
    (home / "workflows" / "errand.yaml").write_text(OLD, encoding="utf-8")
    dry = called(group, "publish", "--dry-run", *AS, home=home)
    assert "errand\t第 1 版\t新\n" in dry.out
    assert "仅试算，未保存。" in dry.err
    assert called(group, "publish", "--as", "insp-01", home=home).code == 1
    assert called(group, "show", "errand", home=home).code == 1
    assert called(group, "publish", *AS, "--note", "新增", home=home).out == dry.out
    assert "errand\t第 1 版\t未变\n" in called(group, "publish", *AS, home=home).out
    (row,) = [r for r in called(group, "list", "--json", home=home).json() if r["workflow"] == "errand"]
    assert (row["note"], row["published_by"]) == ("新增", "leading")
    (home / "workflows" / "errand.yaml").write_text("workflow: errand\n", encoding="utf-8")
    broken = called(group, "publish", *AS, home=home)
    assert (broken.code, broken.out) == (1, "")


def test_two_files_are_compared(files: tuple[Path, Path]) -> None:
    old, new = files
    assert called(group, "diff", old, old).code == 0
    said = called(group, "diff", old, new)
    assert (said.code, "办完" in said.out) == (0, True)
    assert called(group, "diff", "--exit-code", old, old).code == 0
    assert called(group, "diff", "--exit-code", old, new).code == 1


def test_a_workflow_is_drawn_and_tried(files: tuple[Path, Path]) -> None:
    drawing = called(group, "diagram", files[0]).out
    assert drawing.startswith("stateDiagram-v2")
    assert "s1 --> s2: 完成" in drawing
    table = called(group, "diagram", files[0], "--text").out
    assert ("完成" in table, "stateDiagram" in table) == (True, False)
    found = called(group, "simulate", files[0], "--cases", "3", "--json").json()
    assert found == called(group, "simulate", files[0], "--cases", "3", "--json").json()
    assert "待办" in called(group, "simulate", files[0], "--cases", "3").out
    alike = called(group, "simulate", files[0], "--against", files[0], "--cases", "3")
    assert alike.out.splitlines()[1:] == ["两版没有不同"]
    both = called(group, "simulate", files[0], "--against", files[0], "--cases", "3", "--json").json()
    assert both == {"before": found, "after": found}
    many = called(group, "simulate", files[0], "--cases", "3", "--objects", "200", "--json").json()
    assert many["cases"] == found["cases"]
    files[0].write_text("workflow: errand\n", encoding="utf-8")
    for words in (("diagram",), ("simulate",), ("diff", files[1])):
        assert called(group, *words, files[0]).code == 1


def test_an_editor_gets_the_schema_every_standard_file_fits() -> None:
    schema = called(group, "schema").json()
    assert schema["$schema"].startswith("http://json-schema.org/draft-07/")
    assert called(group, "check", workflows_dir()).code == 0
