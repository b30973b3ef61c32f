"""Which files a path stands for, and which stand around it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.definition.file_discovery import (
    definition_files,
    own_and_standard,
    site_file,
    standard_bureau,
    standard_site,
    surrounding_files,
)
from engine.definition.library import load_paths
from engine.definition.resources import forms_dir, workflows_dir


@pytest.fixture
def deployment(tmp_path: Path) -> Path:
    """A deployment with a bureau, settings, two workflows, a form and things that are no definitions."""
    home = tmp_path / "deployment"
    for name, text in {
        "bureau.yaml": "# 单位\nbureau: b\n",
        "单位.yml": "单位：b\n",
        "settings.yaml": "store: x\n",
        "notes.yaml": "about the bureau: no\n",
        "bureau.txt": "bureau: b\n",
        "workflows/b.yaml": "workflow: b\n",
        "workflows/a/a.yml": "workflow: a\n",
        "workflows/.hidden/c.yaml": "workflow: c\n",
        "workflows/readme.md": "x",
        "forms/f.yaml": "form: f\n",
        "forms/templates/duties.yaml": "powers: []\n",
        "calendars/2026.yaml": "year: 2026\n",
    }.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return home


def names(paths: list[Path], under: Path) -> list[str]:
    return [path.relative_to(under).as_posix() for path in paths]


def test_a_file_stands_for_itself_whether_it_is_there_or_not(tmp_path: Path) -> None:
    assert definition_files(tmp_path / "none.yaml") == [tmp_path / "none.yaml"]


def test_a_deployment_stands_for_its_definitions(deployment: Path) -> None:
    assert names(definition_files(deployment), deployment) == [
        "bureau.yaml", "单位.yml", "workflows/a/a.yml", "workflows/b.yaml", "forms/f.yaml",
    ]  # fmt: skip


def test_any_other_directory_stands_for_every_yaml_file_under_it(deployment: Path) -> None:
    assert names(definition_files(deployment / "workflows"), deployment) == [
        "workflows/a/a.yml",
        "workflows/b.yaml",
    ]
    assert names(definition_files(deployment / "calendars"), deployment) == ["calendars/2026.yaml"]


@pytest.mark.parametrize("asked", [".", "workflows/b.yaml", "workflows/a/a.yml", "bureau.yaml", "forms"])
def test_around_a_part_of_a_deployment_stands_the_deployment(deployment: Path, asked: str) -> None:
    found = surrounding_files([deployment / asked])
    assert names(found, deployment.resolve()) == [
        "bureau.yaml", "单位.yml", "workflows/a/a.yml", "workflows/b.yaml", "forms/f.yaml",
    ]  # fmt: skip


def test_what_a_folder_without_settings_lacks_may_be_standard(deployment: Path, tmp_path: Path) -> None:
    (deployment / "settings.yaml").unlink()
    found = surrounding_files([deployment, deployment / "forms" / "f.yaml"])
    assert names(found[:5], deployment.resolve())[-1] == "forms/f.yaml"
    assert all(path.is_relative_to(workflows_dir()) or path.is_relative_to(forms_dir()) for path in found[5:])
    assert standard_bureau() in found
    assert len(found) == len(set(found))
    alone = tmp_path / "alone"
    alone.mkdir()
    assert set(surrounding_files([alone])) == set(found[5:])


def test_what_a_folder_has_of_its_own_stands_for_the_standard_definition_of_the_same_name(
    deployment: Path,
) -> None:
    (deployment / "settings.yaml").unlink()
    shutil.copy(standard_bureau(), deployment / "bureau.yaml")
    (deployment / "单位.yml").unlink()
    shutil.copy(workflows_dir() / "annual_plan.yaml", deployment / "workflows" / "b.yaml")
    (deployment / "workflows" / "a" / "a.yml").unlink()
    (deployment / "forms" / "f.yaml").unlink()
    asked = deployment / "workflows" / "b.yaml"
    own, standard = own_and_standard(asked)
    assert own[0] == asked
    assert names(own, deployment.resolve()) == ["workflows/b.yaml", "bureau.yaml"]
    assert standard_bureau() in standard
    loaded = load_paths(own, context=standard)
    assert loaded.sound, loaded.problems
    assert loaded.library.places["workflow", "annual_plan"] == str(asked)
    # A standard file asked for is one of its own, and the others hold beside it.
    own, standard = own_and_standard(workflows_dir() / "annual_plan.yaml")
    assert own == [workflows_dir() / "annual_plan.yaml"]
    assert load_paths(own, context=standard).sound


def test_a_deployment_with_settings_but_no_forms_has_the_standard_ones(deployment: Path) -> None:
    shutil.rmtree(deployment / "forms")
    found = surrounding_files([deployment])
    assert any(path.is_relative_to(forms_dir()) for path in found)
    assert not any(path.is_relative_to(workflows_dir()) for path in found)


def test_the_page_types_are_the_deployments_own_or_the_standard_ones(deployment: Path) -> None:
    assert site_file(deployment) == standard_site() == workflows_dir() / "page_types.yaml"
    own = deployment / "workflows" / "pages.yaml"
    own.write_bytes(b"\xef\xbb\xbf\xe5\x85\xac\xe7\xa4\xba\xe7\xbd\x91\xe7\xab\x99: public\n")
    assert site_file(deployment) == own
    assert site_file(deployment / "none") == standard_site()


def test_only_the_beginning_of_a_file_is_looked_at(deployment: Path) -> None:
    (deployment / "late.yaml").write_text("#" * 5000 + "\nbureau: b\n", encoding="utf-8")
    assert "late.yaml" not in names(definition_files(deployment), deployment)


def test_the_standard_files_are_there() -> None:
    assert standard_bureau().is_file()
    assert standard_site().is_file()
