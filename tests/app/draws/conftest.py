"""A planned batch of the shipped definitions, prepared once and copied for every test."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from draws_fixtures import ZONE
from public_fixtures import PublicDesk, public_copy
from register_keeper import Keeper

from tests.made_once import made_once

OPENED = datetime(2026, 3, 2, 9, tzinfo=ZONE)
COPIED = OPENED.replace(hour=12)


@pytest.fixture(scope="session")
def shipped_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        home = folder / "bureau"
        with pytest.MonkeyPatch.context() as patched:
            desk = PublicDesk(home, OPENED, patched)
            desk.done("init", home, "--sample")
            settings = home / "settings.yaml"
            # Nobody cuts the power of a test; waiting for the disk would be most of its time.
            settings.write_text(settings.read_text("utf-8").replace("FULL", "NORMAL"), encoding="utf-8")

    return made_once(tmp_path_factory, "shipped", make) / "bureau"


@pytest.fixture(scope="session")
def planned_publicly(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patched:
            public_copy(shipped_home, folder, OPENED, patched).planned()

    return made_once(tmp_path_factory, "planned-publicly", make) / "bureau"


@pytest.fixture(scope="session")
def planned_with_notary(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patched:
            public_copy(shipped_home, folder, OPENED, patched).real_party().planned()

    return made_once(tmp_path_factory, "planned-with-notary", make) / "bureau"


@pytest.fixture(scope="session")
def drawn_publicly(planned_publicly: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, datetime]:
    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patched:
            desk = public_copy(planned_publicly, folder, COPIED, patched).drawn_objects()
        (folder / "now").write_text(desk.clock.now().isoformat(), encoding="utf-8")

    folder = made_once(tmp_path_factory, "drawn-publicly", make)
    return folder / "bureau", datetime.fromisoformat((folder / "now").read_text("utf-8"))


@pytest.fixture
def public(planned_publicly: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PublicDesk:
    return public_copy(planned_publicly, tmp_path, COPIED, monkeypatch)


@pytest.fixture
def notary(planned_with_notary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PublicDesk:
    return public_copy(planned_with_notary, tmp_path, COPIED, monkeypatch)


@pytest.fixture
def drawn(
    drawn_publicly: tuple[Path, datetime], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> PublicDesk:
    return public_copy(drawn_publicly[0], tmp_path, drawn_publicly[1], monkeypatch)


@pytest.fixture
def keeper(public: PublicDesk, tmp_path: Path) -> Keeper:
    return Keeper(public, tmp_path)
