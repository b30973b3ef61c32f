"""A batch at three moments: planned, committed to, drawn; prepared once and copied for every test."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from draws_fixtures import DICE, ZONE, Desk, copy_of
from earlier_definitions import earlier_version

from tests.made_once import made_once

NOON = datetime(2026, 3, 2, 12, tzinfo=ZONE)


@pytest.fixture(scope="session")
def moments(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patched:
            desk = Desk(folder / "drawn", NOON.replace(hour=9), patched)
            with earlier_version():
                desk.done("init", desk.home, "--sample")
            for name, go_on in (
                ("planned", desk.planned),
                ("committed", desk.committed),
                ("typed", desk.typed),
            ):
                go_on()
                shutil.copytree(desk.home, folder / name)
            desk.takes("draw_objects", "witness", {"entropy": DICE, "seen_original": True})

    folder = made_once(tmp_path_factory, "moments", make)
    return {name: folder / name for name in ("planned", "committed", "typed", "drawn")}


@pytest.fixture
def planned(moments: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return copy_of(moments["planned"], tmp_path, NOON, monkeypatch)


@pytest.fixture
def committed(moments: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return copy_of(moments["committed"], tmp_path, NOON, monkeypatch)


@pytest.fixture
def drawn(moments: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return copy_of(moments["drawn"], tmp_path, NOON, monkeypatch)
