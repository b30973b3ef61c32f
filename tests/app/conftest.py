"""Deployments prepared once and copied for every test."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from draws_fixtures import CUSTODIANS, ZONE, Desk, copy_of
from earlier_definitions import earlier_version

from tests.made_once import made_once

OPENED = datetime(2026, 3, 2, 9, tzinfo=ZONE)
COPIED = datetime(2026, 3, 2, 12, tzinfo=ZONE)


@pytest.fixture(scope="session")
def fresh_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deployment with made-up registers and no case."""

    def make(folder: Path) -> None:
        home = folder / "bureau"
        with pytest.MonkeyPatch.context() as patched:
            desk = Desk(home, OPENED, patched)
            with earlier_version():
                desk.done("init", home, "--sample")
            settings = home / "settings.yaml"
            # Nobody cuts the power of a test; waiting for the disk would be most of its time.
            settings.write_text(settings.read_text("utf-8").replace("FULL", "NORMAL"), encoding="utf-8")

    return made_once(tmp_path_factory, "fresh", make) / "bureau"


@pytest.fixture(scope="session")
def planned_home(fresh_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deployment whose batch can be committed to."""

    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patched:
            copy_of(fresh_home, folder, OPENED, patched).planned()

    return made_once(tmp_path_factory, "planned", make) / "bureau"


@pytest.fixture(scope="session")
def embargoed_home(fresh_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deployment whose batch is committed to under embargo."""

    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patched:
            desk = copy_of(fresh_home, folder, COPIED, patched)
            desk.planned(profile="embargo", custodians=CUSTODIANS).committed()

    return made_once(tmp_path_factory, "embargoed", make) / "bureau"


@pytest.fixture
def kept(embargoed_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return copy_of(embargoed_home, tmp_path, COPIED.replace(hour=13), monkeypatch)


@pytest.fixture
def fresh(fresh_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return copy_of(fresh_home, tmp_path, OPENED, monkeypatch)


@pytest.fixture
def desk(planned_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return copy_of(planned_home, tmp_path, COPIED, monkeypatch)
