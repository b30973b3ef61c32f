"""``ssj init``: a deployment made in an empty folder, and in no other."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from command_fixtures import called, done

from engine.authoring.editor_settings import FIRST_LINE
from engine.cli.system.init import init
from engine.definition.resources import workflows_dir


def test_a_deployment_is_made_once(tmp_path: Path) -> None:
    place = tmp_path / "bureau"
    made = called(init, place)
    assert (made.code, made.out.startswith(f"已建立 {place}：")) == (0, True)
    assert f"export SSJ_HOME={place}" in made.err
    # Nobody is known yet: what comes next is people, and it works.
    assert "ssj register import people" in made.err
    assert "task list" not in made.err
    people = tmp_path / "people.csv"
    people.write_text("人员编号,姓名,角色\nlead-1,示例甲,leading_office\n", encoding="utf-8")
    done("register", "import", "people", people, "--as", "system", home=place)
    done("task", "list", "--as", "lead-1", home=place)
    assert all((place / name).exists() for name in ("settings.yaml", "workflows", "forms"))
    # An editor finds the schema by the first line of each definition and by the settings.
    assert "definitions" in json.loads((place / "schema.json").read_text(encoding="utf-8"))
    assert "schema.json" in (place / ".vscode" / "settings.json").read_text(encoding="utf-8")
    definitions = [*place.glob("workflows/*.yaml"), *place.glob("forms/*.yaml")]
    assert len(definitions) > 100
    assert all(file.read_text(encoding="utf-8").startswith(FIRST_LINE) for file in definitions)
    assert (place / "workflows" / FIRST_LINE.split("=")[1].strip()).resolve() == (
        place / "schema.json"
    ).resolve()
    before = sorted(place.rglob("*.yaml"))
    again = called(init, place)
    assert (again.code, again.out) == (2, "")
    assert sorted(place.rglob("*.yaml")) == before
    assert called(init).code == 2


def test_a_sample_says_what_can_be_looked_at(tmp_path: Path) -> None:
    made = called(init, tmp_path / "bureau", "--sample")
    assert "ssj task list" in made.err
    done("task", "list", home=tmp_path / "bureau")


def test_definitions_that_cannot_be_published_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, shipped = tmp_path / "bureau", tmp_path / "shipped"
    shutil.copytree(workflows_dir(), shipped)
    (shipped / "broken.yaml").write_text("workflow: broken\n", encoding="utf-8")
    monkeypatch.setattr("engine.deployment.set_up.workflows_dir", lambda: shipped)
    refused = called(init, place)
    assert (refused.code, refused.out) == (1, "")
    assert "定义中有" in refused.err
    assert "ssj workflow check" in refused.err
    # Corrected, the same command goes on.
    (place / "workflows" / "broken.yaml").unlink()
    assert called(init, place).out.startswith(f"已建立 {place}：")
