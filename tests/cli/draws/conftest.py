"""A batch at three moments: planned, committed to, drawn; prepared once and copied for every test."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from draws_desk import DICE, ZONE, Desk, copy_of
from earlier_definitions import earlier_version

NOON = datetime(2026, 3, 2, 12, tzinfo=ZONE)


@pytest.fixture(scope="session")
def moments(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    places = {}
    with pytest.MonkeyPatch.context() as patched:
        desk = Desk(tmp_path_factory.mktemp("batch") / "bureau", NOON.replace(hour=9), patched)
        with earlier_version():
            desk.done("init", desk.home, "--sample")
        for name, go_on in (("planned", desk.planned), ("committed", desk.committed), ("typed", desk.typed)):
            go_on()
            places[name] = shutil.copytree(desk.home, desk.home.parent / name)
        desk.takes("draw_objects", "witness", {"entropy": DICE, "seen_original": True})
        places["drawn"] = desk.home
    return places


@pytest.fixture
def planned(moments: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return copy_of(moments["planned"], tmp_path, NOON, monkeypatch)


@pytest.fixture
def committed(moments: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return copy_of(moments["committed"], tmp_path, NOON, monkeypatch)


@pytest.fixture
def drawn(moments: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return copy_of(moments["drawn"], tmp_path, NOON, monkeypatch)
