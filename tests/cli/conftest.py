"""A deployment with made-up registers, and one without, each made once and copied for every test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_fixtures import done

from tests.made_once import made_once


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    def make(place: Path) -> None:
        done("init", place / "sample", "--sample")
        done("init", place / "bare")
        for name in ("sample", "bare"):
            # Nobody cuts the power of a test; waiting for the disk would be most of its time.
            settings = place / name / "settings.yaml"
            settings.write_text(settings.read_text("utf-8").replace("FULL", "NORMAL"), encoding="utf-8")

    place = made_once(tmp_path_factory, "sample-and-bare", make)
    return place / "sample", place / "bare"


@pytest.fixture(autouse=True)
def quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSJ_HOME", "SSJ_LANG", "SSJ_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def home(made: tuple[Path, Path], tmp_path: Path) -> Path:
    shutil.copytree(made[0], tmp_path / "bureau")
    return tmp_path / "bureau"


@pytest.fixture
def bare(made: tuple[Path, Path], tmp_path: Path) -> Path:
    shutil.copytree(made[1], tmp_path / "bare")
    return tmp_path / "bare"


@pytest.fixture(scope="session")
def made_with_case(made: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = shutil.copytree(made[0], tmp_path_factory.mktemp("with-case") / "bureau")
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    return home


@pytest.fixture
def with_case(made_with_case: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made_with_case, tmp_path / "bureau")
