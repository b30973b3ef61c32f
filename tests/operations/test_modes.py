"""Who may read what survives a backup and a restore, exactly; what a backup does not say is its owner's alone."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from engine.app.commands import Caller
from engine.deployment.clocks import SystemClock
from engine.deployment.home import SETTINGS, find_home
from engine.operations.backup import MANIFEST, back_up
from engine.operations.modes import mode_of, modes_of, put_modes, read_modes
from engine.operations.restore import restore


def modes(home: Path) -> dict[str, str]:
    """Return the mode of everything in a deployment but the marks of SQLite and of the lock."""
    return {
        path.relative_to(home).as_posix(): f"{stat.S_IMODE(path.stat().st_mode):03o}"
        for path in [home, *home.rglob("*")]
        if not path.name.startswith(("ssj.db-", "daemon.lock", "since"))
    }


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_modes_are_the_same_before_and_after(small: tuple[Path, Path], tmp_path: Path, umask: int) -> None:
    home = tmp_path / "bureau"
    shutil.copytree(small[0], home)
    (home / "templates").mkdir()
    (home / "templates").chmod(0o2750)
    (home / "templates" / "open.txt").write_text("x", encoding="utf-8")
    (home / "templates" / "open.txt").chmod(0o644)
    (home / SETTINGS).chmod(0o600)
    (home / "data" / "ssj.db").chmod(0o640)
    (home / "data").chmod(0o700)
    home.chmod(0o711)
    back_up(find_home(str(home)), Caller("leading"), tmp_path / "b.zip", SystemClock())
    import os

    before = os.umask(umask)
    try:
        restore(tmp_path / "b.zip", tmp_path / "again", SystemClock())
    finally:
        os.umask(before)
    assert modes(tmp_path / "again") == modes(home)


def test_a_backup_that_kept_no_modes_is_restored_for_its_owner_alone(
    small: tuple[Path, Path], tmp_path: Path
) -> None:
    with zipfile.ZipFile(small[1]) as old, zipfile.ZipFile(tmp_path / "old.zip", "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == MANIFEST:
                body = json.loads(data)
                del body["modes"], body["withheld"], body["whole"]
                data = json.dumps(body).encode()
            new.writestr(name, data)
    restore(tmp_path / "old.zip", tmp_path / "again", SystemClock())
    found = modes(tmp_path / "again")
    assert (found["."], found[SETTINGS], found["data"], found["data/ssj.db"]) == ("700", "600", "700", "600")


def test_modes_of_paths_and_back(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_text("", encoding="utf-8")
    file.chmod(0o4755)
    assert mode_of(file) == "755"
    assert modes_of([("f", file)]) == {"f": "755"}
    put_modes({"f": file, "d": tmp_path}, {"f": "640"})
    assert (mode_of(file), mode_of(tmp_path)) == ("640", "700")


@pytest.mark.parametrize("body", [[], {"a": 600}, {"a": "0600"}, {"a": "999"}, {1: "600"}])
def test_what_are_no_modes(body: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        read_modes(body)
